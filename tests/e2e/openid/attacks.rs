//! What thieves and liars try; each of it fails.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use tokio::time::Instant;

use super::support::{
    APP, CALLBACK, EVERY_SCOPE, NATIVE, OTHER, SECRET, claims, code_in, error_in, field, get, logged_in,
    oauth_error, post, scan_in, sent_to, setup, submit, text, userinfo,
};
use crate::harness::{Answer, Browser, PUBLIC_URL, Service, parameter, spellings_of_elsewhere};

fn refused<'a>(answer: &'a Answer, error: &str) -> &'a Answer {
    assert_eq!((answer.status.as_u16(), oauth_error(answer)), (400, error), "{}", answer.text);
    answer
}

#[tokio::test]
async fn a_code_that_is_replayed_ends_what_came_of_it() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let code = APP.code(&service, &mut browser, EVERY_SCOPE).await;
    let tokens = APP.redeem(&service, &code).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    refused(&APP.redeem(&service, &code).await, "invalid_grant");
    assert_eq!(userinfo(&service, &text(&tokens, "access_token")).await.status, 401);
    refused(&APP.refresh(&service, &text(&tokens, "refresh_token")).await, "invalid_grant");
}

#[tokio::test]
async fn a_code_that_is_redeemed_many_times_at_once_is_redeemed_at_most_once() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let code = APP.code(&service, &mut browser, "openid").await;
    let answers = futures_util::future::join_all((0..20).map(|_| APP.redeem(&service, &code))).await;
    let done: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert!(done.len() <= 1, "{}", done.len());
    for tokens in done {
        assert_eq!(
            userinfo(&service, &text(tokens, "access_token")).await.status,
            401,
            "and that one has ended"
        );
    }
}

#[tokio::test]
async fn a_stolen_code_is_of_no_use_to_another_client_or_without_the_secret_of_its_challenge() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let code = APP.code(&service, &mut browser, "openid").await;
    refused(&OTHER.redeem(&service, &code).await, "invalid_grant");
    let verifier = "v".repeat(43);
    let form = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", CALLBACK)];
    refused(&APP.post(&service, "/oauth2/token", &form).await, "invalid_grant");
    let with_another: Vec<_> = form.iter().copied().chain([("code_verifier", verifier.as_str())]).collect();
    refused(&APP.post(&service, "/oauth2/token", &with_another).await, "invalid_grant");
    let elsewhere: Vec<_> = with_another
        .iter()
        .map(|(name, value)| {
            (*name, if *name == "redirect_uri" { "https://app.example.test/cb" } else { *value })
        })
        .collect();
    refused(&APP.post(&service, "/oauth2/token", &elsewhere).await, "invalid_grant");
    assert_eq!(APP.redeem(&service, &code).await.status, 200, "its owner is not kept from it");
}

#[tokio::test]
async fn a_code_that_was_injected_into_another_session_of_the_client_does_not_fit_its_challenge() {
    let service = setup().start().await;
    let mut thief = logged_in(&service, &service.person("thief")).await;
    let code = NATIVE.code(&service, &mut thief, "openid").await;
    // The victim's program has a challenge of its own, and so another secret.
    let verifier = "w".repeat(64);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", NATIVE.callback),
        ("code_verifier", verifier.as_str()),
    ];
    refused(&NATIVE.post(&service, "/oauth2/token", &form).await, "invalid_grant");
}

#[tokio::test]
async fn pkce_cannot_be_talked_down() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let visit = async |browser: &mut Browser, address: String| browser.visit(&service, &address).await;
    for with in [
        [("code_challenge", ""), ("code_challenge_method", "")],
        [
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "plain"),
        ],
        [("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "")],
        [("code_challenge", ""), ("code_challenge_method", "S256")],
    ] {
        let answer = visit(&mut browser, NATIVE.address("openid", &with)).await;
        assert_eq!(error_in(&answer), "invalid_request", "{with:?}");
    }
    // A challenge that was taken away on its way: the secret of it gives that away.
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let code = code_in(&visit(&mut browser, APP.address("openid", &without)).await);
    refused(&APP.redeem(&service, &code).await, "invalid_grant");
}

