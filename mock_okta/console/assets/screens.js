// The screens of the gallery, and how the org is brought to each: by the same requests as a widget sends.
import { api } from "./console.js";

const PASSWORD = "Gallery-Password-1";
const WITH_FACTOR = "Gallery: second factor", NEW = "Gallery: to enroll", LOCKED = "Gallery: locked out";
const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", PHONE = "+14155551234";
const ALL = ["google_otp", "okta_otp", "okta_push", "okta_sms", "okta_call", "okta_question", "okta_email"];
const FACTORS = {
  "google-authenticator": { factor: "google_otp", secret: SECRET },
  "okta-verify-code": { factor: "okta_otp", secret: SECRET },
  push: { factor: "okta_push" },
  sms: { factor: "okta_sms", phone_number: PHONE },
  call: { factor: "okta_call", phone_number: PHONE },
  question: { factor: "okta_question", question: "disliked_food", answer: "beetroot" },
  email: { factor: "okta_email" },
};
const loginOf = (name) => `gallery-${name}@example.com`;
const user = (name, { groups = [], ...more } = {}) => ({ login: loginOf(name), password: PASSWORD, profile: { firstName: "Gallery", lastName: name }, groups: ["Everyone", ...groups], ...more });
const USERS = [
  ...Object.entries(FACTORS).map(([name, each]) => user(name, { groups: [WITH_FACTOR], factors: [each] })),
  user("several", { groups: [WITH_FACTOR], factors: Object.values(FACTORS) }), user("new", { groups: [NEW] }), user("expired"), user("reset"), user("locked", { groups: [LOCKED] }),
];
const POLICIES = {
  sign_on_policies: [{ name: "Gallery", groups: [WITH_FACTOR, NEW], rules: [{ require_factor: true, factor_prompt_mode: "ALWAYS" }] }],
  enrollment_policies: [{ name: "Gallery", groups: [NEW], optional: ALL }],
  password_policies: [{ name: "Gallery", groups: [LOCKED], lockout: { max_attempts: 3, show_lockout_failures: true } }],
};
const path = (kind, name) => `/_mock/${kind}/${encodeURIComponent(name)}`;

// The first policy that covers a user applies, so the gallery's, for its own groups, come before the others.
export async function prepare() {
  const before = await api("GET", "/_mock/seed");
  await api("PUT", "/_mock/snapshots/before%20the%20gallery");
  await api("PUT", "/_mock/seed", { users: USERS }); // and their groups, which the policies name
  for (const kind of Object.keys(POLICIES)) {
    const others = (before[kind] ?? []).filter((each) => each.name !== "Gallery");
    for (const each of before[kind] ?? []) await api("DELETE", path(kind, each.name ?? "Default policy")); // as a seed leaves it out
    await api("PUT", "/_mock/seed", { [kind]: [...POLICIES[kind], ...(others.length ? others : kind === "sign_on_policies" ? [{}] : [])] });
  }
  await api("POST", `/_mock/users/${loginOf("expired")}/lifecycle/expire_password`);
  await api("POST", `/_mock/users/${loginOf("locked")}/lifecycle/lock`);
}

export const remove = () => api("POST", "/_mock/snapshots/before%20the%20gallery/restore");

export async function isPrepared() {
  return (await api("GET", "/_mock/users")).users.some((each) => each.login === loginOf("several"));
}

// Without cookies: the browser's own session is neither used nor changed.
async function send(address, body) {
  const answer = await fetch(address, { method: "POST", credentials: "omit", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(body) });
  return answer.json();
}

const authn = (name, more) => send("/api/v1/authn", { username: loginOf(name), password: PASSWORD, ...more });

async function challenged(name) {
  const begun = await authn(name);
  const [factor] = begun._embedded.factors;
  return send(`/api/v1/authn/factors/${factor.id}/verify`, { stateToken: begun.stateToken });
}

async function enrolling(factorType, provider, profile) {
  const { stateToken } = await authn("new");
  return send("/api/v1/authn/factors", { stateToken, factorType, provider, ...(profile && { profile }) });
}

async function recovered() {
  const { link } = await api("POST", `/_mock/users/${loginOf("reset")}/lifecycle/reset_password`);
  return { recoveryToken: new URL(link).pathname.split("/").pop() };
}

const token = (reach) => async () => ({ stateToken: (await reach()).stateToken });
const plain = () => ({});

