// What all rooms share: the API, elements, copying, live events.

let changed; // the last request that changed something

export class Refused extends Error {}

export async function api(method, path, body, type = "application/json") {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = type;
    options.body = type === "application/json" ? JSON.stringify(body) : body;
  }
  if (method !== "GET") changed = [method, path, body, type];
  const answer = await fetch(path, options);
  const text = await answer.text();
  if (!answer.ok) throw new Refused(reason(text) || `${answer.status} ${answer.statusText}`);
  return text && answer.headers.get("Content-Type")?.startsWith("application/json") ? JSON.parse(text) : text;
}

function reason(text) {
  try {
    const error = JSON.parse(text);
    return [error.errorSummary, ...(error.errorCauses ?? []).map((each) => each.errorSummary)].join(": ");
  } catch {
    return text.slice(0, 300);
  }
}

// h("p", {class: "quiet", onclick: f}, "text", element): text is always text, never HTML.
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== false));
  return element;
}

export const room = document.getElementById("room");

export function show(...children) {
  room.replaceChildren(...children.flat(Infinity).filter(Boolean));
  room.removeAttribute("aria-busy");
}

let fading;
export function toast(text, line) {
  const place = document.getElementById("toast");
  place.replaceChildren(text, ...(line ? [" ", copy(line, "what was done, as a curl command", "Copy as curl")] : []));
  clearTimeout(fading);
  fading = setTimeout(() => place.replaceChildren(), line ? 8000 : 4000);
}

export function act(doing, done) {
  return async (event) => {
    event?.preventDefault();
    changed = undefined;
    try {
      await doing(event);
      if (done) toast(done, changed && curl(...changed));
    } catch (failure) {
      toast(failure.message);
    }
  };
}

export function button(text, doing, { done, kind = "", label } = {}) {
  return h("button", { type: "button", class: kind, "aria-label": label, onclick: act(doing, done) }, text);
}

export function copy(text, what = "this", title = "Copy") {
  return button(title, () => navigator.clipboard.writeText(text), { done: "Copied", kind: "little", label: title === "Copy" ? `Copy ${what}` : `${title} (${what})` });
}

export function copied(text, what) {
  return h("span", { class: "row" }, h("code", { class: "grow" }, text), copy(text, what));
}

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

export function curl(method, path, body, type = "application/json") {
  const words = ["curl", method === "GET" ? "" : `-X ${method}`, quoted(location.origin + path)];
  if (body !== undefined) words.push(`-H 'Content-Type: ${type}'`, type === "application/json" ? "-d" : "--data-binary", quoted(type === "application/json" ? JSON.stringify(body) : body));
  return words.filter(Boolean).join(" ");
}

// A value of JSON as Python writes it.
export function python(value) {
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (value === null || typeof value === "boolean") return { null: "None", true: "True", false: "False" }[value];
  if (typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${python(each)}`).join(", ")}}`;
}

// "The same as": how curl and pytest do what the console does.
export function same(method, path, body, python) {
  const line = curl(method, path, body);
  return h(
    "details", { class: "same" }, h("summary", {}, "The same as curl / pytest"),
    h("div", { class: "row" }, h("pre", { class: "grow", tabindex: "0" }, line), copy(line, "the curl command")),
    python && h("div", { class: "row" }, h("pre", { class: "grow", tabindex: "0" }, python), copy(python, "the Python line")),
  );
}

export function when(instant) {
  return h("time", { datetime: instant, title: instant }, h("span", { class: "nowrap" }, instant.slice(0, 10)), " ", h("span", { class: "nowrap" }, instant.slice(11, 19)));
}

export function card(title, ...children) {
  return h("section", { class: "card" }, h("h2", {}, title), ...children);
}

export function table(caption, names, rows) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h("table", {}, h("thead", {}, h("tr", {}, names.map((each) => (each ? h("th", { scope: "col" }, each) : h("td"))))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((each) => h("td", {}, each)))))));
}

// Draws once the stream of events has begun, or cannot; and again when one of the kinds of things
// changes. Only one drawing at a time.
export function live(kinds, draw) {
  let drawing = false, again = false;
  const problem = h("p", { role: "alert", class: "bad" });
  const redraw = async () => {
    if (drawing) return void (again = true);
    drawing = true;
    do {
      again = false;
      try {
        await draw();
        problem.remove();
      } catch (failure) {
        problem.textContent = failure.message;
        room.before(problem);
        room.removeAttribute("aria-busy");
      }
    } while (again);
    drawing = false;
  };
  kinds.forEach((kind) => events.addEventListener(kind, redraw));
  if (tried) redraw();
  else events.addEventListener("error", redraw, { once: true });
  return redraw;
}

document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

const state = document.getElementById("live");
export const events = new EventSource("/_mock/events");
events.addEventListener("open", () => (state.textContent = "● live"));
events.addEventListener("error", () => (state.textContent = "○ not connected"));

let tried = false; // the stream has begun, or failed
for (const kind of ["hello", "error"]) events.addEventListener(kind, () => (tried = true));

// The org's time, told once a second: by how much it is ahead of this machine, or where it stands.
let ahead = 0, stands = null;
export const orgTime = () => stands ?? Date.now() + ahead;

function tick() {
  if (!heard) return;
  const now = new Date(orgTime()).toISOString();
  document.getElementById("clock").textContent = `${now.slice(0, 16).replace("T", " ")} UTC${stands ? " (frozen)" : ""}`;
  dispatchEvent(new CustomEvent("tick"));
}
let heard = false;
async function tell() {
  const { now, frozen } = await api("GET", "/_mock/clock");
  [ahead, stands, heard] = [Date.parse(now) - Date.now(), frozen ? Date.parse(now) : null, true];
  tick();
}
setInterval(tick, 1000);
events.addEventListener("hello", tell);
events.addEventListener("clock", tell);

function badge(name, path, count) {
  const update = async () => {
    const waiting = count(await api("GET", path));
    const place = document.querySelector(`nav [data-room=${name}] .badge`);
    place.textContent = waiting || "";
    place.hidden = !waiting;
  };
  return update;
}
export const unread = badge("outbox", "/_mock/outbox", ({ messages }) => {
  const seen = Number(localStorage.getItem("outbox-seen") ?? 0);
  return messages.filter((each) => Date.parse(each.created_at) > seen).length;
});
const waiting = badge("push", "/_mock/push", ({ pushes }) => pushes.filter((each) => each.answer === "WAITING").length);
for (const kind of ["hello", "outbox"]) events.addEventListener(kind, unread);
for (const kind of ["hello", "pushes"]) events.addEventListener(kind, waiting);