#[tokio::test]
async fn no_spelling_of_an_address_gets_a_code_or_an_error() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let mut spellings = spellings_of_elsewhere();
    spellings.extend(
        [
            "https://app.example.test/cb",
            "https://app.example.test/cb?tenant=2",
            "https://app.example.test/cb?tenant=1&x=1",
            "https://app.example.test/cb?tenant=1#x",
            "https://app.example.test/cb?tenant=1%00",
            "https://app.example.test/cb?tenant=1 ",
            "https://app.example.test/cb/../evil?tenant=1",
            "https://app.example.test:443/cb?tenant=1",
            "https://app.example.test./cb?tenant=1",
            "https://app.example.test.evil.test/cb?tenant=1",
            "https://evil.test/https://app.example.test/cb?tenant=1",
            "https://app.example.test@evil.test/cb?tenant=1",
            "http://app.example.test/cb?tenant=1",
            "HTTPS://APP.EXAMPLE.TEST/cb?tenant=1",
            "https://app.example.test/CB?tenant=1",
            "https://other.example.test/cb",
            "com.example.native:/callback",
        ]
        .map(str::to_owned),
    );
    assert!(spellings.len() > 180, "{}", spellings.len());
    for spelling in spellings {
        for with in [
            vec![("redirect_uri", spelling.as_str())],
            vec![("redirect_uri", spelling.as_str()), ("prompt", "nonsense")],
        ] {
            let answer = browser.visit(&service, &APP.address("openid", &with)).await;
            assert_eq!(answer.status, 400, "{spelling:?}");
            assert!(answer.headers.get("location").is_none(), "{spelling:?}");
            assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/html"));
        }
    }
    let twice = format!("{}&redirect_uri=https%3A%2F%2Fevil.test%2F", APP.address("openid", &[]));
    assert_eq!(browser.visit(&service, &twice).await.status, 400);
}

#[tokio::test]
async fn requests_that_are_written_elsewhere_are_not_read() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let object = URL_SAFE_NO_PAD.encode(json!({"redirect_uri": "https://evil.test/"}).to_string());
    let request = format!("{none}.{object}.");
    for (name, value, error) in [
        ("request", request.as_str(), "request_not_supported"),
        ("request_uri", "http://127.0.0.1:1/request.jwt", "request_uri_not_supported"),
        ("registration", "{}", "registration_not_supported"),
    ] {
        let answer = browser.visit(&service, &APP.address("openid", &[(name, value)])).await;
        assert!(sent_to(&answer).starts_with(CALLBACK), "{}", sent_to(&answer));
        assert_eq!(error_in(&answer), error);
    }
}

#[tokio::test]
async fn every_answer_names_its_issuer_so_that_none_is_mixed_up() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    for with in [&[][..], &[("prompt", "nonsense")], &[("scope", "phone")], &[("response_type", "token")]] {
        let answer = browser.visit(&service, &APP.address("openid", with)).await;
        assert_eq!(parameter(sent_to(&answer), "iss").as_deref(), Some(PUBLIC_URL), "{with:?}");
    }
    let described = get(&service, "/.well-known/openid-configuration").await;
    assert_eq!(described.json["issuer"], PUBLIC_URL);
    let tokens = APP.tokens(&service, &mut browser, "openid").await;
    assert_eq!(claims(&text(&tokens, "id_token"))["iss"], PUBLIC_URL);
}

#[tokio::test]
async fn a_token_of_one_client_is_none_for_another_and_none_of_another_kind() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let tokens = APP.tokens(&service, &mut browser, EVERY_SCOPE).await;
    let [access, refresh, id] = ["access_token", "refresh_token", "id_token"].map(|name| text(&tokens, name));
    refused(&OTHER.refresh(&service, &refresh).await, "invalid_grant");
    refused(&NATIVE.refresh(&service, &refresh).await, "invalid_grant");
    for token in [&access, &id] {
        refused(&APP.refresh(&service, token).await, "invalid_grant");
        refused(&APP.redeem(&service, token).await, "invalid_grant");
    }
    for token in [&refresh, &id] {
        assert_eq!(userinfo(&service, token).await.status, 401);
    }
    let as_session =
        crate::contract::client().get(format!("{}/v1/session", service.url)).bearer_auth(&access);
    assert_eq!(as_session.send().await.unwrap().status(), 401);
    let as_hint = browser.visit(&service, &OTHER.address("openid", &[("id_token_hint", &id)])).await;
    assert_eq!(error_in(&as_hint), "invalid_request", "an ID token of another client");
    assert_eq!(APP.refresh(&service, &refresh).await.status, 200, "none of it has ended anything");
}

