import { api, button, card, copied, copy, h, live, same, show } from "./console.js";

// How apps of each stack name what `mock-okta run --env` fills in. docs/stacks/run.md has the same
// table, which a test compares. The braces hold JSON.
const STACKS = {
  "Vite": {"issuer": "VITE_OKTA_ISSUER", "client_id": "VITE_OKTA_CLIENT_ID"},
  "Next.js, in the browser": {"issuer": "NEXT_PUBLIC_OKTA_ISSUER", "client_id": "NEXT_PUBLIC_OKTA_CLIENT_ID"},
  "Auth.js": {"issuer": "AUTH_OKTA_ISSUER", "client_id": "AUTH_OKTA_ID", "client_secret": "AUTH_OKTA_SECRET"},
  "Create React App": {"issuer": "REACT_APP_OKTA_ISSUER", "client_id": "REACT_APP_OKTA_CLIENT_ID"},
  "Cypress": {"issuer": "CYPRESS_OKTA_ISSUER", "client_id": "CYPRESS_OKTA_CLIENT_ID"},
  "express-openid-connect": {"issuer": "ISSUER_BASE_URL", "client_id": "CLIENT_ID", "client_secret": "CLIENT_SECRET"},
  "Spring Boot with Okta's starter": {"issuer": "OKTA_OAUTH2_ISSUER", "client_id": "OKTA_OAUTH2_CLIENT_ID", "client_secret": "OKTA_OAUTH2_CLIENT_SECRET"},
  ".NET": {"issuer": "Okta__Issuer", "client_id": "Okta__ClientId", "client_secret": "Okta__ClientSecret"},
  "Go and others": {"issuer": "OKTA_ISSUER", "client_id": "OKTA_CLIENT_ID", "client_secret": "OKTA_CLIENT_SECRET"}
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
  if (!clients.length) return null;
  const kind = h("select", {}, Object.keys(STACKS).map((each) => h("option", {}, each)));
  const client = h("select", {}, clients.map((each) => h("option", { value: each.client_id }, each.name)));
  const place = h("div");
  const draw = () => {
    const chosen = clients.find((each) => each.client_id === client.value);
    const values = {
      issuer: issuer.value, client_id: chosen.client_id, client_secret: chosen.client_secret ?? "none: this client is public",
    };
    const text = Object.entries(STACKS[kind.value]).map(([value, name]) => `${name}=${values[value]}`).join("\n");
    place.replaceChildren(h("pre", { tabindex: "0" }, text), copy(text, "the settings"));
  };
  [kind, client, issuer].forEach((each) => each.addEventListener("change", draw));
  draw();
  return card(".env for your app", h("div", { class: "row" }, h("label", {}, "Stack ", kind), h("label", {}, "Client ", client)), place);
}

const MOST = 10;

function users(org) {
  const more = org.users.length - MOST;
  return card("Sign in as …",
    h("p", { class: "quiet small" }, "One click, no password: this browser then has that user's session at the org."),
    !org.users.length && h("p", { class: "quiet" }, "There are no users: ", h("a", { href: "/_mock/console/users" }, "create one")),
    h("ul", { class: "list" }, org.users.slice(0, MOST).map((user) => h("li", { class: "row" },
      h("span", { class: "grow small" }, user.login, " ", h("span", { class: `chip ${user.status === "ACTIVE" ? "good" : "warn"}` }, user.status)),
      copy(user.password, `copy that of ${user.login}`, "Password"),
      button("Sign in", () => api("POST", "/_mock/sessions", { user: user.login }),
        { done: `This browser is signed in as ${user.login}`, kind: "little", label: `Sign in as ${user.login}` })))),
    more > 0 && h("p", {}, h("a", { href: "/_mock/console/users" }, `${more} more users`)),
    h("p", {}, h("a", { href: "/app/UserHome" }, "The user's home page"), " · ", h("a", { href: "/login/login.htm" }, "The sign-in page")),
    same("POST", "/_mock/sessions", { user: org.users[0]?.login ?? "…" }));
}

// All redirect URIs of a client, those first that hold what is typed: most orgs have a hundred.
function redirects(client) {
  const list = h("ul", { class: "list small tall", tabindex: "0", "aria-label": `Redirect URIs of ${client.name}` });
  const filter = h("input", { type: "search", placeholder: "Is yours there?", "aria-label": `Filter the redirect URIs of ${client.name}`, oninput: () => draw() });
  const draw = () => {
    const found = client.login_redirect_uris.filter((each) => each.includes(filter.value.trim()));
    list.replaceChildren(...(found.length ? found.map((uri) => h("li", {}, copied(uri, uri))) : [h("li", { class: "quiet" }, "No such redirect URI: ", h("a", { href: "/_mock/console/policies" }, "add it in Apps & policies"))]));
  };
  draw();
  return h("details", {}, h("summary", {}, `${client.login_redirect_uris.length} redirect URIs`), filter, list);
}

function clients(org) {
  if (!org.clients.length) return card("Clients", h("p", { class: "quiet" }, "There are none. Add ", h("code", {}, "clients"), " to the seed, or import one in ", h("a", { href: "/_mock/console/state" }, "State"), "."));
  return card("Clients", org.clients.map((client) => h("div", { class: "client" },
    h("h3", {}, client.name, " ", h("span", { class: "quiet small" }, KINDS[client.type] ?? client.type)),
    h("p", {}, "Client ID ", copied(client.client_id, `the client ID of ${client.name}`)),
    client.client_secret && h("p", {}, "Secret ", copied(client.client_secret, `the secret of ${client.name}`)),
    client.login_redirect_uris.length ? redirects(client) : null)));
}

const KINDS = { spa: "in a browser, without a secret", web: "on a server, with a secret", native: "on a device, without a secret", service: "without users" };

live(["hello", "users"], async () => {
  const org = await api("GET", "/_mock/org");
  const ids = Object.keys(org.issuers).sort((a, b) => (a === "org") - (b === "org"));
  const named = (id) => (id === "org" ? "the org's own" : id);
  const issuer = h("select", { "aria-label": "Issuer" }, ids.map((id) => h("option", { value: org.issuers[id] }, `${named(id)}: ${org.issuers[id]}`)));
  const issuers = ids.map((id) => h("p", {}, h("span", { class: "small quiet" }, named(id)), copied(org.issuers[id], `the issuer ${id}`)));
  show(h("div", { class: "cards" },
    h("div", {}, card("Issuers", issuers, same("GET", "/_mock/org", undefined, "okta_org.control.org()")), snippets(issuer, org.clients), clients(org)),
    h("div", {}, users(org),
      card("Test client", h("p", { class: "quiet small" }, "Walks a whole sign-in (code and PKCE) and shows each leg. It adds a client of its own to the org."),
        h("div", { class: "row" }, issuer, button("Walk a sign-in", () => walk(issuer.value), { kind: "first" }))))));
});
