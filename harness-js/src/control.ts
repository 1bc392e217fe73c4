/** A client of the org's control API, `/_mock`; `GET /_mock/openapi.json` describes all of it. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A document in the words of a seed file: `{ users: [...], clients: [...] }`. */
export type SeedDocument = { [key: string]: unknown };

export interface User {
  login: string;
  password: string;
  profile?: Record<string, unknown>;
  groups?: string[];
  status?: string;
  factors?: Record<string, unknown>[];
}

export interface Client {
  client_id: string;
  name: string;
  type: string;
  client_secret?: string;
  login_redirect_uris: string[];
  logout_redirect_uris: string[];
  grant_types: string[];
}

export interface OrgUser {
  id: string;
  login: string;
  password: string;
  status: string;
  factors: { id: string; factor: string; secret?: string }[];
}

/** The org's URL, its issuers by the authorization server's id, and who is in it. */
export interface OrgFacts {
  url: string;
  engine: "classic" | "identity";
  issuers: Record<string, string>;
  users: OrgUser[];
  clients: Client[];
  trusted_origins: string[];
}

/** A message that Okta would have sent. */
export interface Message {
  id: string;
  channel: "email" | "sms" | "call" | "push";
  to: string;
  template: string;
  subject: string;
  text: string;
  passcode?: string;
  link?: string;
  created_at: string;
}

export interface Push {
  id: string;
  user_id: string;
  login: string;
  purpose: "sign-in" | "enrollment";
  answer: string;
  number?: number;
}

/** A request that the org recorded, with the reasons for its answer. */
export interface RecordedRequest {
  id: string;
  at: string;
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  body: string;
  client_id: string | null;
  user: string | null;
  status: number | null;
  response_body: string;
  remarks: string[];
  fault: string | null;
}

/** Which recorded requests to return; `*` in `path` stands for any characters. */
export interface WantedRequests {
  method?: string;
  path?: string;
  client_id?: string;
  user?: string;
  status?: number;
}

/** `{ kind: "status", status: 503, path: "/oauth2/default/v1/token", times: 2 }` and so on. */
export interface Fault {
  kind: string;
  path?: string;
  method?: string;
  client_id?: string;
  user?: string;
  times?: number;
  [setting: string]: unknown;
}

export interface PlannedFault {
  id: string;
  fired: number;
  left: number;
  fault: Fault;
}

export type UserVerb =
  | "activate"
  | "reactivate"
  | "deactivate"
  | "suspend"
  | "unsuspend"
  | "unlock"
  | "expire_password"
  | "reset_password";

export interface ClockReading {
  now: string;
  frozen: boolean;
}

const WITHIN_MILLISECONDS = 10_000;
const PAUSE_MILLISECONDS = 50;

