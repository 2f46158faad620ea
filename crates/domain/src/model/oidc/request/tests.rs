//! Which requests are allowed, and who is told of those that are not.

use super::*;
use crate::oidc::{ClientAuth, ClientSecretHash, RedirectUri};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK: &str = "https://app.example.test/cb";

fn client(auth: ClientAuth) -> Client {
    let uri = |text| RedirectUri::parse(text).unwrap();
    Client {
        id: ClientId::parse("app").unwrap(),
        name: "App".to_owned(),
        auth,
        redirect_uris: vec![uri(CALLBACK), uri("https://app.example.test/cb?tenant=1")],
        post_logout_redirect_uris: vec![],
        scopes: Scopes::parse("openid profile"),
        trusted: true,
    }
}

fn secret() -> ClientAuth {
    ClientAuth::Secret(ClientSecretHash::of("a secret"))
}

/// What a well-behaved client asks, with what is said here in place of it; an empty value leaves one out.
fn parameters(with: &[(&str, &str)]) -> Parameters {
    let usual = [
        ("client_id", "app"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "af0ifjsldkj"),
        ("nonce", "n-0S6_WzA2Mj"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let kept = usual.iter().filter(|(name, _)| with.iter().all(|(other, _)| other != name));
    let pairs = kept.chain(with).filter(|(_, value)| !value.is_empty());
    Parameters::new(pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn checked_of(auth: ClientAuth, with: &[(&str, &str)]) -> Result<AuthorizationRequest, RefusedRequest> {
    let client = client(auth);
    AuthorizationRequest::check(&parameters(with), |id| (id == "app").then_some(&client))
}

fn checked(with: &[(&str, &str)]) -> Result<AuthorizationRequest, RefusedRequest> {
    checked_of(secret(), with)
}

fn told(refused: Result<AuthorizationRequest, RefusedRequest>) -> &'static str {
    match refused {
        Err(RefusedRequest::Redirect(told)) => {
            assert_eq!((told.redirect_uri.as_str(), told.state.as_deref()), (CALLBACK, Some("af0ifjsldkj")));
            told.error.as_str()
        }
        Err(RefusedRequest::Page(_)) | Ok(_) => "not told to the client",
    }
}

#[test]
fn a_usual_request_is_allowed() {
    let request = checked(&[("scope", "openid profile phone email"), ("login_hint", "x")]).unwrap();
    assert_eq!(request.scopes.to_string(), "openid profile", "what the client may ask for");
    assert_eq!(request.nonce.as_deref(), Some("n-0S6_WzA2Mj"));
    assert_eq!(request.challenge, CodeChallenge::parse(CHALLENGE));
    assert_eq!((request.prompt, request.max_age), (Prompt::default(), None));
    let bare = [("nonce", ""), ("code_challenge", ""), ("code_challenge_method", ""), ("state", "")];
    assert!(checked(&bare).is_ok(), "a client with a secret needs none of these");
}

#[test]
fn nothing_is_sent_to_an_address_that_is_not_the_clients() {
    let page = |target| Err(RefusedRequest::Page(target));
    for wrong in ["", "App", "app ", "other"] {
        assert_eq!(checked(&[("client_id", wrong)]), page(UnknownTarget::Client), "{wrong}");
    }
    for wrong in [
        "",
        "https://app.example.test/cb/",
        "https://app.example.test/CB",
        "https://app.example.test/cb?",
        "https://app.example.test/cb?x=1",
        "https://app.example.test/cb#x",
        "https://app.example.test:443/cb",
        "https://app.example.test/./cb",
        "https://app.example.test/%63b",
        "https://app.example.test.evil.test/cb",
        "https://app.example.test@evil.test/cb",
        "http://app.example.test/cb",
        "HTTPS://app.example.test/cb",
        " https://app.example.test/cb",
        "javascript:alert(1)",
    ] {
        assert_eq!(checked(&[("redirect_uri", wrong)]), page(UnknownTarget::RedirectUri), "{wrong}");
    }
    let mut twice = parameters(&[]).pairs().to_vec();
    twice.push(("redirect_uri".to_owned(), CALLBACK.to_owned()));
    let client = client(secret());
    let refused = AuthorizationRequest::check(&Parameters::new(twice), |_| Some(&client));
    assert_eq!(refused, page(UnknownTarget::RedirectUri), "even the same one");
}

#[test]
fn the_client_is_told_what_is_wrong_with_its_request() {
    for (with, error) in [
        (("response_type", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", "code id_token"), "unsupported_response_type"),
        (("response_mode", "fragment"), "invalid_request"),
        (("scope", ""), "invalid_scope"),
        (("scope", "profile"), "invalid_scope"),
        (("prompt", "none login"), "invalid_request"),
        (("prompt", "none consent"), "invalid_request"),
        (("prompt", "create"), "invalid_request"),
        (("max_age", "-1"), "invalid_request"),
        (("max_age", "soon"), "invalid_request"),
        (("nonce", &"n".repeat(513)), "invalid_request"),
        (("request", "eyJhbGciOiJub25lIn0."), "request_not_supported"),
        (("request_uri", "https://evil.test/request"), "request_uri_not_supported"),
        (("registration", "{}"), "registration_not_supported"),
    ] {
        assert_eq!(told(checked(&[with])), error, "{with:?}");
    }
    let mut twice = parameters(&[]).pairs().to_vec();
    twice.push(("scope".to_owned(), "openid phone".to_owned()));
    let client = client(secret());
    assert_eq!(
        told(AuthorizationRequest::check(&Parameters::new(twice), |_| Some(&client))),
        "invalid_request"
    );
}

#[test]
fn a_client_says_which_pages_are_shown() {
    let prompt = |words| checked(&[("prompt", words)]).unwrap().prompt;
    let [none, login, consent] = [(true, false, false), (false, true, false), (false, false, true)]
        .map(|(none, login, consent)| Prompt { none, login, consent });
    assert_eq!((prompt("none"), prompt("login"), prompt("consent")), (none, login, consent));
    assert_eq!(prompt("select_account"), login);
    assert_eq!(prompt("login  consent"), Prompt { login: true, ..consent });
}

#[test]
fn pkce_cannot_be_talked_down() {
    for (challenge, method) in [
        (CHALLENGE, "plain"),
        (CHALLENGE, ""),
        (CHALLENGE, "s256"),
        ("", "S256"),
        ("short", "S256"),
        (&"a".repeat(128), "S256"),
    ] {
        let with = [("code_challenge", challenge), ("code_challenge_method", method)];
        for auth in [secret(), ClientAuth::Public] {
            assert_eq!(told(checked_of(auth, &with)), "invalid_request", "{with:?}");
        }
    }
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    assert_eq!(told(checked_of(ClientAuth::Public, &without)), "invalid_request");
    assert!(checked_of(ClientAuth::Public, &[]).is_ok());
}

#[test]
fn a_login_is_new_enough_by_its_age_or_by_what_was_asked_for() {
    let at = |secs: i64| Timestamp::from_secs(1_000_000 + secs);
    let takes = |with: &[(&str, &str)], auth_time: i64, now: i64| {
        checked(with).unwrap().takes_login_of(at(auth_time), at(now))
    };
    assert!(takes(&[], 0, 999_999));
    assert!(takes(&[("max_age", "60")], 0, 60) && !takes(&[("max_age", "60")], 0, 61));
    assert!(takes(&[("max_age", "0")], 5, 5) && !takes(&[("max_age", "0")], 5, 6));
    assert!(!takes(&[("prompt", "login")], 5, 5));
    let asked = ("login_after", "1000010000");
    for wish in [("prompt", "login"), ("max_age", "1")] {
        assert!(!takes(&[wish, asked], 9, 20), "{wish:?}: the old login");
        assert!(takes(&[wish, asked], 10, 20), "{wish:?}: the new one");
        let late = 10 + 30 * 60;
        assert!(!takes(&[wish, asked], 10, late), "{wish:?}: that wish is long over");
        assert!(
            !takes(&[wish, ("login_after", "1000030000")], 5, 20),
            "{wish:?}: a wish of tomorrow is none"
        );
    }
    assert!(!takes(&[asked], 9, 20));
}

#[test]
fn a_program_of_the_device_comes_back_at_the_port_that_was_free() {
    for (auth, fits) in [(ClientAuth::Public, true), (secret(), false)] {
        let client = Client {
            redirect_uris: vec![RedirectUri::parse("http://127.0.0.1/callback").unwrap()],
            ..client(auth)
        };
        let wanted = "http://127.0.0.1:51004/callback";
        let asked = parameters(&[("redirect_uri", wanted)]);
        let checked = AuthorizationRequest::check(&asked, |_| Some(&client));
        assert_eq!(checked.map(|asked| asked.redirect_uri == wanted).unwrap_or(false), fits);
        assert_eq!(client.could_be_another_at(wanted), fits, "people are asked each time");
    }
    assert!(!client(ClientAuth::Public).could_be_another_at(CALLBACK), "https belongs to one");
}
