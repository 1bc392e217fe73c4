// Widget 7.x by the Identity Engine: interaction code. The org begins no session for a sign-in on an
// app's own page, so the tokens say who is signed in, and a refresh token renews them.

import { config, createWidget, showError, start } from "./page.js";

const widget = createWidget({
  issuer: config.issuer,
  scopes: config.scopes,
});
const { authClient } = widget;
const { token, tokenManager } = authClient;

function store(tokens) {
  tokenManager.setTokens(tokens);
  return tokens;
}

async function session() {
  const { idToken } = await tokenManager.getTokens();
  if (!idToken) {
    return { status: "INACTIVE" };
  }
  const { sub, preferred_username: login } = idToken.claims;
  return { status: "ACTIVE", userId: sub, login };
}

function render() {
  // The promise is kept only by widgets that stay: this one redirects. It fails when it cannot.
  widget.showSignInAndRedirect({ el: "#okta-login-container" }).catch(showError);
}

start({
  hasTokensInUrl: () => authClient.isLoginRedirect(),
  parseTokens: async () => store((await token.parseFromUrl()).tokens), // redeems the code
  session,
  render,
  tokens: () => tokenManager.getTokens(),
  clear: () => tokenManager.clear(),
  verify: (idToken) => token.verify(idToken, { issuer: config.issuer, clientId: config.clientId }),
  renew: async () => store(await token.renewTokens()),
  signOut: () => authClient.signOut({
    postLogoutRedirectUri: config.origin + config.path,
    clearTokensBeforeRedirect: true,
  }),
});