#[tokio::test]
async fn a_stolen_refresh_token_ends_its_family_when_both_have_used_it() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let tokens = NATIVE.tokens(&service, &mut browser, EVERY_SCOPE).await;
    let stolen = text(&tokens, "refresh_token");
    let mine = NATIVE.refresh(&service, &stolen).await;
    let next = NATIVE.refresh(&service, &text(&mine, "refresh_token")).await;
    assert_eq!(next.status, 200, "{}", next.text);
    // The thief comes two generations late; ten seconds of grace are for the last one only.
    refused(&NATIVE.refresh(&service, &stolen).await, "invalid_grant");
    refused(&NATIVE.refresh(&service, &text(&next, "refresh_token")).await, "invalid_grant");
    assert_eq!(userinfo(&service, &text(&next, "access_token")).await.status, 401);
    let again = NATIVE.tokens(&service, &mut browser, EVERY_SCOPE).await;
    assert_eq!(
        userinfo(&service, &text(&again, "access_token")).await.status,
        200,
        "the person logs in again"
    );
}

/// Writes a token with another header, signed by whatever the liar has.
fn forged(token: &str, head: &serde_json::Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let payload = token.split('.').nth(1).unwrap();
    let signed = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(head.to_string()));
    let signature = URL_SAFE_NO_PAD.encode(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

#[tokio::test]
async fn no_algorithm_of_a_liars_choice_is_believed() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let token = text(&APP.tokens(&service, &mut browser, "openid").await, "id_token");
    let kid = super::support::header(&token)["kid"].clone();
    let keys = get(&service, "/oauth2/jwks").await.text;
    let hmac = |key: &[u8]| {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key);
        move |text: &[u8]| ring::hmac::sign(&key, text).as_ref().to_vec()
    };
    let lies = [
        forged(&token, &json!({"alg": "none", "typ": "JWT"}), |_| Vec::new()),
        forged(&token, &json!({"alg": "None", "typ": "JWT", "kid": kid}), |_| Vec::new()),
        forged(&token, &json!({"alg": "HS256", "typ": "JWT", "kid": kid}), hmac(keys.as_bytes())),
        forged(&token, &json!({"alg": "HS256", "typ": "JWT", "kid": kid}), hmac(SECRET.as_bytes())),
        forged(&token, &json!({"alg": "RS256", "typ": "JWT", "kid": kid}), |_| vec![0; 256]),
        forged(&token, &json!({"alg": "ES256", "typ": "JWT", "kid": kid}), |_| vec![0; 64]),
    ];
    for lie in lies {
        // A token that is believed would log out without a question.
        let address = format!("/oauth2/logout?id_token_hint={lie}");
        let answer = browser.visit(&service, &address).await;
        assert_eq!(answer.status, 400, "{lie}");
        let answer = browser.visit(&service, &APP.address("openid", &[("id_token_hint", &lie)])).await;
        assert_eq!(error_in(&answer), "invalid_request", "{lie}");
    }
    assert_eq!(browser.session(&service).await.status, 200);
}

#[tokio::test]
async fn no_other_site_can_say_yes_in_a_persons_name() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let mut thief = logged_in(&service, &service.person("thief")).await;
    let address = OTHER.address("openid phone", &[]);
    let (page, of_thief) = (browser.visit(&service, &address).await, thief.visit(&service, &address).await);
    let (request, proof) = (field(&page, "request"), field(&page, "proof"));
    let path = "/oauth2/consent";
    let cookies = browser.cookies_at(path).join("; ");
    let with = |request: &str, proof: &str| {
        vec![
            ("request".to_owned(), request.to_owned()),
            ("proof".to_owned(), proof.to_owned()),
            ("decision".to_owned(), "allow".to_owned()),
        ]
    };
    let more = request.replace("phone", "wechat");
    for (fields, origin) in [
        (with(&request, &proof), "https://evil.test"),
        (with(&request, &proof), "null"),
        (with(&request, ""), PUBLIC_URL),
        (with(&request, &field(&of_thief, "proof")), PUBLIC_URL),
        (with(&more, &proof), PUBLIC_URL),
    ] {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = post(&service, path, &fields, &[("Cookie", &cookies), ("Origin", origin)]).await;
        assert_eq!(answer.status, 403, "{origin} {fields:?}");
    }
    let fields = [("request", request.as_str()), ("proof", proof.as_str()), ("decision", "allow")];
    let without_origin = post(&service, path, &fields, &[("Cookie", &cookies)]).await;
    assert_eq!(without_origin.status, 403);
    code_in(&submit(&service, &browser, path, &fields).await);
}

