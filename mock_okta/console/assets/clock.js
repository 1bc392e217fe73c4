import { act, api, button, card, h, live, same, show, when } from "./console.js";

const STEPS = { "+5 min": 300, "+1 h": 3600, "+1 d": 86400, "−1 h": -3600 };
const move = (seconds) => api("POST", "/_mock/clock/advance", { seconds });
const at = h("input", { type: "datetime-local", step: "1", required: true, "aria-label": "Time in UTC" });

function span(seconds) {
  const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]].map(([size, name]) => {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    return count && `${count} ${name}`;
  });
  return parts.filter(Boolean).slice(0, 2).join(" ") || "0 s";
}

live(["hello", "clock", "sessions", "pushes"], async () => {
  const { now, frozen } = await api("GET", "/_mock/clock");
  const ends = [
    ...(await api("GET", "/_mock/sessions")).sessions.map((each) => [`session of ${each.login}`, each.expires_at]),
    ...(await api("GET", "/_mock/push")).pushes.filter((each) => each.answer === "WAITING").map((each) => [`push to ${each.login}`, each.expires_at]),
    ...(await api("GET", "/_mock/keys")).servers.map((each) => [`signing key of ${each.authorization_server}`, each.next_rotation_at]),
  ].map(([what, instant]) => [what, instant, (Date.parse(instant) - Date.parse(now)) / 1000]).filter(([, , left]) => left > 0).sort((a, b) => a[2] - b[2]);
  show(card("Now, by the org", h("p", { class: "big" }, when(now)), h("p", {}, h("span", { class: `chip ${frozen ? "warn" : "good"}` }, frozen ? "frozen" : "runs")),
    h("div", { class: "row" }, button(frozen ? "Resume" : "Freeze", () => api("PUT", "/_mock/clock", { frozen: !frozen }), { kind: "first" }), Object.entries(STEPS).map(([text, seconds]) => button(text, () => move(seconds))),
      button("Back to real time", async () => {
        await api("PUT", "/_mock/clock", { frozen: false, now: new Date().toISOString() });
      })),
    h("form", { class: "row", onsubmit: act(() => api("PUT", "/_mock/clock", { now: new Date(`${at.value}Z`).toISOString() })) }, at, h("button", {}, "Set")),
    same("POST", "/_mock/clock/advance", { seconds: 3600 }, "okta_org.control.clock.advance(timedelta(hours=1))")),
  card("What ends next", h("ul", { class: "list" }, ends.map(([what, instant, left]) => h("li", { class: "row" }, h("span", { class: "grow" }, `${what} in ${span(left)} `, h("span", { class: "quiet small" }, when(instant))),
    button("Jump just past it", () => move(left + 1), { label: `Jump just past the end of the ${what}` }))))));
});
