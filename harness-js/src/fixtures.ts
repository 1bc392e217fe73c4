/** The fixtures: an org for each worker, as it was at its start for each test. */

import { test as base, type Page } from "@playwright/test";
import { Okta, type Clock, type Outbox, type User } from "./control";
import { Server, type ServerOptions } from "./server";

/** Options for `use` in the configuration; they hold for a whole worker. */
export interface OktaWorkerOptions {
  /** How to start the org of each worker. */
  oktaServer: ServerOptions;
  /** The URL of an org that runs already; then none is started. */
  oktaUrl: string | undefined;
  /** The control token of the org at `oktaUrl`. */
  oktaToken: string | undefined;
}

export interface OktaFixtures {
  /** The org, as it was at its start: reset before each test. */
  okta: Okta;
  /** The messages that the org would have sent. */
  outbox: Outbox;
  /** The org's clock; it follows the machine's again in the next test. */
  clock: Clock;
  /** The user whom `signedInPage` signs in; override it for another one. */
  oktaUser: User;
  /** A page in whose context `oktaUser` has a session in the org. */
  signedInPage: Page;
}

interface WorkerFixtures extends OktaWorkerOptions {
  oktaOrg: Okta;
}

export const test = base.extend<OktaFixtures, WorkerFixtures>({
  oktaServer: [{}, { option: true, scope: "worker" }],
  oktaUrl: [process.env.MOCK_OKTA_URL, { option: true, scope: "worker" }],
  oktaToken: [process.env.MOCK_OKTA_CONTROL_TOKEN, { option: true, scope: "worker" }],

  oktaOrg: [
    async ({ oktaServer, oktaUrl, oktaToken }, use) => {
      if (oktaUrl) {
        await use(new Okta(oktaUrl.replace(/\/$/, ""), oktaToken));
        return;
      }
      const server = await Server.start(oktaServer);
      try {
        await use(new Okta(server.url));
      } finally {
        await server.stop();
      }
    },
    { scope: "worker", timeout: 90_000 },
  ],

  okta: async ({ oktaOrg }, use) => {
    await oktaOrg.reset();
    await use(oktaOrg);
  },

  outbox: async ({ okta }, use) => use(okta.outbox),

  clock: async ({ okta }, use) => use(okta.clock),

  oktaUser: async ({ okta }, use) => {
    const user = { login: "playwright@example.com", password: "mock-Password-1" };
    await use(await okta.addUser(user));
  },

  signedInPage: async ({ page, okta, oktaUser }, use) => {
    await startSession(page, okta, oktaUser);
    await use(page);
  },
});

export { expect } from "@playwright/test";

/**
 * Give the page's browser context a session of the user, as Okta's own pages do: by a session
 * token, without the widget. The user must not need a second factor.
 */
export async function startSession(page: Page, okta: Okta, user: User): Promise<void> {
  const answer = await page.request.post(`${okta.url}/api/v1/authn`, {
    data: { username: user.login, password: user.password },
  });
  const { status, sessionToken, errorSummary } = await answer.json();
  if (!sessionToken) {
    throw new Error(`${user.login} cannot be signed in by password: ${errorSummary ?? status}`);
  }
  const redirect = new URLSearchParams({ token: sessionToken, redirectUrl: `${okta.url}/` });
  await page.goto(`${okta.url}/login/sessionCookieRedirect?${redirect}`);
}
