import { api, card, h, live, show } from "./console.js";

live(["hello"], async () => {
  const { info } = await api("GET", "/_mock/openapi.json");
  const org = await api("GET", "/_mock/org");
  const { hostname, protocol } = new URL(org.url);
  const warnings = [
    hostname !== location.hostname && `This page is at ${location.hostname}, the org at ${hostname}: for a browser these are different sites. Open ${org.url}/_mock/console.`,
    protocol === "http:" && "The org serves http: browsers send its session cookie to apps of the same host name only. An app at https needs an org at https (mock-okta serve --tls).",
    !globalThis.isSecureContext && "This is no secure context: browsers then have no WebAuthn and no PKCE (crypto.subtle). Use localhost, or https.",
  ].filter(Boolean);
  show(card("This org", h("p", {}, `${org.url}, ${org.engine === "identity" ? "Okta Identity Engine" : "Okta Classic Engine"}, ${org.users.length} users, ${org.clients.length} clients`), h("p", {}, h("a", { href: "/_mock/openapi.json" }, `The control API, version ${info.version}`), " describes all that this console can do.")),
    card("To look out for", warnings.length ? warnings.map((each) => h("p", { class: "warn" }, each)) : h("p", { class: "good" }, "Nothing.")));
});
