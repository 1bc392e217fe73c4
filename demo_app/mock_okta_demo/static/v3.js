// Widget 3.x: promises, by the authClient; tokens come as an array in the order they were asked for.

import { PATIENCE, config, createWidget, hasErrorInUrl, showError, start } from "./page.js";

const responseType = ["token", "id_token"];
const widget = createWidget({
  authParams: { issuer: config.issuer, display: "page", responseType, scopes: config.scopes },
});
const { authClient } = widget;
const { token, tokenManager } = authClient;

function store([accessToken, idToken]) {
  tokenManager.add("accessToken", accessToken);
  tokenManager.add("idToken", idToken);
  return { accessToken, idToken };
}

function render() {
  widget.renderEl({ el: "#okta-login-container" }, () => {}, showError);
}

async function tokens() {
  return { accessToken: await tokenManager.get("accessToken"), idToken: await tokenManager.get("idToken") };
}

async function renew() {
  const { issuer, scopes } = config;
  store(await token.getWithoutPrompt({ responseType, scopes }, { issuer, timeout: PATIENCE }));
}

async function signOut() {
  try {
    await authClient.signOut();
  } catch (error) {
    if (error.errorCode !== "E0000007") { // E0000007: there is no session, so it is ended already
      throw error;
    }
  }
  tokenManager.clear();
  window.location.replace(config.path);
}

start({
  hasTokensInUrl: () => widget.hasTokensInUrl() || hasErrorInUrl(),
  parseTokens: async () => store(await token.parseFromUrl()), // verifies the ID token
  session: () => authClient.session.get(),
  render,
  tokens,
  clear: () => tokenManager.clear(),
  verify: (idToken) => token.verify(idToken, { issuer: config.issuer, clientId: config.clientId }),
  renew,
  signOut,
});
