import { api, card, h, live, show } from "./console.js";

const filter = h("input", { type: "search", placeholder: "Part of a path", "aria-label": "Filter the paths", oninput: () => draw() });
const list = h("ul", { class: "list small", "aria-label": "Paths that are served" });
let served = [];

function draw() {
  const found = served.filter((each) => each.toLowerCase().includes(filter.value.toLowerCase()));
  list.replaceChildren(...(found.length ? found.map((each) => h("li", {}, h("code", {}, each))) : [h("li", { class: "quiet" }, "No such path is served. An app that asks for it gets 404, with the reason in Requests.")]));
}

function warnings(org) {
  const { hostname, protocol } = new URL(org.url);
  return [
    hostname !== location.hostname && `This page is at ${location.hostname}, the org at ${hostname}: for a browser these are different sites. Open ${org.url}/_mock/console.`,
    protocol === "http:" && "The org serves http: browsers send its session cookie to apps of the same host name only. An app at https needs an org at https (mock-okta serve --https).",
    !globalThis.isSecureContext && "This is no secure context: browsers then have no WebAuthn and no PKCE (crypto.subtle). Use localhost, or https.",
    !navigator.cookieEnabled && "This browser keeps no cookies for the org: sign-ins cannot last.",
    "An app on another host name than the org's renews tokens silently only if the browser allows third-party cookies. Use the same host name, such as localhost, for both.",
  ].filter(Boolean);
}

live(["hello"], async () => {
  const org = await api("GET", "/_mock/org"), about = await api("GET", "/_mock/about");
  served = about.served;
  const releases = about.releases.map((each) => (each === about.hosted_release ? `${each} (on the org's own pages)` : each));
  show(card("This org", h("p", {}, `mock-okta ${about.version} at ${org.url}: ${org.engine === "identity" ? "Okta Identity Engine" : "Okta Classic Engine"}, ${org.users.length} users, ${org.clients.length} clients`),
    h("p", {}, about.lasts ? "Its state outlives the process." : "Its state is in memory: it ends with the process."),
    h("p", {}, "Sign-In Widget: ", releases.join(", ") || h("span", { class: "warn" }, `none is installed: run mock-okta widget install ${about.hosted_release}`)),
    h("p", {}, h("a", { href: "/_mock/openapi.json" }, "The control API"), " describes all that this console can do.")),
  card("To look out for", warnings(org).map((each) => h("p", { class: "warn" }, each))),
  card("What is served", h("p", {}, filter), list));
  draw();
});
