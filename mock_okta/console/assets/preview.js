// What a user or client would get, and by which rules: the rooms Tokens and Apps & policies.
import { act, api, card, h, same, table } from "./console.js";

const fill = (select, values) => select.replaceChildren(...values.map(([value, text]) => h("option", { value }, text ?? value)));

function decisions(found) {
  return table("Decisions", ["", "Of", "Policy", "Rule", "Why"], found.map((each) => [
    h("span", { class: each.allowed ? "good" : "bad" }, each.allowed ? "✓ allows" : "✗ refuses"), each.subject, each.policy || "–", each.rule || "–", h("span", { class: "long" }, each.why),
  ]));
}

function claims(shown) {
  const parts = [["Access token", shown.access_token], ["ID token", shown.id_token], ["/userinfo", shown.userinfo]];
  return parts.filter(([, each]) => each).map(([title, each]) => [h("h3", {}, title), h("pre", { tabindex: "0" }, JSON.stringify(each, null, 2))]);
}

export async function preview(title, { showsClaims }) {
  const org = await api("GET", "/_mock/org");
  const user = h("select"), client = h("select"), server = h("select"), scopes = h("input", { value: "openid profile email" });
  const grant = h("input", { placeholder: "authorization_code" });
  fill(user, [...org.users.map((each) => [each.login]), ["", "nobody: the client itself"]]);
  fill(client, org.clients.map((each) => [each.client_id, each.name]));
  fill(server, Object.keys(org.issuers).sort((a, b) => (a === "org") - (b === "org")).map((each) => [each]));
  const place = h("div", { "aria-live": "polite" });
  const ask = act(async () => {
    const asked = { client_id: client.value, authorization_server: server.value, scopes: scopes.value.split(/\s+/).filter(Boolean),
      ...(user.value && { user: user.value }), ...(grant.value && { grant_type: grant.value }) };
    const shown = await api("POST", "/_mock/tokens/preview", asked);
    place.replaceChildren(decisions(shown.decisions), ...(showsClaims ? claims(shown).flat() : []),
      same("POST", "/_mock/tokens/preview", asked, `okta_org.control.preview("${user.value}", client_id="${client.value}", scopes=${JSON.stringify(asked.scopes)})`));
  });
  return card(title, h("p", { class: "quiet small" }, "Nobody is signed in for this, and nothing is issued."),
    h("form", { class: "row", onsubmit: ask }, h("label", {}, "User ", user), h("label", {}, "Client ", client), h("label", {}, "Server ", server),
      h("label", {}, "Scopes ", scopes), h("label", {}, "Grant type ", grant), h("button", { class: "first" }, "Explain")), place);
}
