import { api, button, card, copied, copy, h, act, live, same, show } from "./console.js";
import { familiesList, sessionsTable } from "./families.js";

const VERBS = {
  ACTIVE: ["lock", "suspend", "expire_password", "reset_password", "deactivate"], LOCKED_OUT: ["unlock", "reset_password", "deactivate"],
  SUSPENDED: ["unsuspend", "deactivate"], PASSWORD_EXPIRED: ["lock", "reset_password", "deactivate"], RECOVERY: ["lock", "reset_password", "deactivate"],
  STAGED: ["activate", "deactivate"], PROVISIONED: ["reactivate", "deactivate"], DEPROVISIONED: ["activate"],
};
const MOST = 50;
const NAMES = {
  google_otp: "Google Authenticator", okta_otp: "Okta Verify, code", okta_push: "Okta Verify, push", okta_email: "E-mail", okta_sms: "Text message", okta_call: "Phone call",
  okta_question: "Security question", fido_webauthn: "Security key or passkey", custom_otp: "Custom one-time password", signed_nonce: "FastPass", okta_password: "Password",
};
// What a new factor of a kind has, beside the kind.
const ENROLLED = {
  google_otp: {}, okta_otp: {}, okta_push: {}, okta_email: {}, okta_sms: { phone_number: "+15550100123" }, okta_call: { phone_number: "+15550100123" },
  okta_question: { question: "disliked_food", answer: "kale" },
};
const words = (verb) => verb.replace("_", " ").replace(/^./, (each) => each.toUpperCase());
const path = (user, rest = "") => `/_mock/users/${encodeURIComponent(user.login)}${rest}`;
const open = new Set();

function toggle(pressed, source, name) {
  const item = pressed.closest("li"), shown = item.querySelector("img");
  if (shown) shown.parentElement.remove();
  else item.append(h("div", { class: "whole" }, h("img", { src: source, alt: `QR code of ${name}, for an authenticator app`, class: "qr" })));
}

async function access(user, place) {
  const query = `?user=${encodeURIComponent(user.login)}`;
  const { sessions } = await api("GET", `/_mock/sessions${query}`);
  const { families } = await api("GET", `/_mock/refresh_families${query}`);
  place.replaceChildren(h("h3", {}, "Sessions"), sessionsTable(sessions), h("h3", {}, "Refresh tokens"), familiesList(families, () => access(user, place)));
}

const detailOf = ({ factor, profile, secret }) => {
  const found = factor === "okta_question" ? [profile?.question, `answer ${secret}`] : [profile?.phone_number, profile?.email];
  return found.filter(Boolean).map((each) => ` ${each}`).join(",");
};

function factors(user) {
  const kind = h("select", { "aria-label": `Kind of factor for ${user.login}` }, Object.keys(ENROLLED).map((each) => h("option", { value: each }, NAMES[each])));
  return [h("h3", {}, "Factors"), h("ul", { class: "list" }, user.factors.map((each) => h("li", { class: "row" },
    h("span", { class: "grow" }, NAMES[each.factor] ?? each.factor, h("span", { class: "quiet small" }, detailOf(each)), each.passcode ? [" ", h("strong", {}, each.passcode), h("span", { class: "quiet small", "data-left": each.passcode_ends_in }, ` for ${each.passcode_ends_in} s`)] : null),
    each.passcode && [copy(each.passcode, "the passcode"), button("QR code", (event) => toggle(event.target, path(user, `/factors/${each.id}/qr`), each.factor), { kind: "little", label: `QR code of ${each.factor}` })],
    button("Remove", () => api("PATCH", path(user), { remove_factors: [each.id] }), { kind: "little", label: `Remove ${each.factor}` })))),
  h("div", { class: "row" }, kind, button("Enroll", () => api("PATCH", path(user), { factors: [{ factor: kind.value, ...ENROLLED[kind.value] }] }), { done: "Enrolled" }))];
}

