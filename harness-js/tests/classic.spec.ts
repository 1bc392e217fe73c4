import { classic, expect, test } from "../src";

const password = "mock-Password-1";

test("the hosted widget signs a user in with a code by SMS", async ({ page, okta, outbox }) => {
  await okta.addUser({
    login: "sms@example.com",
    password,
    factors: [{ factor: "okta_sms", phone_number: "+15555550100" }],
  });
  await okta.seed({
    sign_on_policies: [{ rules: [{ require_factor: true }] }],
  });
  await page.goto(okta.url);
  const form = await classic.SignInForm.on(page, "3.2.2");
  const sms = await form.signInTo("sms@example.com", password, classic.VerifySms);
  await sms.sendCode();
  await (await sms.fill("000000")).beRefused();
  expect(await sms.error()).not.toBe("");
  const { passcode } = await outbox.wait({ channel: "sms" });
  await sms.verify(passcode ?? "");
  await expect(page.locator("[data-se=user-menu]")).toBeVisible();
});

test("a wrong password is refused, and an expired one is changed", async ({ page, okta }) => {
  await okta.addUser({ login: "old@example.com", password, status: "PASSWORD_EXPIRED" });
  await page.goto(okta.url);
  const form = await classic.SignInForm.on(page, "3.2.2");
  await (await form.fill("old@example.com", "wrong")).beRefused();
  expect(await form.error()).toContain("Sign in failed");
  const expired = await form.signInTo("old@example.com", password, classic.PasswordExpired);
  await (await expired.fill(password, "another-Password-2")).submit();
  await expect(page.locator("[data-se=user-menu]")).toBeVisible();
});

test("a screen that does not come says what is there instead", async ({ page, okta, oktaUser }) => {
  page.setDefaultTimeout(3_000);
  await page.goto(okta.url);
  const form = await classic.SignInForm.on(page, "3.2.2");
  await form.fill(oktaUser.login, "wrong");
  const waiting = form.submitTo(classic.VerifySms);
  await expect(waiting).rejects.toThrow(/VerifySms did not come\. .* shows: .*Sign in failed/);
});
