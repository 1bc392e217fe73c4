import { createHash } from "node:crypto";
import { expect, test, Okta, Server } from "../src";

test("the org has the default apps and signs tokens that its keys verify", async ({ okta }) => {
  const { clients, issuers } = await okta.org();
  expect(clients.map((each) => each.type)).toContain("spa");
  expect(issuers["default"]).toBe(okta.issuer());
  const discovery = await fetch(`${okta.issuer()}/.well-known/openid-configuration`);
  expect((await discovery.json()).issuer).toBe(okta.issuer());
});

for (const turn of [1, 2]) {
  test(`a test sees nothing of an earlier one (${turn})`, async ({ okta }) => {
    const { users } = await okta.org();
    expect(users.map((each) => each.login)).not.toContain("left@example.com");
    await okta.addUser({ login: "left@example.com", password: "mock-Password-1" });
    await okta.clock.freeze(new Date("2030-01-01T00:00:00Z"));
  });
}

test("the clock can be frozen, moved and resumed", async ({ clock }) => {
  await clock.freeze(new Date("2030-01-01T00:00:00Z"));
  await clock.advance(90);
  expect(await clock.now()).toEqual(new Date("2030-01-01T00:01:30Z"));
  await clock.set(new Date("2031-01-01T00:00:00Z"));
  expect(await clock.now()).toEqual(new Date("2031-01-01T00:00:00Z"));
  await clock.resume();
  expect((await clock.now()).getTime()).toBeGreaterThan(Date.parse("2031-01-01T00:00:00Z"));
});

test("a planned fault fires once, and the request says why", async ({ okta }) => {
  await okta.planFault({ kind: "status", status: 503, path: "/oauth2/default/v1/keys" });
  const keys = `${okta.issuer()}/v1/keys`;
  expect((await fetch(keys)).status).toBe(503);
  expect((await fetch(keys)).status).toBe(200);
  const [refused] = await okta.requests({ path: "*/keys", status: 503 });
  expect(refused?.fault).toBeTruthy();
});

test("a message of the org can be waited for", async ({ okta, outbox }) => {
  await okta.addUser({ login: "reader@example.com", password: "mock-Password-1" });
  const asked = outbox.wait({ to: "reader@example.com", channel: "email" });
  await okta.changeUser("reader@example.com", "reset_password");
  expect((await asked).link).toContain(okta.url);
  await outbox.empty();
  await expect(outbox.wait({ within: 0 })).rejects.toThrow("but: none");
});

test("an app redeems a code with PKCE in the signed-in page", async ({ okta, signedInPage }) => {
  const callback = "http://localhost:9/callback";
  await okta.addApp({ name: "Tried", client_id: "0oatried", login_redirect_uris: [callback] });
  const verifier = "v".repeat(43);
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const asked = new URLSearchParams({
    client_id: "0oatried",
    response_type: "code",
    scope: "openid",
    state: "s",
    redirect_uri: callback,
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  const back = signedInPage.waitForRequest((request) => request.url().startsWith(callback));
  await signedInPage.goto(`${okta.issuer()}/v1/authorize?${asked}`).catch(() => undefined);
  const code = new URL((await back).url()).searchParams.get("code");
  const answer = await fetch(`${okta.issuer()}/v1/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: "0oatried",
      code: code ?? "",
      code_verifier: verifier,
      redirect_uri: callback,
    }),
  });
  const tokens = await answer.json();
  expect(answer.status, JSON.stringify(tokens)).toBe(200);
  expect(tokens.id_token).toBeTruthy();
});

test("a command that cannot be run is told", async () => {
  const started = Server.start({ command: "no-such-mock-okta" });
  await expect(started).rejects.toThrow("no-such-mock-okta serve cannot be run");
});

test("what mock-okta refuses is told", async () => {
  const started = Server.start({ arguments: ["--no-such-option"] });
  await expect(started).rejects.toThrow("No such option");
});

test("an org that runs already can be used", async ({ okta }) => {
  const same = new Okta(okta.url);
  await same.addUser({ login: "other@example.com", password: "mock-Password-1" });
  const { users } = await okta.org();
  expect(users.map((each) => each.login)).toContain("other@example.com");
});
