import { api, card, h, show } from "./console.js";

const came = Object.fromEntries(new URLSearchParams(location.search));
history.replaceState(null, "", location.pathname); // the code does not stay in the address
const walk = JSON.parse(sessionStorage.getItem("walk") ?? "null");
const legs = [];

function leg(title, data, good = true) {
  legs.push(card(`${legs.length + 1} ${title}`, h("pre", { tabindex: "0", class: good ? "" : "bad" }, JSON.stringify(data, null, 2))));
  show(legs, h("p", {}, h("a", { href: "/_mock/console" }, "Back to Home")));
}

async function sent(path, options) {
  const answer = await fetch(path, options);
  return [answer.ok, await answer.json().catch(() => ({ status: answer.status }))];
}

async function go() {
  if (!walk) return leg("No sign-in was begun in this tab", { next: "Begin on Home" }, false);
  const path = new URL(walk.issuer).pathname.replace(/\/$/, "");
  const [, discovery] = await sent(`${path}/.well-known/openid-configuration`);
  leg("Discovery", { issuer: discovery.issuer, authorization_endpoint: discovery.authorization_endpoint, token_endpoint: discovery.token_endpoint });
  const { code, ...rest } = came;
  leg("Came back from /authorize", { ...rest, code: code && `${code.slice(0, 6)}…`, "state is ours": came.state === walk.state }, Boolean(code));
  if (!code || came.state !== walk.state) return;
  const [redeemed, tokens] = await sent(new URL(discovery.token_endpoint).pathname, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "authorization_code", client_id: walk.client, redirect_uri: walk.callback, code, code_verifier: walk.verifier }),
  });
  sessionStorage.removeItem("walk");
  leg("Code for tokens at /token", tokens, redeemed);
  if (!redeemed) return;
  leg("The ID token, verified", await api("POST", "/_mock/tokens/decode", { token: tokens.id_token }));
  const [known, claims] = await sent(new URL(discovery.userinfo_endpoint).pathname, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
  leg("Who it is, from /userinfo", claims, known);
}
go();
