import { act, api, button, card, h, live, same, show, when } from "./console.js";

const name = h("input", { required: true, value: "before" }), given = h("textarea", { rows: "6", "aria-label": "Seed as YAML or JSON", placeholder: "users:\n  - {login: new@example.com, password: mock-Password-1}" });
// JSON is YAML, too.
const file = h("input", { type: "file", accept: ".yaml,.yml,.json", "aria-label": "Import a file", onchange: async () => { given.value = await file.files[0].text(); } });
const path = (each) => `/_mock/snapshots/${encodeURIComponent(each)}`;
const place = h("div"), compared = h("div", { "aria-live": "polite" });
show(card("Snapshots", h("form", { class: "row", onsubmit: act(async () => { await api("PUT", path(name.value)); await draw(); }, "Saved") }, h("label", {}, "Name ", name), h("button", { class: "first" }, "Save the state")), place, compared, same("PUT", path("before"), undefined, 'okta_org.control.take_snapshot("before")')),
  card("Seed", h("div", { class: "row" }, h("a", { class: "button", href: "/_mock/seed?format=yaml", download: "org.yaml" }, "Export as YAML"), h("a", { class: "button", href: "/_mock/seed", download: "org.json" }, "Export as JSON")), same("GET", "/_mock/seed?format=yaml", undefined, "okta_org.control.export()"),
    h("p", { class: "quiet small" }, "To save the org as a seed whenever it stops, start it with ", h("code", {}, "mock-okta serve --export-on-exit org.yaml")),
    h("h3", {}, "Add to the org"), h("form", { onsubmit: act(() => api("PUT", "/_mock/seed", given.value, "application/yaml"), "Added") }, file, given, h("button", {}, "Add to the org"))),
  card("Reset", h("p", { class: "quiet" }, "Back to the first seed: nobody is signed in, and the clock runs."), button("Reset the org", () => api("POST", "/_mock/reset"), { done: "The org is as it was at its start" }), same("POST", "/_mock/reset", undefined, "okta_org.control.reset()")));
function changes(diff) {
  if (!diff.length) return h("p", { class: "quiet" }, "Nothing has changed since.");
  return h("ul", { class: "list small" }, diff.map((each) => h("li", {}, h("details", {},
    h("summary", {}, h("span", { class: `chip ${{ added: "good", removed: "bad", changed: "warn" }[each.change]}` }, each.change), ` ${each.collection} `, h("code", {}, each.key), `${each.change === "changed" ? ` ${Object.keys(each.fields).join(", ")}` : ""}`),
    h("pre", { tabindex: "0" }, Object.entries(each.fields).map(([field, [was, now]]) => `${field}\n− ${JSON.stringify(was)}\n+ ${JSON.stringify(now)}`).join("\n"))))));
}

async function compare(each) {
  const diff = await api("GET", `${path(each)}/diff`);
  compared.replaceChildren(h("h3", {}, `Since ${each}`), changes(diff.changes), same("GET", `${path(each)}/diff`, undefined, `okta_org.control.changes_since("${each}")`));
}
const draw = live(["hello"], async () => {
  const { snapshots } = await api("GET", "/_mock/snapshots");
  place.replaceChildren(!snapshots.length ? h("p", { class: "quiet" }, "No snapshots yet.") : h("ul", { class: "list" }, snapshots.map((each) => h("li", { class: "row" }, h("span", { class: "grow" }, each.name, " ", h("span", { class: "quiet small" }, when(each.taken_at))),
    button("Compare", () => compare(each.name), { label: `Compare the org with ${each.name}` }), button("Restore", () => api("POST", `${path(each.name)}/restore`), { done: `Restored ${each.name}`, label: `Restore ${each.name}` }), button("Delete", async () => { await api("DELETE", path(each.name)); await draw(); }, { label: `Delete ${each.name}` })))));
});
