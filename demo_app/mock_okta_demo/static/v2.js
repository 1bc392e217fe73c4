// Widget 2.x: callbacks, and a token manager that answers at once. This generation checks the claims
// of ID tokens, but never their signatures.

import { PATIENCE, config, createWidget, hasErrorInUrl, showError, start } from "./page.js";

const widget = createWidget({
  authParams: {
    issuer: config.issuer,
    display: "page",
    responseType: ["token", "id_token"],
    scopes: config.scopes,
  },
});
const { token, tokenManager, session } = widget;

function parseTokens() {
  return new Promise((resolve, reject) => {
    token.parseTokensFromUrl(([accessToken, idToken]) => {
      tokenManager.add("accessToken", accessToken);
      tokenManager.add("idToken", idToken);
      resolve({ accessToken, idToken });
    }, reject);
  });
}

function render() {
  widget.renderEl({ el: "#okta-login-container" }, () => {}, showError);
}

function tokens() {
  return { accessToken: tokenManager.get("accessToken"), idToken: tokenManager.get("idToken") };
}

// All this generation can renew is a token that it has. To get the first ones for a session, it is
// given empty ones that say where to ask.
function renew() {
  const { accessToken, idToken } = tokens();
  if (!accessToken || !idToken) {
    const common = {
      scopes: config.scopes,
      expiresAt: Math.floor(Date.now() / 1000) + PATIENCE / 1000 + 1,
      authorizeUrl: `${config.endpoints}/authorize`,
    };
    const userinfoUrl = `${config.endpoints}/userinfo`;
    tokenManager.add("accessToken", { ...common, accessToken: "none", tokenType: "Bearer", userinfoUrl });
    tokenManager.add("idToken", { ...common, idToken: "none", claims: {}, issuer: config.issuer, clientId: config.clientId });
  }
  return renewed().catch((error) => {
    forgetEmptyTokens();
    throw error;
  });
}

function renewed() {
  return new Promise((resolve, reject) => {
    const timeout = { name: "AuthSdkError", message: "OAuth flow timed out" };
    setTimeout(reject, PATIENCE, timeout);
    Promise.all(["accessToken", "idToken"].map((key) => tokenManager.refresh(key))).then(resolve, reject);
  });
}

function forgetEmptyTokens() {
  if (tokenManager.get("accessToken")?.accessToken === "none") {
    tokenManager.remove("accessToken");
  }
  if (tokenManager.get("idToken")?.idToken === "none") {
    tokenManager.remove("idToken");
  }
}

function signOut() {
  return new Promise((resolve, reject) => {
    widget.signOut((problem) => {
      tokenManager.clear();
      if (problem) {
        reject(new Error(problem));
      } else {
        window.location.replace(config.path);
        resolve();
      }
    });
  });
}

start({
  hasTokensInUrl: () => token.hasTokensInUrl() || hasErrorInUrl(),
  parseTokens,
  session: () => new Promise((resolve) => { session.get(resolve); }),
  render,
  tokens,
  clear: () => tokenManager.clear(),
  renew,
  signOut,
});