function edit(user) {
  const password = h("input", { value: user.password, required: true });
  const groups = h("input", { value: user.groups.join(", ") });
  const profile = h("textarea", { rows: "6", "aria-label": `Profile of ${user.login} as JSON` });
  profile.value = JSON.stringify(user.profile, null, 1);
  const save = act(() => api("PATCH", path(user), {
    password: password.value, groups: groups.value.split(",").map((each) => each.trim()).filter(Boolean), profile: JSON.parse(profile.value),
  }), "Saved");
  return h("details", {}, h("summary", {}, "Edit"), h("form", { onsubmit: save }, h("label", {}, "Password ", password), " ", h("label", {}, "Groups ", groups), profile, h("button", {}, "Save")));
}

function one(user) {
  const held = h("div");
  const item = h("details", { open: open.has(user.id) }, h("summary", {}, h("strong", {}, user.login), " ",
    h("span", { class: `chip ${user.status === "ACTIVE" ? "good" : "warn"}` }, user.status), user.failures ? h("span", { class: "bad small" }, ` ${user.failures} wrong in a row`) : null),
    h("p", {}, "Password ", copied(user.password, "the password")), h("p", { class: "small quiet" }, `${user.id} · ${user.groups.join(", ")}`),
    h("div", { class: "row" }, VERBS[user.status].map((verb) => button(words(verb), () => api("POST", path(user, `/lifecycle/${verb}`)), { done: `${words(verb)}: done` })),
      button("Sign in as", () => api("POST", "/_mock/sessions", { user: user.login }), { done: `This browser is signed in as ${user.login}` }),
      button("End sessions and tokens", async () => {
        await api("DELETE", `/_mock/sessions?user=${encodeURIComponent(user.login)}`);
        await api("DELETE", `/_mock/tokens?user=${encodeURIComponent(user.login)}`);
      }, { done: "Ended" }),
      button("Remove the user", () => api("DELETE", path(user)), { done: "Removed" })),
    factors(user), held, edit(user), same("POST", path(user, `/lifecycle/${VERBS[user.status][0]}`), undefined, `okta_org.control.change_user("${user.login}", "${VERBS[user.status][0]}")`));
  item.addEventListener("toggle", () => {
    if (!item.open) return void open.delete(user.id);
    open.add(user.id);
    access(user, held);
  });
  return h("li", {}, item);
}

const login = h("input", { type: "email", required: true }), password = h("input", { value: "mock-Password-1", required: true });
const place = h("ul", { class: "list", "aria-label": "Users" });
const create = act(async () => {
  await api("PUT", "/_mock/seed", { users: [{ login: login.value, password: password.value }] });
  login.value = "";
}, "Created");
const search = h("input", { type: "search", class: "grow", placeholder: "Login, name, status or group", "aria-label": "Search users", oninput: () => list() });
const rest = h("p", { class: "quiet" });
let users = [];
const textOf = (user) => [user.login, user.status, user.id, ...user.groups, user.profile.firstName, user.profile.lastName].join(" ").toLowerCase();

function list() {
  const matching = users.filter((each) => textOf(each).includes(search.value.toLowerCase()));
  place.replaceChildren(...(matching.length ? matching.slice(0, MOST).map(one) : [h("li", { class: "quiet" }, "No such user.")]));
  rest.textContent = matching.length > MOST ? `and ${matching.length - MOST} more: search for them` : "";
}

show(card("New user", h("form", { class: "row", onsubmit: create }, h("label", {}, "Login ", login), h("label", {}, "Password ", password), h("button", { class: "first" }, "Create")),
  same("PUT", "/_mock/seed", { users: [{ login: "new@example.com", password: "mock-Password-1" }] }, 'okta_org.control.seed(a_user("new@example.com"))')),
  h("div", { class: "card" }, h("div", { class: "row" }, search), place, rest));
const draw = live(["hello", "users", "sessions", "clock"], async () => {
  ({ users } = await api("GET", "/_mock/users"));
  list();
});

// Counts down by itself; when a passcode ends, the org is asked for the next one.
setInterval(async () => {
  const shown = [...place.querySelectorAll("details[open] [data-left]")];
  if (!shown.length || (await api("GET", "/_mock/clock")).frozen) return;
  let ended = false;
  for (const each of shown) {
    each.dataset.left -= 1;
    each.textContent = ` for ${each.dataset.left} s`;
    ended ||= each.dataset.left <= 0;
  }
  if (ended && !["INPUT", "TEXTAREA"].includes(document.activeElement.tagName)) draw();
}, 1000);
