//! The crate openidconnect, as an application with a secret.

use std::{
    env, io,
    io::{BufRead, Read, Write},
    net::TcpStream,
};

use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse,
    IntrospectionUrl, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, Scope, TokenIntrospectionResponse,
    TokenResponse,
    core::{CoreAuthenticationFlow, CoreClient, CoreIdTokenVerifier, CoreTokenResponse, CoreUserInfoClaims},
    http::Response,
    url::Url,
};
use serde_json::json;

/// Makes a call over plain TCP, which is all that this machine needs.
fn http(request: HttpRequest) -> io::Result<HttpResponse> {
    let (parts, body) = request.into_parts();
    let wrong = || io::Error::other("the answer is not of HTTP");
    let authority = parts.uri.authority().map(|authority| authority.as_str().to_owned()).ok_or_else(wrong)?;
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut stream = TcpStream::connect(&authority)?;
    let mut head = format!("{} {path} HTTP/1.0\r\nHost: {authority}\r\nContent-Length: {}\r\n", parts.method, body.len());
    for (name, value) in &parts.headers {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().map_err(io::Error::other)?));
    }
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    stream.write_all(&body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(wrong)?;
    let head = std::str::from_utf8(&answer[..end]).map_err(io::Error::other)?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or_else(wrong)?;
    let mut response = Response::builder().status(status);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        response = response.header(name, value);
    }
    response.body(answer[end + 4..].to_vec()).map_err(io::Error::other)
}

fn say(what: &serde_json::Value) {
    println!("{what}");
    io::stdout().flush().expect("the test listens");
}


/// Checks an ID token and its access token, and returns whose they are.
fn checked(tokens: &CoreTokenResponse, verifier: &CoreIdTokenVerifier<'_>, nonce: Option<&Nonce>) -> String {
    let id_token = tokens.id_token().expect("an ID token");
    let is_expected = |found: Option<&Nonce>| {
        if found.map(Nonce::secret) == nonce.map(Nonce::secret) { Ok(()) } else { Err("another nonce".to_owned()) }
    };
    let claims = id_token.claims(verifier, is_expected).expect("it is good");
    let (algorithm, key) = (id_token.signing_alg().expect("known"), id_token.signing_key(verifier).expect("published"));
    let hash = AccessTokenHash::from_token(tokens.access_token(), algorithm, key).expect("it is hashed");
    assert_eq!(Some(&hash), claims.access_token_hash(), "another access token");
    claims.subject().to_string()
}

fn main() {
    let told = |name| env::var(name).expect("the test sets it");
    let issuer = IssuerUrl::new(told("ISSUER")).expect("an address");
    let metadata = ProviderMetadataWithLogout::discover(&issuer, &http).expect("it is valid");
    let end_session = metadata.additional_metadata().end_session_endpoint.clone().expect("it is there");
    let introspection = IntrospectionUrl::new(format!("{}/oauth2/introspect", issuer.as_str())).expect("an address");
    let client = CoreClient::from_provider_metadata(
        metadata,
        ClientId::new(told("CLIENT_ID")),
        Some(ClientSecret::new(told("CLIENT_SECRET"))),
    )
    .set_redirect_uri(RedirectUrl::new(told("REDIRECT_URI")).expect("an address"))
    .set_introspection_url(introspection);

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let scopes = ["profile", "phone", "offline_access"].map(|scope| Scope::new(scope.to_owned()));
    let (address, state, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(scopes)
        .set_pkce_challenge(challenge)
        .url();
    say(&json!({ "authorize": address }));
    let line = io::stdin().lock().lines().next().expect("the test says where that led").expect("a line");
    let back = Url::parse(line.trim()).expect("an address");
    let parameter = |name: &str| back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(parameter("state").as_ref(), Some(state.secret()), "another state");
    let code = AuthorizationCode::new(parameter("code").expect("a code"));
    let tokens = client.exchange_code(code).expect("it has an endpoint").set_pkce_verifier(verifier);
    let tokens = tokens.request(&http).expect("the code is good");
    let id_token_verifier = client.id_token_verifier();
    let sub = checked(&tokens, &id_token_verifier, Some(&nonce));

    let info = client.user_info(tokens.access_token().clone(), None).expect("it has an endpoint");
    let info: CoreUserInfoClaims = info.request(&http).expect("it is read");
    assert_eq!(info.subject().as_str(), sub, "another person");
    let refresh_token = tokens.refresh_token().expect("a refresh token");
    let fresh = client.exchange_refresh_token(refresh_token).expect("it has an endpoint");
    let fresh = fresh.request(&http).expect("it is refreshed");
    assert_eq!(checked(&fresh, &id_token_verifier, None), sub, "another person");
    let active = client.introspect(fresh.access_token()).request(&http).expect("it is told").active();

    let logout = LogoutRequest::from(end_session)
        .set_id_token_hint(fresh.id_token().expect("an ID token"))
        .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(told("AFTER_LOGOUT")).expect("an address"))
        .set_state(CsrfToken::new("bye".to_owned()))
        .http_get_url();
    let rotated = active && fresh.refresh_token().map(|token| token.secret()) != Some(refresh_token.secret());
    let phone = info.phone_number().map(|phone| phone.as_str().to_owned());
    say(&json!({ "done": { "sub": sub, "phone": phone, "rotated": rotated, "logout": logout } }));
}
