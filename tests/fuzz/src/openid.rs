//! What browsers bring on behalf of OpenID clients, and the tokens of these.

use std::sync::LazyLock;

use saoma_domain::{
    keys::{KeyRing, ServerKey},
    oidc::{
        AccessToken, AuthorizationCode, AuthorizationRequest, Client, ClientAuth, ClientId, Parameters,
        RedirectUri, RefreshToken, RefusedRequest, Scope, Scopes,
    },
};

pub(crate) const REQUESTS: &[&[u8]] = &[
    b"client_id=app&redirect_uri=https://app.example.test/cb&response_type=code&scope=openid profile&state=s&nonce=n",
    b"client_id=app&redirect_uri=https://app.example.test/cb&response_type=code&scope=openid&code_challenge=\
      E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&prompt=login&max_age=1&login_after=5",
    b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
];

const CALLBACK: &str = "https://app.example.test/cb";

static CLIENT: LazyLock<Client> = LazyLock::new(|| Client {
    id: ClientId::parse("app").expect("an id"),
    name: String::new(),
    auth: ClientAuth::Public,
    redirect_uris: vec![RedirectUri::parse(CALLBACK).expect("an address")],
    post_logout_redirect_uris: vec![],
    scopes: Scopes::parse("openid profile"),
    trusted: false,
});

/// Nothing is sent to an address that is not the client's; a client without a secret needs PKCE; and no token is one that was
/// made up.
pub fn openid_requests(data: &[u8]) {
    let pair = |pair: &[u8]| {
        let text = String::from_utf8_lossy(pair).into_owned();
        let (name, value) = text.split_once('=').unwrap_or((&text, ""));
        (name.to_owned(), value.to_owned())
    };
    let parameters = Parameters::new(data.split(|byte| *byte == b'&').map(pair).collect());
    match AuthorizationRequest::check(&parameters, |id| (id == "app").then_some(&*CLIENT)) {
        Ok(request) => {
            assert_eq!(request.redirect_uri, CALLBACK);
            assert!(request.challenge.is_some() && request.scopes.has(Scope::OpenId));
            assert!(CLIENT.scopes.has_all(request.scopes));
        }
        Err(RefusedRequest::Redirect(told)) => assert_eq!(told.redirect_uri, CALLBACK),
        Err(RefusedRequest::Page(_)) => {}
    }
    let text = String::from_utf8_lossy(data);
    let keys = KeyRing::new(ServerKey::new([7; 32]), vec![]);
    assert!(AuthorizationCode::verify(&text, &keys).is_none());
    assert!(RefreshToken::verify(&text, &keys).is_none() && AccessToken::verify(&text, &keys).is_none());
    let _ = RedirectUri::parse(&text).map(|uri| uri.is_in_clear());
}