export const CLASSIC = [
  { name: "Sign in", options: plain },
  { name: "Sign in, name filled in", options: () => ({ username: loginOf("several") }) },
  { name: "Forgot password", options: plain, clicks: ["[data-se=needhelp], .js-help", "[data-se=forgot-password], .js-forgot-password"] },
  { name: "Second factor: any of several", options: token(() => authn("several")) },
  ...Object.keys(FACTORS).map((each) => ({ name: `Second factor: ${each}`, options: token(() => authn(each)) })),
  { name: "Second factor: sms, sent", options: token(() => challenged("sms")) },
  { name: "Second factor: email, sent", options: token(() => challenged("email")) },
  { name: "Second factor: push, sent", options: token(() => authn("push")), clicks: ["#okta-sign-in [type=submit]"] },
  { name: "Enroll: choices", options: token(() => authn("new")) },
  { name: "Enroll: Google Authenticator", options: token(() => enrolling("token:software:totp", "GOOGLE")) },
  { name: "Enroll: Okta Verify", options: token(() => enrolling("push", "OKTA")) },
  { name: "Enroll: sms, sent", options: token(() => enrolling("sms", "OKTA", { phoneNumber: PHONE })) },
  { name: "Password expired", options: token(() => authn("expired")) },
  { name: "Reset password, from the e-mail", options: recovered },
];

// A sign-in of the Identity Engine, as the org's own page begins it.
async function begun() {
  const page = await (await fetch("/login/login.htm", { credentials: "omit" })).text();
  const [, escaped] = page.match(/stateToken: '([^']+)'/) ?? [];
  if (!escaped) throw new Error("The org's own page has no widget of the Identity Engine: install release 7.49.0, and start the org with the engine 'identity'.");
  const stateToken = escaped.replaceAll(/\\x(..)|\\u(....)/g, (_, two, four) => String.fromCharCode(parseInt(two ?? four, 16)));
  return { stateToken, answer: await send("/idp/idx/introspect", { stateToken }) };
}

async function step({ stateToken, answer }, name, values) {
  const form = answer.remediation?.value.find((each) => each.name === name);
  if (!form) throw new Error(`The org offers no ${name} here, but ${answer.remediation?.value.map((each) => each.name).join(", ") ?? "nothing"}.`);
  return submitted({ stateToken, answer }, form, values);
}

async function submitted({ stateToken, answer }, form, values) {
  const fixed = Object.fromEntries(form.value.filter((each) => each.value !== undefined && each.required).map((each) => [each.name, each.value]));
  return { stateToken, answer: await send(new URL(form.href).pathname, { ...fixed, ...values, stateHandle: answer.stateHandle }) };
}

const identified = async (name) => step(await begun(), "identify", { identifier: loginOf(name) });

async function proved(name) {
  return step(await identified(name), "challenge-authenticator", { credentials: { passcode: PASSWORD } });
}

async function recovering(name) {
  const at = await identified(name);
  const about = at.answer.currentAuthenticatorEnrollment ?? at.answer.currentAuthenticator;
  return submitted(at, about.value.recover, {});
}

async function chosen(at, list, label, more) {
  const form = at.answer.remediation.value.find((each) => each.name === list);
  const options = form.value.find((each) => each.name === "authenticator").options;
  const option = options.find((each) => each.label === label);
  if (!option) throw new Error(`The org offers no ${label} here, but ${options.map((each) => each.label).join(", ")}.`);
  const given = Object.fromEntries(option.value.form.value.filter((each) => each.value !== undefined).map((each) => [each.name, each.value]));
  const methods = option.value.form.value.find((each) => each.name === "methodType" && each.options);
  if (methods) given.methodType = methods.options[0].value;
  return step(at, list, { authenticator: { ...given, ...more } });
}

const ENROLL = "select-authenticator-enroll";
const handle = (reach) => async () => ({ stateToken: (await reach()).stateToken });

export const IDENTITY = [
  { name: "Identify", options: handle(begun) },
  { name: "Password", options: handle(() => identified("expired")) },
  { name: "Verify: any of several", options: handle(() => proved("several")) },
  ...["google-authenticator", "email", "sms", "push"].map((each) => ({ name: `Verify: ${each}`, options: handle(() => proved(each)) })),
  { name: "Enroll: choices", options: handle(() => proved("new")) },
  { name: "Enroll: Google Authenticator", options: handle(async () => chosen(await proved("new"), ENROLL, "Google Authenticator")) },
  { name: "Enroll: Okta Verify", options: handle(async () => chosen(await proved("new"), ENROLL, "Okta Verify", { channel: "qrcode" })) },
  { name: "Enroll: phone", options: handle(async () => chosen(await proved("new"), ENROLL, "Phone")) },
  { name: "Password expired", options: handle(() => proved("expired")) },
  { name: "Forgot password", options: handle(() => recovering("several")) },
];

// What no token brings: the widget asks for more first, or a device does.
export const BY_HAND = [
  ["A wrong password, a locked account", "Sign in as gallery-locked@example.com, in the frame."],
  ["Consent", "Give a scope the consent REQUIRED and sign in to an app with it: the test client on Home walks there."],
  ["Identity providers and routing", "Add identity_providers and routing_rules to the seed; then the first screen shows them."],
  ["Registration", "Add registration to the seed; then the first screen leads there."],
  ["Security keys and passkeys", "Enroll one from the screen Enroll: choices, with the browser's virtual authenticator."],
  ["Device activation", "Ask /v1/device/authorize for a user code, and open /activate."],
  ["Unlock account", "Ask for it on the first screen, as gallery-locked@example.com; the link is in the outbox."],
];