/** The control API answered with an error. */
export class ControlError extends Error {
  override readonly name = "ControlError";

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

class Connection {
  constructor(
    readonly url: string,
    private readonly token: string | undefined,
  ) {}

  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = {};
    if (body !== undefined) headers["content-type"] = "application/json";
    if (this.token) headers["authorization"] = `Bearer ${this.token}`;
    const answer = await fetch(`${this.url}/_mock${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) {
      throw new ControlError(answer.status, `${method} /_mock${path}: ${answer.status} ${text}`);
    }
    return (text ? JSON.parse(text) : undefined) as T;
  }
}

/** The org's clock. */
export class Clock {
  constructor(private readonly connection: Connection) {}

  /** Return the org's time. */
  async now(): Promise<Date> {
    return new Date((await this.connection.ask<ClockReading>("GET", "/clock")).now);
  }

  /** Move the clock forward; back, if `seconds` is negative. */
  async advance(seconds: number): Promise<void> {
    await this.connection.ask("POST", "/clock/advance", { seconds });
  }

  /** Set the clock; one that is not frozen goes on from there. */
  async set(now: Date): Promise<void> {
    await this.connection.ask("PUT", "/clock", { now: now.toISOString() });
  }

  /** Stop the clock, now or at the given time. */
  async freeze(at?: Date): Promise<void> {
    await this.connection.ask("PUT", "/clock", {
      frozen: true,
      ...(at ? { now: at.toISOString() } : {}),
    });
  }

  /** Let a frozen clock run again. */
  async resume(): Promise<void> {
    await this.connection.ask("PUT", "/clock", { frozen: false });
  }
}

/** The messages that the org would have sent. */
export class Outbox {
  constructor(private readonly connection: Connection) {}

  /** Return all messages, oldest first. */
  async messages(): Promise<Message[]> {
    return (await this.connection.ask<{ messages: Message[] }>("GET", "/outbox")).messages;
  }

  /**
   * Wait for a message, and return the newest that matches and comes after `after`.
   *
   * `to` is an address or a phone number, `within` milliseconds.
   */
  async wait(
    wanted: {
      to?: string;
      channel?: Message["channel"];
      after?: Message | undefined;
      within?: number;
    } = {},
  ): Promise<Message> {
    const found = await eventually(async () => {
      const messages = await this.messages();
      const after = messages.findIndex((each) => each.id === wanted.after?.id);
      return messages
        .slice(after + 1)
        .filter((each) => !wanted.to || each.to === wanted.to)
        .filter((each) => !wanted.channel || each.channel === wanted.channel)
        .at(-1);
    }, wanted.within);
    if (found) return found;
    const there = (await this.messages()).map((each) => `${each.channel} to ${each.to}`);
    const asked = [wanted.channel, wanted.to && `to ${wanted.to}`].filter(Boolean).join(" ");
    throw new Error(`No message ${asked} came, but: ${there.join(", ") || "none"}`);
  }

  /** Remove all messages. */
  async empty(): Promise<void> {
    await this.connection.ask("DELETE", "/outbox");
  }
}

/** An org that runs, seen by a test: what is in it, and what a test may change. */
export class Okta {
  readonly outbox: Outbox;
  readonly clock: Clock;
  private readonly connection: Connection;

  constructor(
    readonly url: string,
    token?: string,
  ) {
    this.connection = new Connection(url, token);
    this.outbox = new Outbox(this.connection);
    this.clock = new Clock(this.connection);
  }

  /** Return the issuer of an authorization server, or the org's own for `""`. */
  issuer(authorizationServer = "default"): string {
    return authorizationServer ? `${this.url}/oauth2/${authorizationServer}` : this.url;
  }

  /** Return users, clients and settings of the org. */
  async org(): Promise<OrgFacts> {
    return this.connection.ask("GET", "/org");
  }

  /** Add what the document names; what has the same key is replaced. */
  async seed(document: SeedDocument): Promise<void> {
    await this.connection.ask("PUT", "/seed", document);
  }

  /** Add a user. */
  async addUser(user: User): Promise<User> {
    const profile = { firstName: "Test", lastName: "User", email: user.login, ...user.profile };
    await this.seed({ users: [{ groups: ["Everyone"], ...user, profile }] });
    return user;
  }

  /** Add an app, in the words of the admin console; its base URIs become trusted origins. */
  async addApp(app: { name: string } & Record<string, unknown>): Promise<void> {
    await this.seed({ clients: [{ type: "spa", ...app }] });
  }

  /** Bring the org back to its first seed: no sessions, tokens or messages, real time. */
  async reset(): Promise<void> {
    await this.connection.ask("POST", "/reset");
  }

  /** Change a user's status, by login or id. */
  async changeUser(user: string, verb: UserVerb): Promise<void> {
    await this.connection.ask("POST", `/users/${encodeURIComponent(user)}/lifecycle/${verb}`);
  }

  /** End all sessions, or those of a user. */
  async endSessions(user?: string): Promise<void> {
    await this.connection.ask("DELETE", `/sessions${query({ user })}`);
  }

  /** Mint tokens without a sign-in; `wanted` is the body of `POST /_mock/tokens`. */
  async mint(wanted: Record<string, unknown> = {}): Promise<Record<string, Json>> {
    return this.connection.ask("POST", "/tokens", wanted);
  }

  /** Return the requests that the org recorded and that match, oldest first. */
  async requests(wanted: WantedRequests = {}): Promise<RecordedRequest[]> {
    const path = `/requests${query({ ...wanted })}`;
    return (await this.connection.ask<{ requests: RecordedRequest[] }>("GET", path)).requests;
  }

  /** Answer the next requests that match with faults. */
  async planFault(...faults: Fault[]): Promise<PlannedFault[]> {
    return (await this.connection.ask<{ faults: PlannedFault[] }>("POST", "/faults", faults)).faults;
  }

  /** Approve the newest push that waits; a number challenge gets the right number by default. */
  async approvePush(user?: string, number?: number): Promise<Push> {
    return this.answerPush("approve", user, number);
  }

  /** Reject the newest push that waits. */
  async rejectPush(user?: string): Promise<Push> {
    return this.answerPush("deny", user);
  }

  private async answerPush(answer: "approve" | "deny", user?: string, number?: number) {
    const push = await eventually(async () => {
      const path = `/push${query({ user })}`;
      const { pushes } = await this.connection.ask<{ pushes: Push[] }>("GET", path);
      return pushes.filter((each) => each.answer === "WAITING").at(-1);
    });
    if (!push) throw new Error(`No push waits${user ? ` for ${user}` : ""}.`);
    const body = { answer, ...(number === undefined ? {} : { number }) };
    return this.connection.ask<Push>("POST", `/push/${push.id}`, body);
  }
}

function query(parameters: Record<string, string | number | undefined>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const written = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return given.length ? `?${written}` : "";
}

async function eventually<T>(
  look: () => Promise<T | undefined>,
  within = WITHIN_MILLISECONDS,
): Promise<T | undefined> {
  const deadline = Date.now() + within;
  for (;;) {
    const found = await look();
    if (found !== undefined || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
  }
}