#[tokio::test]
async fn no_script_reads_the_page_that_asks_not_even_one_of_an_allowed_origin() {
    let friend = "https://shop.example.test";
    let service = setup().set("server.allowed_origins", friend).start().await;
    let browser = logged_in(&service, &service.person("anna")).await;
    let read = async |path: &str| {
        let cookies = browser.cookies_at(path).join("; ");
        let request = crate::contract::client().get(format!("{}{path}", service.url));
        let answer = request.header("Cookie", cookies).header("Origin", friend).send().await.unwrap();
        answer.headers().contains_key("access-control-allow-origin")
    };
    assert!(read("/v1/session").await, "it is an allowed origin");
    for path in [OTHER.address("openid", &[]).as_str(), "/oauth2/logout"] {
        assert!(!read(path).await, "{path}");
    }
}

#[tokio::test]
async fn a_person_cannot_skip_a_new_login_with_a_wish_of_tomorrow() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    for forged in ["99999999999999", "-1", "x", ""] {
        let address = APP.address("openid", &[("prompt", "login"), ("login_after", forged)]);
        let answer = browser.visit(&service, &address).await;
        assert!(sent_to(&answer).starts_with("/login?"), "{forged}: {}", sent_to(&answer));
    }
    scan_in(&service, &mut browser, &service.person("anna")).await;
}

async fn median_of_wrong_secret(service: &Service, id: &str, secret: &str) -> Duration {
    let mut times = Vec::new();
    for _ in 0..15 {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", "x"),
            ("client_id", id),
            ("client_secret", secret),
        ];
        let began = Instant::now();
        let answer = post(service, "/oauth2/token", &form, &[]).await;
        times.push(began.elapsed());
        assert!(matches!(answer.status.as_u16(), 401 | 429), "{}", answer.text);
    }
    times.sort_unstable();
    times[times.len() / 2]
}

#[tokio::test]
async fn a_wrong_secret_tells_nothing_by_the_time_it_takes_or_what_is_answered() {
    let service = setup().start().await;
    let almost = format!("{}x", &SECRET[..SECRET.len() - 1]);
    let answer = async |id: &str, secret: &str| {
        let form = [("client_id", id), ("client_secret", secret)];
        let answer = post(&service, "/oauth2/token", &form, &[]).await;
        (answer.status, answer.text)
    };
    let expected = answer("app", &almost).await;
    for (id, secret) in [("app", "x"), ("nobody", "x"), ("native", "x"), ("nobody", SECRET)] {
        assert_eq!(answer(id, secret).await, expected, "{id}");
    }
    // The secrets are hashed and compared in constant time (the rule has a test of its own); here only what is coarse would show.
    let near = median_of_wrong_secret(&service, "app", &almost).await;
    let far = median_of_wrong_secret(&service, "nobody", "x").await;
    let apart = near.abs_diff(far);
    assert!(apart < Duration::from_millis(20), "{near:?} {far:?}");
}

#[tokio::test]
async fn guessing_secrets_is_soon_over_and_locks_no_client_out() {
    let service = setup().start().await;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", "x"),
        ("client_id", "app"),
        ("client_secret", "x"),
    ];
    let mut limited = None;
    for _ in 0..40 {
        let answer = post(&service, "/oauth2/token", &form, &[]).await;
        if answer.status == 429 {
            limited = Some(answer);
            break;
        }
    }
    let limited = limited.expect("the guesses are limited");
    assert_eq!(oauth_error(&limited), "temporarily_unavailable");
    assert!(limited.retry_after() > 0);
    refused(&APP.refresh(&service, "x").await, "invalid_grant");
}

#[tokio::test]
async fn nothing_that_is_stored_or_logged_is_a_code_or_a_token() {
    let service = setup().start().await;
    let mut browser = logged_in(&service, &service.person("anna")).await;
    let code = APP.code(&service, &mut browser, EVERY_SCOPE).await;
    let tokens = APP.redeem(&service, &code).await;
    let next = APP.refresh(&service, &text(&tokens, "refresh_token")).await;
    let mut secrets = vec![code, SECRET.to_owned()];
    for answer in [&tokens, &next] {
        secrets.extend(["access_token", "refresh_token", "id_token"].map(|name| text(answer, name)));
    }
    let mut kept = service.log().into_bytes();
    for file in std::fs::read_dir(service.files()).unwrap() {
        kept.extend(std::fs::read(file.unwrap().path()).unwrap_or_default());
    }
    for secret in secrets {
        let raw = URL_SAFE_NO_PAD.decode(&secret).unwrap_or_default();
        for form in [secret.as_bytes(), &raw] {
            let is_there = form.len() > 16 && kept.windows(form.len()).any(|window| window == form);
            assert!(!is_there, "{secret}");
        }
    }
}
