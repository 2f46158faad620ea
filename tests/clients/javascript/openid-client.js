// openid-client, which is certified as a relying party.

import * as client from 'openid-client';
import { AFTER_LOGOUT, CLIENT_ID, CLIENT_SECRET, ISSUER, REDIRECT_URI, SCOPE, done, visit } from './talk.js';

const config = await client.discovery(
  new URL(ISSUER), CLIENT_ID, undefined, client.ClientSecretBasic(CLIENT_SECRET),
  { execute: [client.allowInsecureRequests] },
);
const pkceCodeVerifier = client.randomPKCECodeVerifier();
const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
const back = await visit(client.buildAuthorizationUrl(config, {
  redirect_uri: REDIRECT_URI,
  scope: SCOPE,
  state: expectedState,
  nonce: expectedNonce,
  max_age: '600',
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
}));
const tokens = await client.authorizationCodeGrant(config, back, {
  pkceCodeVerifier, expectedState, expectedNonce, maxAge: 600, idTokenExpected: true,
});
const { sub } = tokens.claims();
const info = await client.fetchUserInfo(config, tokens.access_token, sub);
const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
const fresh_info = await client.fetchUserInfo(config, fresh.access_token, sub);
const { active } = await client.tokenIntrospection(config, fresh.access_token);
const logout = client.buildEndSessionUrl(config, {
  id_token_hint: fresh.id_token, post_logout_redirect_uri: AFTER_LOGOUT, state: 'bye',
});
done({ sub, phone: info.phone_number, rotated: fresh.refresh_token !== tokens.refresh_token && active && fresh_info.sub === sub, logout: logout.href });
