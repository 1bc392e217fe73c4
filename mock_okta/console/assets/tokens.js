import { act, api, button, card, copied, copy, h, live, same, show } from "./console.js";
import { preview } from "./preview.js";

const pasted = h("textarea", { rows: "4", "aria-label": "Token", placeholder: "Paste a token" });
const verdict = h("div", { "aria-live": "polite" });
const decode = act(async () => {
  const { header, claims, checks } = await api("POST", "/_mock/tokens/decode", { token: pasted.value });
  verdict.replaceChildren(h("ul", { class: "list" }, checks.map((each) => h("li", { class: each.passed ? "good" : "bad" }, `${each.passed ? "✓" : "✗"} ${each.name}: ${each.why}`))),
    h("pre", { tabindex: "0" }, JSON.stringify({ header, claims }, null, 2)));
});
const user = h("select"), client = h("select"), server = h("select"), scopes = h("input", { value: "openid profile email" });
const broken = h("select", {}, ["nothing", "expired", "not_yet_valid", "wrong_issuer", "wrong_audience", "wrong_client", "wrong_key", "unknown_kid", "algorithm_none", "tampered", "not_a_jwt"].map((each) => h("option", {}, each)));
const claims = h("input", { placeholder: '{"tier": "gold"}' });
const minted = h("div"), keys = h("div");
const order = () => ({ user: user.value, client_id: client.value, authorization_server: server.value, scopes: scopes.value.split(/\s+/).filter(Boolean),
  ...(broken.value !== "nothing" && { broken: [broken.value] }), ...(claims.value && { claims: JSON.parse(claims.value) }) });
const mint = act(async () => {
  const wanted = order();
  const made = await api("POST", "/_mock/tokens", wanted);
  const text = (token) => [h("pre", { tabindex: "0" }, token), copy(token, "the token"), button("Decode", async () => { pasted.value = token; await decode(); })];
  minted.replaceChildren(h("h3", {}, "Access token"), ...text(made.access_token), ...(made.id_token ? [h("h3", {}, "ID token"), ...text(made.id_token)] : []),
    same("POST", "/_mock/tokens", wanted, `okta_org.control.mint("${wanted.user}", client_id="${wanted.client_id}")`));
});
show(card("Decode and verify", h("form", { onsubmit: decode }, pasted, h("button", { class: "first" }, "Decode")), verdict, same("POST", "/_mock/tokens/decode", { token: "ey…" }, "okta_org.control.decode(token).failures")),
  await preview("What would this user get?", { showsClaims: true }),
  card("Mint", h("form", { onsubmit: mint }, h("div", { class: "row" }, h("label", {}, "User ", user), h("label", {}, "Client ", client), h("label", {}, "Server ", server), h("label", {}, "Scopes ", scopes), h("label", {}, "Wrong with it ", broken), h("label", {}, "Own claims ", claims), h("button", { class: "first" }, "Mint"))), minted),
  card("Signing keys", keys, same("POST", "/_mock/keys/rotate", { authorization_server: "default" }, "okta_org.control.rotate_keys()")));
const org = await api("GET", "/_mock/org");
const fill = (select, values) => select.replaceChildren(...values.map(([value, text]) => h("option", { value }, text ?? value)));
fill(user, org.users.map((each) => [each.login]));
fill(client, org.clients.map((each) => [each.client_id, each.name]));
fill(server, Object.keys(org.issuers).filter((each) => each !== "org").concat("org").map((each) => [each]));
const draw = live(["hello"], async () => {
  const { servers } = await api("GET", "/_mock/keys");
  keys.replaceChildren(...servers.map((each) => h("div", {}, h("h3", {}, each.authorization_server), each.keys.map((key) => copied(key.kid, "the key's id")),
    h("p", {}, button("Rotate", async () => { await api("POST", "/_mock/keys/rotate", { authorization_server: each.authorization_server }); draw(); }, { label: `Rotate the key of ${each.authorization_server}` })))));
});
