import { api, button, copy, h, live, python, same, show, when } from "./console.js";
import { fixOf, yaml } from "./fixes.js";

const filter = h("input", { type: "search", placeholder: "Path, client or user", "aria-label": "Filter by path, client or user", oninput: () => draw() });
const refused = h("input", { type: "checkbox", onchange: () => draw() });
const list = h("ul", { class: "list", "aria-label": "Requests, newest first" });
let requests = [], last, paused = false;

const isRefused = (each) => each.status === null || each.status >= 400 || each.remarks.length > 0;
const jwt = /\b(ey[\w-]+\.ey[\w-]+\.[\w-]*)/g;

function curlOf(each) {
  const skip = new Set(["host", "content-length", "connection", "accept-encoding"]);
  const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
  const headers = Object.entries(each.headers).filter(([name]) => !skip.has(name)).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  const url = location.origin + each.path + (each.query && `?${each.query}`);
  return ["curl", `-X ${each.method}`, ...headers, each.body && `--data-raw ${quote(each.body)}`, quote(url)].filter(Boolean).join(" ");
}

function har(all) {
  const pairs = (each) => Object.entries(each).map(([name, value]) => ({ name, value }));
  return { log: { version: "1.2", creator: { name: "mock-okta", version: "1" }, entries: all.map((each) => ({
    startedDateTime: each.at, time: each.milliseconds, cache: {}, timings: { send: 0, wait: each.milliseconds, receive: 0 },
    request: { method: each.method, url: location.origin + each.path + (each.query && `?${each.query}`), httpVersion: "HTTP/1.1",
      headers: pairs(each.headers), queryString: [...new URLSearchParams(each.query)].map(([name, value]) => ({ name, value })), cookies: [],
      headersSize: -1, bodySize: each.body_size, ...(each.body && { postData: { mimeType: each.headers["content-type"] ?? "", text: each.body } }) },
    response: { status: each.status ?? 0, statusText: "", httpVersion: "HTTP/1.1", headers: pairs(each.response_headers), cookies: [],
      redirectURL: each.response_headers.location ?? "", headersSize: -1, bodySize: each.response_body_size,
      content: { size: each.response_body_size, mimeType: each.response_headers["content-type"] ?? "", text: each.response_body } },
  })) } };
}

