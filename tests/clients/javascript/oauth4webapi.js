// oauth4webapi, as a public client: PKCE and no secret.

import * as oauth from 'oauth4webapi';
import { AFTER_LOGOUT, CLIENT_ID, ISSUER, REDIRECT_URI, SCOPE, done, visit } from './talk.js';

const insecure = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(ISSUER);
const found = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...insecure });
const as = await oauth.processDiscoveryResponse(issuer, found);
const client = { client_id: CLIENT_ID, id_token_signed_response_alg: 'ES256' };
const auth = oauth.None();

const verifier = oauth.generateRandomCodeVerifier();
const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
const address = new URL(as.authorization_endpoint);
address.search = new URLSearchParams({
  client_id: CLIENT_ID, redirect_uri: REDIRECT_URI, response_type: 'code', scope: SCOPE, state, nonce,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
});
const back = await visit(address);
// Checks `iss` (RFC 9207) besides `state`.
const params = oauth.validateAuthResponse(as, client, back, state);
const answer = await oauth.authorizationCodeGrantRequest(as, client, auth, params, REDIRECT_URI, verifier, insecure);
const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, { expectedNonce: nonce, requireIdToken: true });
await oauth.validateApplicationLevelSignature(as, answer, insecure);
const { sub } = oauth.getValidatedIdTokenClaims(tokens);
const info = await oauth.processUserInfoResponse(as, client, sub, await oauth.userInfoRequest(as, client, tokens.access_token, insecure));
const again = await oauth.refreshTokenGrantRequest(as, client, auth, tokens.refresh_token, insecure);
const fresh = await oauth.processRefreshTokenResponse(as, client, again);
const ended = await oauth.revocationRequest(as, client, auth, fresh.refresh_token, insecure);
await oauth.processRevocationResponse(ended);
const logout = new URL(as.end_session_endpoint);
logout.search = new URLSearchParams({ id_token_hint: fresh.id_token, post_logout_redirect_uri: AFTER_LOGOUT, state: 'bye' });
done({ sub, phone: info.phone_number, rotated: fresh.refresh_token !== tokens.refresh_token, logout: logout.href });
