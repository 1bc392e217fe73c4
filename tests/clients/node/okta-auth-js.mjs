import { OktaAuth } from '@okta/okta-auth-js';
import { redirected, refused, settings, signedIn, tell } from './org.mjs';

const client = new OktaAuth({
  issuer: settings.issuer,
  clientId: settings.spa,
  redirectUri: settings.redirect_uri,
  postLogoutRedirectUri: settings.logout_uri,
  scopes: settings.scope.split(' '),
  pkce: true,
});

// The library leaves going to the authorization URL to the browser; all else is its own.
const asked = await client.token.prepareTokenParams();
const url = new URL(`${settings.issuer}/v1/authorize`);
for (const [name, value] of Object.entries({
  client_id: asked.clientId,
  code_challenge: asked.codeChallenge,
  code_challenge_method: asked.codeChallengeMethod,
  nonce: asked.nonce,
  redirect_uri: asked.redirectUri,
  response_type: asked.responseType,
  state: asked.state,
  scope: asked.scopes.join(' '),
})) {
  url.searchParams.set(name, value);
}
const transaction = await client.signInWithCredentials({
  username: settings.login, password: settings.password,
});
const back = new URL(await signedIn(url));
const { tokens } = await client.token.exchangeCodeForTokens({
  ...asked, authorizationCode: back.searchParams.get('code'),
});
const user = await client.token.getUserInfo(tokens.accessToken, tokens.idToken);
const renewed = await client.token.renewTokensWithRefresh({ scopes: asked.scopes }, tokens.refreshToken);
const before = await client.token.introspect('accessToken', renewed.accessToken);
await client.token.revoke(renewed.accessToken);
const after = await client.token.introspect('accessToken', renewed.accessToken);
await client.token.revoke(renewed.refreshToken);
const revoked = await refused(
  client.token.renewTokensWithRefresh({ scopes: asked.scopes }, renewed.refreshToken),
);
const goodbye = await redirected(client.getSignOutRedirectUrl({
  idToken: tokens.idToken, state: 'bye',
}));

tell({
  status: transaction.status,
  subject: tokens.idToken.claims.sub,
  zoneinfo: user.zoneinfo,
  renewed: renewed.idToken.claims.sub,
  before: before.active,
  after: after.active,
  revoked,
  goodbye,
});
process.exit(0); // the library's timers would keep the process
