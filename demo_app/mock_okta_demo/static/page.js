// The code of the page for all releases of the widget. The file of a release (v2.js, v3.js, v5.js, v7.js)
// has the rest, and passes it to start().

export const config = JSON.parse(document.getElementById("config").textContent);

// Silent flows wait for a message from a hidden frame. A frame that shows an error page sends none:
// the library waits for two minutes, we wait for ten seconds.
export const PATIENCE = 10_000;

const body = document.body;
const element = (id) => document.getElementById(id);

// The widget's options for all releases; each release adds its own.
export function createWidget(options) {
  if (!window.OktaSignIn) {
    showState("error");
    const error = new Error(`The widget's files could not be loaded from ${config.assets}`);
    showError(error);
    throw error;
  }
  const widget = new window.OktaSignIn({
    baseUrl: config.org,
    clientId: config.clientId,
    redirectUri: config.redirectUri,
    logo: "/static/icon.svg",
    language: "en",
    assets: { baseUrl: config.assets },
    oAuthTimeout: PATIENCE,
    ...config.options,
    ...askedByAddress(),
    ...options,
  });
  widget.on("afterRender", (context) => { body.dataset.widget = context.controller; });
  widget.on("afterError", (context, error) => showError(error));
  window.oktaSignIn = widget; // for the console
  return widget;
}

// The address can turn on features of the widget, and continue what began elsewhere:
// `?features=registration,selfServiceUnlock`, `?stateToken=00…`, `?recoveryToken=…`.
function askedByAddress() {
  const asked = new URLSearchParams(window.location.search);
  const names = ["rememberMe", ...(asked.get("features") || "").split(",")].filter(Boolean);
  const options = { features: Object.fromEntries(names.map((name) => [name, true])) };
  for (const token of ["stateToken", "recoveryToken"].filter((name) => asked.has(name))) {
    options[token] = asked.get(token);
  }
  return options;
}

// `app` is one release's way to: hasTokensInUrl, parseTokens, session, render, tokens, clear,
// verify, renew, signOut. All but hasTokensInUrl and clear may be asynchronous; a release that
// cannot check signatures has no verify.
export async function start(app) {
  element("get-messages").addEventListener("click", (event) => busy(event, () => getMessages(app)));
  element("renew-tokens").addEventListener("click", (event) => busy(event, () => renewTokens(app)));
  element("sign-out").addEventListener("click", (event) => busy(event, () => signOut(app)));
  try {
    await greetOrAskToSignIn(app);
  } catch (error) {
    window.history.replaceState(null, "", window.location.pathname); // a reload starts over
    showState("error");
    showError(error);
  }
}

async function greetOrAskToSignIn(app) {
  if (app.hasTokensInUrl()) {
    const { idToken } = await app.parseTokens();
    greet("signed-in", `Hello, ${idToken.claims.email}`);
    showTokens(app, idToken);
    return;
  }
  const session = await app.session();
  if (session.status === "ACTIVE") {
    await forgetBadTokens(app, session);
    showTokens(app, (await app.tokens()).idToken);
    greet("welcome-back", `Welcome back, ${session.login}`);
    return;
  }
  app.clear(); // tokens of a session that has ended
  await askToSignIn(app);
}

async function askToSignIn(app) {
  element("greeting").textContent = "Sign in";
  showState("signed-out");
  if (window.location.origin !== config.origin) {
    showError(new Error(`Sign-in works at ${config.origin} only: please open this page there`));
  }
  await app.render();
}

// Stored tokens may be from an earlier user, expired, or from an issuer that has changed its keys.
async function forgetBadTokens(app, session) {
  const { idToken } = await app.tokens();
  if (!idToken) {
    return;
  }
  const isTheUsers = idToken.claims.sub === session.userId;
  const isGood = isTheUsers && await Promise.resolve(app.verify?.(idToken)).then(() => true, () => false);
  if (!isGood) {
    app.clear();
  }
}

async function getMessages(app) {
  body.dataset.messages = "pending";
  let { accessToken } = await app.tokens();
  if (!accessToken) { // there is a session, but no tokens yet
    await renewTokens(app);
    ({ accessToken } = await app.tokens());
  }
  const headers = accessToken ? { Authorization: `Bearer ${accessToken.accessToken}` } : {};
  const response = await fetch(config.messages, { headers });
  const answer = await response.json();
  if (!response.ok) {
    body.dataset.messages = String(response.status);
    showError({ name: `HTTP ${response.status}`, errorCode: answer.error, message: answer.error_description });
    return;
  }
  showMessages(answer.messages);
  body.dataset.messages = "shown";
}

async function renewTokens(app) {
  body.dataset.renewal = "pending";
  document.getElementById("renewed").hidden = true;
  try {
    await app.renew();
    showTokens(app, (await app.tokens()).idToken);
  } catch (error) {
    body.dataset.renewal = error.errorCode || error.name || "error";
    throw error;
  }
  body.dataset.renewals = Number(body.dataset.renewals || 0) + 1;
  body.dataset.renewal = "renewed";
  document.getElementById("renewed").hidden = false;
}

async function signOut(app) {
  await app.signOut();
}

// Runs the action of a button, one at a time, and shows errors.
async function busy(event, action) {
  const button = event.currentTarget;
  button.disabled = true;
  hideError();
  try {
    await action();
  } catch (error) {
    showError(error);
    if (body.dataset.messages === "pending") {
      body.dataset.messages = "error";
    }
  } finally {
    button.disabled = false;
  }
}

function greet(state, greeting) {
  element("greeting").textContent = greeting;
  element("sign-out").hidden = false;
  showState(state);
  console.log(greeting);
}

function showState(state) {
  body.dataset.state = state;
  element("status").textContent = state;
}

export function showError(error) {
  const code = error.errorCode && error.errorCode !== error.name ? ` ${error.errorCode}` : "";
  const text = error.message || error.errorSummary || "no reason was given";
  element("error").textContent = `${error.name || "Error"}${code}: ${text}`;
  element("error").hidden = false;
  body.dataset.error = error.errorCode || error.name || "error";
}

function hideError() {
  element("error").textContent = "";
  element("error").hidden = true;
  delete body.dataset.error;
}

function showMessages(messages) {
  element("messages").replaceChildren(...messages.map(({ text, date }) => {
    const item = document.createElement("li");
    const time = document.createElement("time");
    time.dateTime = date;
    time.textContent = new Date(date).toLocaleTimeString("en", { timeStyle: "short" });
    item.append(text, " ", time);
    return item;
  }));
  element("messages-panel").hidden = false;
}

// The library has checked the claims of these tokens; from 3.2.2 on it has checked the signature
// too, if the browser offers cryptography (in secure contexts).
function showTokens(app, idToken) {
  if (!idToken) {
    return;
  }
  const signatureIsChecked = Boolean(app.verify && window.crypto?.subtle);
  body.dataset.verified = signatureIsChecked ? "signature" : "claims";
  element("tokens-verified").textContent = signatureIsChecked ? "signature verified" : "claims checked";
  element("claims").replaceChildren(...Object.entries(idToken.claims).flatMap(([name, value]) => {
    const term = document.createElement("dt");
    const description = document.createElement("dd");
    term.textContent = name;
    description.textContent = typeof value === "object" ? JSON.stringify(value) : String(value);
    return [term, description];
  }));
  element("claims-panel").hidden = false;
}

// A redirect returns an error in the same way as tokens, and it is parsed like them.
export function hasErrorInUrl() {
  return /[#&]error=/.test(window.location.hash);
}
