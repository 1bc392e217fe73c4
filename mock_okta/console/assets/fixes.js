// What would allow a refused request: from its reasons, a change of the seed that is sent to the org.

const parameters = (request) => {
  const isForm = (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
  return Object.fromEntries([...new URLSearchParams(isForm ? request.body : ""), ...new URLSearchParams(request.query)].reverse());
};
const found = (request, pattern) => request.remarks.map((each) => each.match(pattern)).find(Boolean);
const type = (list, id, key, change) => {
  const known = list.find((each) => each[key] === id);
  return known && { ...known, ...change(known) };
};

const FIXES = [
  (request, org) => {
    const uri = parameters(request).redirect_uri;
    const match = found(request, /is not in login_redirect_uris of client (\S+): add it/);
    const client = match && type(org.clients, match[1], "client_id", (each) => ({ login_redirect_uris: [...(each.login_redirect_uris ?? []), uri] }));
    return client && { title: "Add this redirect URI to the client", seed: { clients: [client] } };
  },
  (request) => {
    const match = found(request, /origin (\S+) may not read this: add \S+ to a client's base_uris/);
    return match && { title: "Trust this origin", seed: { trusted_origins: [match[1]] } };
  },
  (request, org) => {
    const match = found(request, /origin (\S+) may not read this: add a URI of \S+ to the client's login_redirect_uris/);
    const id = match && parameters(request).client_id;
    const client = id && type(org.clients, id, "client_id", (each) => ({ login_redirect_uris: [...(each.login_redirect_uris ?? []), match[1]] }));
    return client && { title: "Add this origin to the client's redirect URIs", seed: { clients: [client] } };
  },
  (request, org) => {
    const match = found(request, /no scope '([^']+)' at server '([^']+)'/);
    const server = match && type(org.authorization_servers, match[2], "id", (each) => ({ scopes: [...(each.scopes ?? []), { name: match[1] }] }));
    return server && { title: "Add this scope to the authorization server", seed: { authorization_servers: [server] } };
  },
  (request, org) => {
    const match = found(request, /add (.+) to the okta_scopes of client (\S+)/);
    const client = match && type(org.clients, match[2], "client_id", (each) => ({ okta_scopes: [...(each.okta_scopes ?? []), ...match[1].split(" ")] }));
    return client && { title: "Grant these scopes to the client", seed: { clients: [client] } };
  },
  (request) => {
    const match = found(request, /no client '([^']+)': add it/);
    const uri = parameters(request).redirect_uri;
    const client = match && { name: match[1], type: "spa", client_id: match[1], login_redirect_uris: uri ? [uri] : [] };
    return client && { title: "Add this client as a single-page app", seed: { clients: [client] } };
  },
];

export function fixOf(request, org) {
  for (const fix of FIXES) {
    const change = fix(request, org);
    if (change) return change;
  }
  return null;
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
