import * as client from 'openid-client';
import { redirected, refused, settings, signedIn, tell } from './org.mjs';

const issuer = new URL(settings.issuer);

async function codeFlow(config, build) {
  const verifier = client.randomPKCECodeVerifier();
  const parameters = {
    redirect_uri: settings.redirect_uri,
    scope: settings.scope,
    state: client.randomState(),
    nonce: client.randomNonce(),
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  const location = await signedIn(await build(config, parameters));
  return client.authorizationCodeGrant(config, new URL(location), {
    pkceCodeVerifier: verifier,
    expectedState: parameters.state,
    expectedNonce: parameters.nonce,
    idTokenExpected: true,
  });
}

const spa = await client.discovery(issuer, settings.spa, undefined, client.None());
const web = await client.discovery(
  issuer, settings.web, undefined, client.ClientSecretBasic(settings.secret),
);
const service = await client.discovery(
  issuer, settings.service, undefined, client.ClientSecretPost(settings.secret),
);
client.enableNonRepudiationChecks(spa); // verifies the ID token's signature too

const tokens = await codeFlow(spa, client.buildAuthorizationUrl);
const subject = tokens.claims().sub;
const userinfo = await client.fetchUserInfo(spa, tokens.access_token, subject);
const renewed = await client.refreshTokenGrant(spa, tokens.refresh_token);
const before = await client.tokenIntrospection(spa, renewed.access_token);
await client.tokenRevocation(spa, renewed.access_token);
const after = await client.tokenIntrospection(spa, renewed.access_token);
await client.tokenRevocation(spa, renewed.refresh_token);
const revoked = await refused(client.refreshTokenGrant(spa, renewed.refresh_token));
const goodbye = await redirected(client.buildEndSessionUrl(spa, {
  post_logout_redirect_uri: settings.logout_uri,
  id_token_hint: tokens.id_token,
  state: 'bye',
}));
const pushed = await codeFlow(web, client.buildAuthorizationUrlWithPAR);
const own = await client.clientCredentialsGrant(service, { scope: settings.service_scope });

tell({
  subject,
  name: userinfo.name,
  renewed: renewed.claims().sub,
  before: before.active,
  after: after.active,
  revoked,
  goodbye,
  pushed: pushed.claims().sub,
  own: own.scope,
});
