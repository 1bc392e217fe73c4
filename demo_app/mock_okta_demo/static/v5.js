// Widget 5.x to 7.x: authorization code with PKCE; tokens come as an object.

import { PATIENCE, config, createWidget, showError, start } from "./page.js";

const widget = createWidget({
  issuer: config.issuer,
  authParams: { issuer: config.issuer, scopes: config.scopes, pkce: config.options.pkce },
});
const { authClient } = widget;
const { token, tokenManager } = authClient;

function store({ tokens }) {
  tokenManager.setTokens(tokens);
  return tokens;
}

function render() {
  // The promise is kept only by widgets that stay: this one redirects. It fails when it cannot.
  widget.showSignInAndRedirect({ el: "#okta-login-container" }).catch(showError);
}

start({
  hasTokensInUrl: () => authClient.isLoginRedirect(),
  parseTokens: async () => store(await token.parseFromUrl()), // verifies the ID token
  session: () => authClient.session.get(),
  render,
  tokens: () => tokenManager.getTokens(),
  clear: () => tokenManager.clear(),
  verify: (idToken) => token.verify(idToken, { issuer: config.issuer, clientId: config.clientId }),
  renew: async () => store(await token.getWithoutPrompt({ scopes: config.scopes, timeout: PATIENCE })),
  signOut: () => authClient.signOut({
    postLogoutRedirectUri: config.origin + config.path,
    clearTokensBeforeRedirect: true,
  }),
});
