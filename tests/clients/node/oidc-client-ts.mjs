import {
  InMemoryWebStorage, OidcClient, User, UserManager, WebStorageStateStore,
} from 'oidc-client-ts';
import { redirected, refused, settings, signedIn, tell } from './org.mjs';

const own = {
  authority: settings.issuer,
  client_id: settings.spa,
  redirect_uri: settings.redirect_uri,
  post_logout_redirect_uri: settings.logout_uri,
  scope: settings.scope,
  loadUserInfo: true,
  automaticSilentRenew: false,
  stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
  userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
};
const client = new OidcClient(own);
const manager = new UserManager(own); // renews by refresh token, and revokes

const request = await client.createSigninRequest({ state: { page: 'home' }, nonce: 'nonce-1' });
const response = await client.processSigninResponse(await signedIn(request.url));
await manager.storeUser(new User(response));
const renewed = await manager.signinSilent();
await manager.revokeTokens(['access_token', 'refresh_token']);
await manager.storeUser(new User({ ...renewed, refresh_token: response.refresh_token }));
const revoked = await refused(manager.signinSilent());
const goodbye = await client.createSignoutRequest({
  id_token_hint: response.id_token, state: { page: 'bye' },
});
const signedOut = await client.processSignoutResponse(await redirected(goodbye.url));

tell({
  subject: response.profile.sub,
  given_name: response.profile.given_name, // only userinfo has it
  page: response.userState.page,
  renewed: renewed.access_token !== response.access_token,
  revoked,
  bye: signedOut.userState.page,
});

process.exit(0); // the library's timers would keep the process
