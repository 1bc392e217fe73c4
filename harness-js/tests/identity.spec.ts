import { expect, identity, test } from "../src";

const user = {
  login: "two@example.com",
  password: "mock-Password-1",
  factors: [{ factor: "okta_email" }, { factor: "okta_push" }, { factor: "okta_otp" }],
};

test.beforeEach(async ({ okta, page }) => {
  await okta.addUser(user);
  await okta.seed({ sign_on_policies: [{ rules: [{ require_factor: true }] }] });
  await page.goto(okta.url);
});

test("a user is refused, and signs in with a code by e-mail", async ({ page, outbox }) => {
  const identify = await identity.Identify.on(page);
  await (await identify.fill(user.login, "wrong")).beRefused();
  expect(await identify.error()).toBe("Unable to sign in");
  const list = await identify.signInTo(user.login, user.password, identity.SelectAuthenticator);
  const email = await list.choose(identity.EmailChallenge);
  await email.sendEmail();
  await email.enterCodeInstead();
  const { passcode } = await outbox.wait({ to: user.login });
  await email.verify(passcode ?? "");
  await expect(page.locator("[data-se=user-menu]")).toBeVisible();
});

test("a user signs in with a push", async ({ page, okta }) => {
  const identify = await identity.Identify.on(page);
  const list = await identify.signInTo(user.login, user.password, identity.SelectAuthenticator);
  const push = await list.choose(identity.PushChallenge);
  expect(await push.user()).toBe(user.login);
  await okta.approvePush(user.login);
  await push.leave();
  await expect(page.locator("[data-se=user-menu]")).toBeVisible();
});

test("a user who gives up is asked for the name again", async ({ page }) => {
  const identify = await identity.Identify.on(page);
  const list = await identify.signInTo(user.login, user.password, identity.SelectAuthenticator);
  expect((await list.offered()).length).toBeGreaterThan(1);
  await list.cancel();
});
