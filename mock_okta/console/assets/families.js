// Sessions and refresh families, of all users or of one.
import { api, button, h, table, when } from "./console.js";

export function sessionsTable(sessions) {
  if (!sessions.length) return h("p", { class: "quiet" }, "Nobody is signed in.");
  return table("Sessions", ["User", "Proved by", "Since", "Idle until", "Ends", "From", ""], sessions.map((each) => [
    each.login, each.amr.join(", "), when(each.created_at), when(each.expires_at), each.ends_at ? when(each.ends_at) : "–",
    [each.idp && `identity provider ${each.idp}`, each.device && `device ${each.device.slice(0, 8)}…`].filter(Boolean).join(", ") || "–",
    button("End", () => api("DELETE", `/_mock/sessions/${each.id}`), { kind: "little", done: "Ended", label: `End the session of ${each.login}` }),
  ]));
}

function token(each, index, family) {
  const state = each.reused_at ? ["bad", "used again after its rotation: the family was revoked"]
    : each.rotated_at ? ["quiet", "rotated"] : family.is_revoked ? ["bad", "revoked"] : ["good", "works"];
  return h("li", {}, `Refresh token ${index + 1} `, h("span", { class: `chip ${state[0]}` }, state[1]), " ",
    h("span", { class: "quiet small" }, each.rotated_at && ["rotated ", when(each.rotated_at), " · "], each.reused_at && ["used again ", when(each.reused_at), " · "], "until ", until(each.expires_at)));
}

const until = (instant) => (instant.startsWith("9999") ? "the end of its family" : when(instant));

// Each token hangs below the one that it came from.
function tree(family, index = 0) {
  const each = family.tokens[index];
  if (!each) return null;
  const item = token(each, index, family);
  const next = tree(family, index + 1);
  if (next) item.append(next);
  return h("ul", { class: "tree" }, item);
}

export function familiesList(families, revoked) {
  if (!families.length) return h("p", { class: "quiet" }, "No refresh tokens. An app gets one with the scope offline_access.");
  return h("ul", { class: "list" }, families.map((each) => h("li", {}, h("div", { class: "row" },
    h("span", { class: "grow" }, h("strong", {}, each.login), ` at ${each.client_id} `, h("span", { class: "quiet small" }, `${each.id} · ${each.scopes.join(" ")}`)),
    each.is_revoked ? h("span", { class: "chip bad" }, "revoked") : button("Revoke", async () => { await api("DELETE", `/_mock/refresh_families/${each.id}`); await revoked(); }, { kind: "little", label: `Revoke the refresh tokens of ${each.login} at ${each.client_id}` })),
  tree(each))));
}
