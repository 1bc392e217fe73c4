import { act, api, button, card, h, live, orgTime, same, show, when } from "./console.js";

const STEPS = { "+5 min": 300, "+1 h": 3600, "+1 d": 86400, "−1 h": -3600 };
const MOST = 30;
const move = (seconds) => api("POST", "/_mock/clock/advance", { seconds });
const at = h("input", { type: "datetime-local", step: "1", required: true });
const now = () => new Date(orgTime()).toISOString();

function span(seconds) {
  const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]].map(([size, name]) => {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    return count && `${count} ${name}`;
  });
  return parts.filter(Boolean).slice(0, 2).join(" ") || "0 s";
}

// The org keeps no access tokens: these are in its recorded answers.
async function accessTokens() {
  const { requests } = await api("GET", "/_mock/requests?path=*/v1/token&status=200");
  return requests.flatMap(({ response_body: body }) => {
    try {
      const { exp, sub } = JSON.parse(atob(JSON.parse(body).access_token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
      return [{ what: "access token", whose: sub, at: new Date(exp * 1000).toISOString() }];
    } catch {
      return []; // a body that was cut, or no token in it
    }
  });
}

function end({ what, whose, at: instant, left }) {
  const name = `${what}${whose && ` of ${whose}`}`;
  return h("li", { class: "row" }, h("span", { class: "grow" }, `${name} in `, h("span", { "data-end": instant }, span(left)), " ", h("span", { class: "quiet small" }, when(instant))),
    button("Jump just past it", () => move((Date.parse(instant) - orgTime()) / 1000 + 1), { label: `Jump just past the end of the ${name}` }));
}

live(["hello", "clock", "sessions", "pushes", "tokens"], async () => {
  const { now: then, frozen } = await api("GET", "/_mock/clock");
  const { deadlines } = await api("GET", "/_mock/clock/deadlines");
  const ends = [...deadlines, ...(await accessTokens())].map((each) => ({ ...each, left: (Date.parse(each.at) - Date.parse(then)) / 1000 }))
    .filter((each) => each.left > 0 && !each.at.startsWith("9999")).sort((a, b) => a.left - b.left);
  at.value ||= then.slice(0, 19);
  show(card("Now, by the org", h("p", { class: "big", id: "now" }, when(then)), h("p", {}, h("span", { class: `chip ${frozen ? "warn" : "good"}` }, frozen ? "frozen" : "running")),
    h("div", { class: "row" }, button(frozen ? "Resume" : "Freeze", () => api("PUT", "/_mock/clock", { frozen: !frozen }), { kind: "first" }), Object.entries(STEPS).map(([text, seconds]) => button(text, () => move(seconds))),
      button("Back to real time", async () => {
        await api("PUT", "/_mock/clock", { frozen: false, now: new Date().toISOString() });
      })),
    h("form", { class: "row", onsubmit: act(() => api("PUT", "/_mock/clock", { now: new Date(`${at.value}Z`).toISOString() })) }, h("label", {}, "Set to (UTC) ", at), h("button", {}, "Set")),
    same("POST", "/_mock/clock/advance", { seconds: 3600 }, "okta_org.control.clock.advance(timedelta(hours=1))")),
  card("What ends next", ends.length ? h("ul", { class: "list" }, ends.slice(0, MOST).map(end)) : h("p", { class: "quiet" }, "Nothing ends by itself."), ends.length > MOST && h("p", { class: "quiet" }, `and ${ends.length - MOST} more`),
    same("GET", "/_mock/clock/deadlines", undefined, "okta_org.control.deadlines()")));
});

addEventListener("tick", () => {
  document.getElementById("now")?.replaceChildren(when(now()));
  for (const each of document.querySelectorAll("[data-end]")) each.textContent = span(Math.max(0, Math.round((Date.parse(each.dataset.end) - orgTime()) / 1000)));
});
