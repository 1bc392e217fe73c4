import { act, api, button, card, h, room, show, toast } from "./console.js";
import { BY_HAND, CLASSIC, IDENTITY, isPrepared, prepare, remove } from "./screens.js";

const WIDTHS = [360, 768, 1280];
const FILES = {
  2: { script: "okta-sign-in.min.js", style: "okta-sign-in.min.css" }, 3: { script: "okta-sign-in.next.js", style: "okta-sign-in.next.css" },
};
const major = (release) => Number(release.split(".")[0]);
const { releases, hosted_release: hosted } = await api("GET", "/_mock/about");
const { engine } = await api("GET", "/_mock/org");

// What can be shown: each release by Classic Engine, and the hosted one by the Identity Engine if the org has it.
const KINDS = [
  ...releases.map((release) => ({ name: `${release}, Classic Engine`, release, screens: CLASSIC, files: 2, options: major(release) >= 7 ? { useClassicEngine: true } : {} })),
  ...(engine === "identity" ? releases : []).filter((release) => major(release) >= 7).flatMap((release) => [2, 3].map((files) => ({
    name: `${release}, Identity Engine${files === 3 ? ", third generation" : ""}`, release, screens: IDENTITY, files, options: { useClassicEngine: false } }))),
];
const choose = (each) => h("option", {}, each);
const kind = h("select", { onchange: () => list() }, KINDS.map((each) => choose(each.name)));
const screen = h("select"), width = h("select", {}, WIDTHS.map(choose));
const config = h("textarea", { rows: "6", "aria-label": "Configuration of the widget as JSON", placeholder: '{"language": "de", "i18n": {"de": {"primaryauth.title": "Anmelden"}}}' });
const css = h("textarea", { rows: "6", "aria-label": "CSS", placeholder: "#okta-sign-in { border-radius: 1rem; }" });
const place = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "The screen" }), said = h("p", { role: "status" });
const keep = { config, css };
for (const [name, each] of Object.entries(keep)) {
  each.value = localStorage.getItem(`gallery-${name}`) ?? "";
  each.addEventListener("input", () => localStorage.setItem(`gallery-${name}`, each.value));
}
const current = () => KINDS.find((each) => each.name === kind.value);

function list() {
  const before = screen.value;
  screen.replaceChildren(...current().screens.map((each) => choose(each.name)));
  if (current().screens.some((each) => each.name === before)) screen.value = before;
}

function given() {
  try {
    return JSON.parse(config.value || "{}");
  } catch (failure) {
    throw new Error(`The configuration is not JSON: ${failure.message}`);
  }
}

const draw = act(() => open().catch((failure) => (said.textContent = failure.message)));

async function open() {
  const { release, screens, files, options } = current();
  const wanted = screens.find((each) => each.name === screen.value);
  said.textContent = "…";
  const message = { release, ...FILES[files], css: css.value, clicks: wanted.clicks ?? [],
    options: { ...given(), ...options, ...(await wanted.options()) } };
  const frame = h("iframe", { src: "/_mock/console/frame", title: `${wanted.name}, ${current().name}`, sandbox: "allow-scripts allow-same-origin allow-forms allow-popups", class: `screen w${width.value}` });
  place.replaceChildren(frame);
  frame.message = message;
}

addEventListener("message", ({ source, origin, data }) => {
  const frame = place.querySelector("iframe");
  if (!frame || source !== frame.contentWindow || origin !== location.origin) return;
  if (data.ready && frame.message) {
    frame.contentWindow.postMessage(frame.message, location.origin);
    frame.message = null; // a page that the widget went to gets nothing
  }
  if (data.shown) said.textContent = `${frame.title}: live, as any widget.`;
  if (data.failed) said.textContent = `The widget says: ${data.failed}`;
  if (data.ended) said.textContent = `The sign-in ended: ${data.ended}`;
});

async function all() {
  if (!releases.length) return show(card("No release is installed", h("p", {}, "Run ", h("code", {}, `mock-okta widget install ${hosted}`), " and load this page again.")));
  const prepared = await isPrepared();
  list();
  show(card("What the gallery adds to the org", h("p", { class: "quiet small" }, "Users gallery-…@example.com, and policies called Gallery for their groups. Nobody else is touched. Taking it away restores the org as it was before, by a snapshot."),
    h("div", { class: "row" }, prepared ? button("Take it away", async () => { await remove(); await all(); }, { done: "The org is as it was before the gallery" })
      : button("Prepare the org", async () => { await prepare(); await all(); }, { done: "The org is ready for the gallery", kind: "first" }))),
  card("A screen", h("form", { onsubmit: draw }, h("div", { class: "row" }, h("label", {}, "Release ", kind), h("label", {}, "Screen ", screen), h("label", {}, "Width ", width), h("button", { class: "first", disabled: !prepared }, "Show")),
    h("details", {}, h("summary", {}, "Your configuration and CSS"), h("p", { class: "quiet small" }, "The configuration is JSON, never script; addresses of other hosts are not loaded."), config, css)), said, place,
    h("p", { class: "quiet small" }, "For pictures of all screens at once, run ", h("code", {}, "mock-okta gallery --out pictures"))),
  card("Screens that need more", h("dl", {}, BY_HAND.map(([name, how]) => [h("dt", {}, name), h("dd", {}, how)]))));
}
all().catch((failure) => { room.removeAttribute("aria-busy"); toast(failure.message); });
