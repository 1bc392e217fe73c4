import { act, api, button, card, h, live, same, show, table } from "./console.js";

const PRESETS = {
  "503 Service unavailable": { kind: "status", status: 503 }, "429 Too many requests": { kind: "rate_limited" }, "Slow: 3 s": { kind: "delay", seconds: 3 },
  "Connection dropped": { kind: "dropped", times: 2 }, "Stale JWKS": { kind: "jwks_stale" }, "Unknown kid in tokens": { kind: "broken_token", broken: ["unknown_kid"] },
  "Expired tokens": { kind: "broken_token", broken: ["expired"] }, "Cut-off JSON": { kind: "truncated_json" }, "Wrong issuer in discovery": { kind: "discovery_contradicts" },
};
const preset = h("select", {}, Object.keys(PRESETS).map((each) => h("option", {}, each)));
const path = h("input", { placeholder: "any, or */v1/token" }), client = h("input", { placeholder: "any" }), user = h("input", { placeholder: "any" });
const times = h("input", { type: "number", min: "1", value: "1" });
const likeness = h("div"), place = h("div");

function fault() {
  const chosen = { ...PRESETS[preset.value] };
  for (const [name, field] of [["path", path], ["client_id", client], ["user", user]]) if (field.value) chosen[name] = field.value;
  if (Number(times.value) > 1) chosen.times = Number(times.value);
  return chosen;
}
// How the harness plans the same.
function planned({ kind, path: p, client_id: c, user: u, times: n, ...settings }) {
  const given = Object.values(settings).flat().map((each) => JSON.stringify(each)).join(", ");
  const calls = [["on", p], ["for_client", c], ["for_user", u], ["times", n]].filter(([, each]) => each).map(([name, each]) => `.${name}(${JSON.stringify(each)})`);
  return `okta_org.control.plan_fault(faults.${kind}(${given})${calls.join("")})`;
}
const draw = () => likeness.replaceChildren(same("POST", "/_mock/faults", fault(), planned(fault())));
const form = h("form", { oninput: draw, onsubmit: act(() => api("POST", "/_mock/faults", fault()), "Planned") },
  h("div", { class: "row" }, h("label", {}, "What ", preset), h("label", {}, "Path ", path), h("label", {}, "Client ", client), h("label", {}, "User ", user), h("label", {}, "Times ", times), h("button", { class: "first" }, "Plan")));
draw();
show(card("Plan a fault", form, likeness), card("Planned", place, h("p", {}, button("Remove all", () => api("DELETE", "/_mock/faults"), { done: "Removed" }))));
live(["hello", "faults"], async () => {
  const { faults } = await api("GET", "/_mock/faults");
  place.replaceChildren(faults.length ? table("Planned faults", ["What", "For", "Fired", "Left", ""], faults.map((each) => {
    const { kind, times: _, path: p, client_id: c, user: u, method: m, ...rest } = each.fault;
    return [`${kind} ${Object.values(rest).join(" ")}`, [m, p, c, u].filter(Boolean).join(" ") || "any request", String(each.fired), String(each.left),
      button("Remove", () => api("DELETE", `/_mock/faults/${each.id}`), { kind: "little" })];
  })) : h("p", { class: "quiet" }, "Nothing goes wrong on purpose."));
});