export function save(name, text, type) {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

// The seed as YAML, with the lines that are new marked and in sight.
function marked(change) {
  const isNew = (line) => change.added.some((each) => line.includes(JSON.stringify(each)));
  const pre = h("pre", { tabindex: "0" }, yaml(change.seed).split("\n").map((line) => [isNew(line) ? h("mark", {}, line) : line, "\n"]));
  requestAnimationFrame(() => (pre.scrollTop = (pre.querySelector("mark")?.offsetTop ?? 0) - pre.offsetTop - pre.clientHeight / 2));
  return pre;
}

const callOf = (change) => change.call ?? ["PUT", "/_mock/seed", change.seed, `okta_org.control.seed(${python(change.seed)})`];

async function fix(each, place) {
  const change = await fixOf(each);
  if (!change) return;
  const apply = async () => {
    const [method, path, body] = callOf((await fixOf(each)) ?? change); // the org may have changed since
    await api(method, path, body);
  };
  place.replaceChildren(h("div", { class: "card" }, h("div", { class: "row" }, h("span", { class: "grow" }, h("strong", {}, change.title), change.added && [" ", h("code", {}, change.added.join(" "))]),
    button("Fix", apply, { kind: "first", done: "Fixed in the running org: try again" })),
  change.seed && [h("p", { class: "small quiet" }, "For the next start, in the seed:"), marked(change), copy(yaml(change.seed), "the YAML")], same(...callOf(change))));
}

async function tokensIn(each) {
  const found = [...new Set([...`${each.headers.authorization ?? ""} ${each.headers.dpop ?? ""} ${each.query} ${each.body} ${each.response_body}`.matchAll(jwt)].map(([token]) => token))];
  return Promise.all(found.map(async (token) => {
    const { header, claims } = await api("POST", "/_mock/tokens/decode", { token });
    return h("details", {}, h("summary", {}, `JWT ${header.typ ?? ""} ${token.slice(0, 12)}…`), h("pre", { tabindex: "0" }, JSON.stringify({ header, claims }, null, 2)));
  }));
}

function detail(each) {
  const text = (headers, body) => Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join("\n") + (body ? `\n\n${body}` : "");
  const tokens = h("div");
  const remedy = h("div");
  tokensIn(each).then((found) => tokens.replaceChildren(...found));
  fix(each, remedy);
  const fault = { kind: "status", status: 503, path: each.path, method: each.method };
  const expected = `expect_request(okta_org.control, method="${each.method}", path="${each.path}"${each.status === null ? "" : `, status=${each.status}`})`;
  return h("div", {},
    each.remarks.map((why) => h("p", { class: "why" }, why)), each.fault && h("p", { class: "warn" }, "It met a fault that was planned: see ", h("a", { href: "/_mock/console/faults" }, "Faults")), remedy,
    h("div", { class: "row" }, button("Copy as curl", () => navigator.clipboard.writeText(curlOf(each)), { done: "Copied" }),
      button("Copy as expect_request", () => navigator.clipboard.writeText(expected), { done: "Copied" }),
      button("Plan a 503 for the next", () => api("POST", "/_mock/faults", fault), { done: "Planned: see Faults" })),
    h("h2", {}, "Request"), h("pre", { tabindex: "0" }, `${each.method} ${each.path}${each.query && `?${each.query}`}\n${text(each.headers, each.body)}`),
    h("h2", {}, "Answer"), h("pre", { tabindex: "0" }, `${each.status ?? "connection dropped"}\n${text(each.response_headers, each.response_body)}`), tokens);
}

function line(each) {
  const tone = each.status === null || each.status >= 400 ? "bad" : "good";
  const item = h("details", { id: each.id }, h("summary", {}, h("span", { class: `chip ${tone}` }, each.status ?? "dropped"), " ", h("strong", {}, each.method), " ", each.path, " ",
    h("span", { class: "quiet small" }, when(each.at), ` · ${each.milliseconds} ms`, each.client_id && ` · ${each.client_id}`, each.user && ` · ${each.user}`),
    each.remarks[0] && h("span", { class: "small brief" }, h("br"), "why: ", each.remarks[0])));
  item.addEventListener("toggle", () => item.open && item.children.length === 1 && item.append(detail(each)));
  if (location.hash === `#${each.id}`) item.open = true;
  return h("li", {}, item);
}

const wanted = (each) => (!refused.checked || isRefused(each)) && `${each.path} ${each.client_id} ${each.user}`.toLowerCase().includes(filter.value.toLowerCase());

function draw() {
  const all = requests.filter(wanted).toReversed();
  list.replaceChildren(...(all.length ? all.map(line) : [h("li", { class: "quiet" }, "Nothing yet: requests appear here as they come.")]));
}

const pause = h("button", { type: "button", "aria-pressed": "false", onclick: () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
  if (!paused) update();
} }, "Pause");

show(h("div", { class: "row card" }, filter, h("label", { class: "grow" }, refused, "Refused only"), pause,
  button("Clear", async () => { await api("DELETE", "/_mock/requests"); requests = []; last = undefined; draw(); }, { done: "Cleared" }),
  button("Save as HAR", () => save("mock-okta.har", JSON.stringify(har(requests.filter(wanted)), null, 1), "application/json"))),
  h("div", { class: "card" }, list), same("GET", "/_mock/requests", undefined, "okta_org.control.requests(status=400)"));

let isLed = Boolean(location.hash); // a link of a refusal leads to its line
const update = live(["hello", "requests"], async () => {
  if (paused) return;
  const { requests: later } = await api("GET", `/_mock/requests${last ? `?after=${encodeURIComponent(last)}` : ""}`);
  const known = new Set(requests.map((each) => each.id));
  const fresh = later.filter((each) => !known.has(each.id));
  requests = [...requests, ...fresh].slice(-1000);
  last = requests.at(-1)?.id;
  if (fresh.length || !list.children.length) {
    const open = new Set([...list.querySelectorAll("details[id][open]")].map((each) => each.id));
    draw();
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (isLed) document.getElementById(location.hash.slice(1))?.scrollIntoView();
    isLed = false;
  }
});
