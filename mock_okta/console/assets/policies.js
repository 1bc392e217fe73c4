import { act, api, button, card, h, live, room, same, show, toast } from "./console.js";
import { yaml } from "./fixes.js";
import { preview } from "./preview.js";

const TITLES = { clients: "Applications", authorization_servers: "Authorization servers", trusted_origins: "Trusted origins", sign_on_policies: "Global session policies (sign-on)", authentication_policies: "Authentication policies",
  password_policies: "Password policies", enrollment_policies: "Enrollment policies", authenticators: "Authenticators", identity_providers: "Identity providers", routing_rules: "Routing rules", registration: "Self-service registration", profile_enrollment: "Profile enrollment", api_tokens: "API tokens", rate_limits: "Rate limits" };

const LISTS = { login_redirect_uris: "Sign-in redirect URIs", logout_redirect_uris: "Sign-out redirect URIs", base_uris: "Base URIs (trusted origins)", grant_types: "Grant types" };

// The settings of an app that people change most, in the words of Okta's admin console.
function app(client) {
  const name = h("input", { value: client.name, required: true });
  const lists = Object.entries(LISTS).map(([field, title]) => {
    const text = h("textarea", { rows: "3", "aria-label": `${title} of ${client.name}, one a line` });
    text.value = (client[field] ?? []).join("\n");
    return [field, title, text];
  });
  const save = act(() => api("PUT", "/_mock/seed", { clients: [{ ...client, name: name.value,
    ...Object.fromEntries(lists.map(([field, , text]) => [field, text.value.split("\n").map((each) => each.trim()).filter(Boolean)])) }] }), "Saved");
  return h("form", { onsubmit: save }, h("label", {}, "App integration name ", name), lists.map(([, title, text]) => [h("h3", {}, title), text]), h("button", { class: "first" }, "Save the app"));
}

// The settings of an authorization server that people change most. Scopes that stay keep all that they have.
function server(each) {
  const audience = h("input", { value: each.audiences?.[0] ?? "api://default", required: true });
  const scopes = h("textarea", { rows: "4", "aria-label": `Scopes of ${each.id}, one a line` });
  scopes.value = (each.scopes ?? []).map(({ name }) => name).join("\n");
  const save = act(() => {
    const names = scopes.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const kept = names.map((name) => each.scopes?.find((known) => known.name === name) ?? { name });
    return api("PUT", "/_mock/seed", { authorization_servers: [{ ...each, audiences: [audience.value], scopes: kept }] });
  }, "Saved");
  return h("form", { onsubmit: save }, h("label", {}, "Audience ", audience), h("h3", {}, "Scopes, beside the built-in ones"), scopes, h("button", { class: "first" }, "Save the server"));
}

const FORMS = { clients: app, authorization_servers: server };
const nameOf = (each) => each.name ?? each.id ?? each.key ?? each.origin ?? each.idp ?? each.path ?? (each.rules ? "Default policy" : "Settings");

function one(kind, each) {
  const text = h("textarea", { rows: "12", "aria-label": `${kind} ${nameOf(each)} as JSON` });
  text.value = JSON.stringify(each, null, 1);
  const save = act(async () => { await api("PUT", "/_mock/seed", { [kind]: Array.isArray(org[kind]) ? [JSON.parse(text.value)] : JSON.parse(text.value) }); toast("Saved"); });
  return h("details", {}, h("summary", {}, nameOf(each)), FORMS[kind]?.(each), h("pre", { tabindex: "0" }, yaml(each)),
    h("details", {}, h("summary", {}, "Edit as JSON"), h("form", { onsubmit: save }, text, h("button", {}, "Save"))));
}

const stale = h("p", { class: "card", role: "status" }, "The org's apps or policies have changed. ", button("Show the changes", () => draw(true)));

let org;
const explained = await preview("Which rules apply?", { showsClaims: false });
async function draw(closes) {
  if (!closes && room.querySelector("details[open]")) return void room.prepend(stale); // somebody may be editing
  org = await api("GET", "/_mock/seed");
  const given = Object.entries(TITLES).filter(([kind]) => org[kind] && (!Array.isArray(org[kind]) || org[kind].length));
  show(explained, given.map(([kind, title]) => card(title, [org[kind]].flat().map((each) => one(kind, each)))), same("GET", "/_mock/seed?format=yaml", undefined, "okta_org.control.export()"));
}
live(["hello", "setup"], () => draw(false));
