// Logs people in with WeChat, by Saoma's OpenID provider. openid-client checks state, nonce, signature, issuer and audience.
// npm install; ISSUER=http://127.0.0.1:8080 CLIENT_ID=shop CLIENT_SECRET=… node server.js 3000
import express from "express";
import session from "express-session";
import * as oidc from "openid-client";

const [port] = process.argv.slice(2);
const { ISSUER, CLIENT_ID, CLIENT_SECRET, SESSION_SECRET } = process.env;
const site = process.env.SITE ?? `http://127.0.0.1:${port}`;
const redirect_uri = `${site}/callback`;

const issuer = new URL(ISSUER);
// http is for trying it on one machine.
const execute = issuer.protocol === "http:" ? [oidc.allowInsecureRequests] : [];
const saoma = await oidc.discovery(issuer, CLIENT_ID, CLIENT_SECRET, undefined, { execute });

const app = express();
app.use(session({
  secret: SESSION_SECRET ?? oidc.randomState(), resave: false, saveUninitialized: false,
  cookie: { httpOnly: true, sameSite: "lax", secure: site.startsWith("https:") },
}));

app.get("/", async (request, answer) => {
  if (request.session.person) return answer.json(request.session.person);
  const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
  request.session.asked = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
  const code_challenge = await oidc.calculatePKCECodeChallenge(verifier);
  const asked = { redirect_uri, scope: "openid profile", state, nonce, code_challenge, code_challenge_method: "S256" };
  answer.redirect(oidc.buildAuthorizationUrl(saoma, asked).href);
});

app.get("/callback", async (request, answer) => {
  if (!request.session.asked) return answer.redirect("/");
  const tokens = await oidc.authorizationCodeGrant(saoma, new URL(request.originalUrl, site), request.session.asked);
  const { sub, name, amr } = tokens.claims();
  // A new session id: the one of before may have been planted.
  await new Promise((done, failed) => request.session.regenerate((error) => (error ? failed(error) : done())));
  request.session.person = { sub, name, amr };
  request.session.id_token = tokens.id_token;
  answer.redirect("/");
});

app.get("/logout", (request, answer) => {
  const asked = { post_logout_redirect_uri: `${site}/`, id_token_hint: request.session.id_token ?? "" };
  request.session.destroy(() => answer.redirect(oidc.buildEndSessionUrl(saoma, asked).href));
});

app.listen(port, "127.0.0.1");
