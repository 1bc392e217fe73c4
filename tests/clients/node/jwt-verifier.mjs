import OktaJwtVerifier from '@okta/jwt-verifier';
import { createHash, randomBytes } from 'node:crypto';
import { refused, settings, signedIn, tell } from './org.mjs';

const codeVerifier = randomBytes(32).toString('base64url');
const url = new URL(`${settings.issuer}/v1/authorize`);
url.search = new URLSearchParams({
  client_id: settings.spa,
  response_type: 'code',
  redirect_uri: settings.redirect_uri,
  scope: settings.scope,
  state: 'state-1',
  nonce: 'nonce-1',
  code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
  code_challenge_method: 'S256',
});
const code = new URL(await signedIn(url)).searchParams.get('code');
const answer = await fetch(`${settings.issuer}/v1/token`, {
  method: 'POST',
  body: new URLSearchParams({
    client_id: settings.spa,
    grant_type: 'authorization_code',
    redirect_uri: settings.redirect_uri,
    code_verifier: codeVerifier,
    code,
  }),
});
const tokens = await answer.json();

const verifier = new OktaJwtVerifier({ issuer: settings.issuer, clientId: settings.spa });
const strict = new OktaJwtVerifier({
  issuer: settings.issuer, clientId: settings.spa, assertClaims: { 'scp.includes': ['admin'] },
});
const access = await verifier.verifyAccessToken(tokens.access_token, settings.audience);
const id = await verifier.verifyIdToken(tokens.id_token, settings.spa, 'nonce-1');
const [head, body, signature] = tokens.access_token.split('.');
const tampered = [head, body, signature.split('').reverse().join('')].join('.');

tell({
  sub: access.claims.sub,
  id: id.claims.sub,
  tampered: await refused(verifier.verifyAccessToken(tampered, settings.audience)),
  audience: await refused(verifier.verifyAccessToken(tokens.access_token, 'api://other')),
  nonce: await refused(verifier.verifyIdToken(tokens.id_token, settings.spa, 'other')),
  scope: await refused(strict.verifyAccessToken(tokens.access_token, settings.audience)),
});
