import { act, api, card, h, live, same, show, toast } from "./console.js";
import { yaml } from "./fixes.js";

const TITLES = { clients: "Applications", authorization_servers: "Authorization servers", trusted_origins: "Trusted origins", sign_on_policies: "Global session policies (sign-on)", authentication_policies: "Authentication policies",
  password_policies: "Password policies", enrollment_policies: "Enrollment policies", authenticators: "Authenticators", identity_providers: "Identity providers", routing_rules: "Routing rules", registration: "Self-service registration", profile_enrollment: "Profile enrollment", api_tokens: "API tokens", rate_limits: "Rate limits" };

function one(kind, each) {
  const text = h("textarea", { rows: "12", "aria-label": `${kind} ${each.name ?? each.id ?? ""} as JSON` });
  text.value = JSON.stringify(each, null, 1);
  const save = act(async () => { await api("PUT", "/_mock/seed", { [kind]: Array.isArray(org[kind]) ? [JSON.parse(text.value)] : JSON.parse(text.value) }); toast("Saved"); });
  return h("details", {}, h("summary", {}, each.name ?? each.id ?? each.key ?? each.origin ?? each.idp ?? each.path ?? "Settings"), h("pre", { tabindex: "0" }, yaml(each)),
    h("details", {}, h("summary", {}, "Edit as JSON"), h("form", { onsubmit: save }, text, h("button", {}, "Save"))));
}

let org;
live(["hello"], async () => {
  org = await api("GET", "/_mock/seed");
  const given = Object.entries(TITLES).filter(([kind]) => org[kind] && (!Array.isArray(org[kind]) || org[kind].length));
  show(given.map(([kind, title]) => card(title, [org[kind]].flat().map((each) => one(kind, each)))), same("GET", "/_mock/seed?format=yaml", undefined, "okta_org.control.export()"));
});
