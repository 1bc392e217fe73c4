/** Playwright Test with a local Okta org: fixtures, the control API, and page objects. */

export { expect, startSession, test } from "./fixtures";
export type { OktaFixtures, OktaWorkerOptions } from "./fixtures";
export { Server, type ServerOptions } from "./server";
export * from "./control";
export * as classic from "./pages/classic";
export * as identity from "./pages/identity";
