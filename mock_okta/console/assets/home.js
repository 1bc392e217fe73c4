import { api, button, card, copied, copy, h, live, same, show } from "./console.js";

const SNIPPETS = {
  Vite: (i, c) => `VITE_OKTA_ISSUER=${i}\nVITE_OKTA_CLIENT_ID=${c}`,
  Next: (i, c) => `NEXT_PUBLIC_OKTA_ISSUER=${i}\nNEXT_PUBLIC_OKTA_CLIENT_ID=${c}`,
  "Create React App": (i, c) => `REACT_APP_OKTA_ISSUER=${i}\nREACT_APP_OKTA_CLIENT_ID=${c}`,
  Spring: (i, c, s) => `OKTA_OAUTH2_ISSUER=${i}\nOKTA_OAUTH2_CLIENT_ID=${c}\nOKTA_OAUTH2_CLIENT_SECRET=${s}`,
  Express: (i, c, s) => `ISSUER_BASE_URL=${i}\nCLIENT_ID=${c}\nCLIENT_SECRET=${s}`,
  ".NET": (i, c, s) => `Okta__Issuer=${i}\nOkta__ClientId=${c}\nOkta__ClientSecret=${s}`,
  Go: (i, c, s) => `OKTA_ISSUER=${i}\nOKTA_CLIENT_ID=${c}\nOKTA_CLIENT_SECRET=${s}`,
};

const TESTER = "0oa1console0000000h7";
const callback = `${location.origin}/_mock/console/callback`;

function base64url(octets) {
  return btoa(String.fromCharCode(...octets)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function walk(issuer) {
  const seed = {
    clients: [{ name: "Console test client", type: "spa", client_id: TESTER, login_redirect_uris: [callback] }],
  };
  await api("PUT", "/_mock/seed", seed);
  const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
  const verifier = random(), state = random();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  sessionStorage.setItem("walk", JSON.stringify({ issuer, verifier, state, client: TESTER, callback }));
  const discovery = await api("GET", new URL(`${issuer}/.well-known/openid-configuration`).pathname);
  location.assign(`${new URL(discovery.authorization_endpoint).pathname}?${new URLSearchParams({
    client_id: TESTER, response_type: "code", scope: "openid profile email", redirect_uri: callback,
    state, nonce: random(), code_challenge: base64url(digest), code_challenge_method: "S256",
  })}`);
}

function snippets(issuer, clients) {
  const kind = h("select", {}, Object.keys(SNIPPETS).map((each) => h("option", {}, each)));
  const client = h("select", {}, clients.map((each) => h("option", { value: each.client_id }, each.name)));
  const place = h("div");
  const draw = () => {
    const chosen = clients.find((each) => each.client_id === client.value);
    const text = SNIPPETS[kind.value](issuer.value, chosen.client_id, chosen.client_secret ?? "none: this client is public");
    place.replaceChildren(h("pre", { tabindex: "0" }, text), copy(text, "the settings"));
  };
  [kind, client, issuer].forEach((each) => each.addEventListener("change", draw));
  draw();
  return card(".env for your app", h("div", { class: "row" }, h("label", {}, "Stack ", kind), h("label", {}, "Client ", client)), place);
}

function users(org) {
  return card("Sign in as …",
    h("p", { class: "quiet small" }, "One click, no password: this browser then has that user's session at the org."),
    h("ul", { class: "list" }, org.users.map((user) => h("li", { class: "row" },
      h("span", { class: "grow small" }, user.login, " ", h("span", { class: "chip" }, user.status)),
      copy(user.password, `copy that of ${user.login}`, "Password"),
      button("Sign in", () => api("POST", "/_mock/sessions", { user: user.login }),
        { done: `This browser is signed in as ${user.login}`, kind: "little", label: `Sign in as ${user.login}` })))),
    h("p", {}, h("a", { href: "/app/UserHome" }, "The user's home page"), " · ", h("a", { href: "/login/login.htm" }, "The sign-in page")),
    same("POST", "/_mock/sessions", { user: org.users[0]?.login ?? "…" }));
}

function clients(org) {
  return card("Clients", org.clients.map((client) => h("details", {},
    h("summary", {}, h("strong", {}, client.name), ` (${client.type})`),
    h("p", {}, "Client ID ", copied(client.client_id, `the client ID of ${client.name}`)),
    client.client_secret && h("p", {}, "Secret ", copied(client.client_secret, `the secret of ${client.name}`)),
    h("p", {}, `${client.login_redirect_uris.length} redirect URIs`),
    h("ul", { class: "list small" }, client.login_redirect_uris.map((uri) => h("li", {}, copied(uri, uri)))))));
}

live(["hello", "users"], async () => {
  const org = await api("GET", "/_mock/org");
  const issuer = h("select", { "aria-label": "Issuer" },
    Object.entries(org.issuers).sort(([a], [b]) => (a === "org") - (b === "org")).map(([id, each]) => h("option", { value: each }, `${id}: ${each}`)));
  const issuers = Object.entries(org.issuers).map(([id, each]) => h("p", {}, h("span", { class: "small quiet" }, id), copied(each, `the issuer ${id}`)));
  show(h("div", { class: "cards" },
    card("Issuers", issuers, same("GET", "/_mock/org", undefined, "okta_org.control.org()")),
    card("Test client", h("p", { class: "quiet small" }, "Walks a whole sign-in (code and PKCE) and shows each leg. It adds a client of its own to the org."),
      h("div", { class: "row" }, issuer, button("Walk a sign-in", () => walk(issuer.value), { kind: "first" }))),
    users(org), clients(org), snippets(issuer, org.clients)));
});
