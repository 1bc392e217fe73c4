// What would allow a refused request: from its reasons, a change of the seed that is sent to the org.
import { api } from "./console.js";

const parameters = (request) => {
  const isForm = (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
  return Object.fromEntries([...new URLSearchParams(isForm ? request.body : ""), ...new URLSearchParams(request.query)].reverse());
};
// The id and secret of a client that sent them in the header or in the form.
const credentials = (request) => {
  const basic = /^Basic (\S+)$/i.exec(request.headers.authorization ?? "");
  const [id, secret] = basic ? atob(basic[1]).split(":").map(decodeURIComponent) : [];
  const { client_id, client_secret } = parameters(request);
  return { id: id ?? client_id, secret: secret ?? client_secret };
};
const found = (request, pattern) => request.remarks.map((each) => each.match(pattern)).find(Boolean);
const originOf = (address) => (URL.canParse(address) ? new URL(address).origin : null);

// The client with one more entry in a list, as the seed has it.
function longer(org, id, field, entries, title) {
  const client = org.clients.find((each) => each.client_id === id);
  return client && { title, added: entries, seed: { clients: [{ ...client, [field]: [...(client[field] ?? []), ...entries] }] } };
}

// Grant types left out are those of the client's type; the org knows which.
function withGrant(org, id, grant, { clients }) {
  const [client, shown] = [org, { clients }].map((each) => each.clients.find(({ client_id }) => client_id === id));
  return client && shown && { title: `Let ${client.name} use the grant type ${grant}`, added: [grant],
    seed: { clients: [{ ...client, grant_types: [...shown.grant_types, grant] }] } };
}

// Each: the reason, and from its match what to change. `seed` is added to the org; `call` is what else changes it.
const FIXES = [
  [/is not in login_redirect_uris of client (\S+): add it/, ([, id], request, org) => longer(org, id, "login_redirect_uris", [parameters(request).redirect_uri], "Add this redirect URI to the client")],
  [/is not in logout_redirect_uris of client (\S+): add it/, ([, id], request, org) => longer(org, id, "logout_redirect_uris", [parameters(request).post_logout_redirect_uri], "Add this sign-out redirect URI to the client")],
  [/origin (\S+) may not read this: add \S+ to a client's base_uris/, ([, origin]) => ({ title: "Trust this origin", added: [origin], seed: { trusted_origins: [origin] } })],
  [/origin (\S+) may not read this: add a URI of \S+ to the client's login_redirect_uris/, ([, origin], request, org) => longer(org, credentials(request).id, "login_redirect_uris", [origin], "Add this origin to the client's redirect URIs")],
  [/add the origin of '([^']+)' to trusted_origins/, ([, address]) => originOf(address) && { title: "Trust this origin", added: [originOf(address)], seed: { trusted_origins: [originOf(address)] } }],
  [/no scope '([^']+)' at server '([^']+)'/, ([, scope, id], _, org) => {
    const server = org.authorization_servers.find((each) => each.id === id);
    return server && { title: "Add this scope to the authorization server", added: [scope], seed: { authorization_servers: [{ ...server, scopes: [...(server.scopes ?? []), { name: scope }] }] } };
  }],
  [/add (.+) to the okta_scopes of client (\S+)/, ([, scopes, id], _, org) => longer(org, id, "okta_scopes", scopes.split(" "), "Grant these scopes to the client")],
  [/^add '([^']+)' to the grant_types of client (\S+)$/, ([, grant, id], _, org, facts) => withGrant(org, id, grant, facts)],
  [/needs the grant type '([^']+)', which client (\S+) does not have/, ([, grant, id], _, org, facts) => withGrant(org, id, grant, facts)],
  [/no client '([^']+)': add it/, ([, id], request) => {
    const uri = parameters(request).redirect_uri, { secret } = credentials(request);
    const kind = secret ? (parameters(request).grant_type === "client_credentials" ? "service" : "web") : "spa";
    const words = { spa: "single-page app", web: "web app", service: "service" };
    return { title: `Add this client as a ${words[kind]}`, added: [id], seed: { clients: [{ name: id, type: kind, client_id: id, ...(secret && { client_secret: secret }), ...(kind !== "service" && { login_redirect_uris: uri ? [uri] : [] }) }] } };
  }],
  [/no authorization server '([^']+)': add it/, ([, id]) => ({ title: "Add this authorization server", added: [id], seed: { authorization_servers: [{ id }] } })],
  [/no such API token: add it/, (_, request) => {
    const token = /^SSWS (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    return token && { title: "Add this API token", added: [token], seed: { api_tokens: [{ token }] } };
  }],
  [/(\S+) is not assigned to client (\S+): see assigned_users/, ([, login, id], _, org) => longer(org, id, "assigned_users", [login], "Assign the user to the client")],
  [/NoSuchUser(?: for \S+)?: (\S+)$/, ([, login]) => ({ title: "Add this user, with the password mock-Password-1", added: [login], seed: { users: [{ login, password: "mock-Password-1" }] } })],
  [/(\S+) is locked out/, ([, login]) => ({ title: "Unlock the user", call: ["POST", `/_mock/users/${encodeURIComponent(login)}/lifecycle/unlock`, undefined, `okta_org.control.change_user("${login}", "unlock")`] })],
];

// What allows the request in the org as it is now; null if nothing in the org would.
export async function fixOf(request) {
  const [match, change] = FIXES.map(([pattern, each]) => [found(request, pattern), each]).find(([each]) => each) ?? [];
  if (!match) return null;
  const [org, facts] = await Promise.all([api("GET", "/_mock/seed"), api("GET", "/_mock/org")]);
  return change(match, request, org, facts) || null;
}

export function yaml(value, indent = "") {
  const plain = (each) => (typeof each === "string" ? JSON.stringify(each) : String(each));
  const isNested = (each) => each !== null && typeof each === "object" && Object.keys(each).length;
  const lines = (each, deeper) => (isNested(each) ? `\n${yaml(each, deeper)}` : ` ${each !== null && typeof each === "object" ? JSON.stringify(each) : plain(each)}`);
  if (Array.isArray(value)) {
    return value.map((each) => (isNested(each) ? `${indent}- ${yaml(each, `${indent}  `).trimStart()}` : `${indent}-${lines(each)}`)).join("\n");
  }
  return Object.entries(value).map(([key, each]) => `${indent}${key}:${lines(each, `${indent}  `)}`).join("\n");
}
