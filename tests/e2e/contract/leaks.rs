//! Whole journeys with everything logged, and then a search for the secrets.

use reqwest::Method;
use saoma_sandbox::{OfficialAccount, Person};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    requests::{client, get, post, request, send},
    wechat::{Sender, deliver},
};
use crate::harness::{Answer, Browser, Device, PATIENCE, Service, Setup, another_than, code_for};

/// Secrets by name.
type Secrets = Vec<(&'static str, String)>;

/// Returns the names of the secrets that stand in a text as words of their own.
fn found(secrets: &Secrets, text: &str) -> Vec<&'static str> {
    let in_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let stands = |secret: &str| {
        text.match_indices(secret).any(|(at, _)| {
            let (before, after) = (text[..at].chars().next_back(), text[at + secret.len()..].chars().next());
            !in_word(before) && !in_word(after)
        })
    };
    secrets.iter().filter(|(_, secret)| stands(secret)).map(|(name, _)| *name).collect()
}

/// Returns the log without the times, whose digits may look like a code.
fn log_without_times(service: &Service) -> String {
    let without_time = |line: &str| match serde_json::from_str::<Value>(line) {
        Ok(mut line) => {
            line.as_object_mut().unwrap().remove("timestamp");
            line.to_string()
        }
        Err(_) => line.to_owned(),
    };
    service.log().lines().map(without_time).collect::<Vec<_>>().join("\n")
}

/// Returns the secrets that were there before the first login.
async fn secrets_of_the_service(service: &Service) -> Secrets {
    let account = OfficialAccount::demo();
    let secret = account.secret.expose_secret();
    let body = json!({"grant_type": "client_credential", "appid": account.app_id, "secret": secret});
    let url = format!("{}/cgi-bin/stable_token", service.sandbox.base_url());
    let token = Answer::read(client().post(url).json(&body).send().await.unwrap()).await;
    vec![
        ("the server key", "5a".repeat(32)),
        ("the app secret", secret.to_owned()),
        ("the callback token", account.token.expose_secret().to_owned()),
        ("the AES key", account.encoding_aes_key.expose_secret().to_owned()),
        ("the webhook secret", "canaryWebhookSecret".to_owned()),
        ("WeChat's access token", token.json["access_token"].as_str().unwrap().to_owned()),
    ]
}

fn secrets_of(person: &Person) -> Secrets {
    let phone = person.phone();
    vec![
        ("the phone number", phone.trim_start_matches("+86").to_owned()),
        ("the number in E.164", phone[1..].to_owned()),
    ]
}

/// A browser's whole journey, with the mistakes that people make; returns every answer.
async fn browse(service: &Service, ming: &Person, secrets: &mut Secrets) -> Vec<Answer> {
    let mut browser = Browser::new();
    let (id, qr) = browser.start(service).await;
    let path = |below: &str| format!("/v1/logins/{id}{below}");
    ming.scan(&qr).await.unwrap();
    let phone = ming.phone();
    let mut answers = vec![
        browser.call(service, Method::GET, &path("?wait=5&since=1"), None).await,
        browser.call(service, Method::POST, &path("/sms-codes"), Some(json!({"phone": phone}))).await,
    ];
    let code = ming.next_sms(0, PATIENCE).await.unwrap().code;
    let bind = |code: &str| Some(json!({"phone": phone, "code": code}));
    for body in
        [bind(another_than(&code)), Some(json!({"phone": phone, "code": code, "extra": code})), bind(&code)]
    {
        answers.push(browser.call(service, Method::POST, &path("/phone"), body).await);
    }
    assert_eq!(answers.last().unwrap().says(), "registered");
    for (method, path) in [
        (Method::GET, path("")),
        (Method::GET, "/v1/session".to_owned()),
        (Method::GET, "/v1/sessions".to_owned()),
    ] {
        answers.push(browser.call(service, method, &path, None).await);
    }
    secrets.push(("the SMS code", code));
    for (name, value, _) in &browser.cookies {
        secrets.push((if name == "saoma_login" { "a poll token" } else { "a session token" }, value.clone()));
    }
    answers.push(browser.call(service, Method::DELETE, "/v1/session", None).await);
    answers
}

/// What goes wrong, with secrets where they do not belong; returns every answer.
async fn blunder(service: &Service, device: &Device, ming: &Person) -> Vec<Answer> {
    let (id, token, wechat) = (&device.id, &device.poll_token, Sender::demo());
    let secret = OfficialAccount::demo().secret;
    let mut answers = vec![
        get(service, &format!("/v1/logins/{id}?poll_token={token}")).await,
        get(service, &format!("/v1/logins/{token}")).await,
        get(service, &format!("/nowhere?token={token}")).await,
        post(service, "/v1/logins", &format!("{{\"channel\":\"{token}\"}}")).await,
        post(
            service,
            "/v1/logins",
            &format!("{{\"channel\":\"official_account\",\"app\":\"{}\"}}", secret.expose_secret()),
        )
        .await,
        send(request(service, Method::GET, "/v1/session").bearer_auth(token)).await,
        deliver(service, "main", &wechat.plain("<xml/>")).await,
        deliver(service, "main", &wechat.push_at(-900, &wechat.scan("login:web:x"))).await,
    ];
    let phone = ming.phone().trim_start_matches("+86");
    for body in [format!("{{\"phone\":{phone}}}"), format!("{{\"phone\":\"{phone}"), format!("[\"{phone}\"]")]
    {
        answers.push(post(service, &format!("/v1/logins/{id}/sms-codes"), &body).await);
    }
    answers
}

#[tokio::test]
async fn no_secret_is_in_any_log_or_answer() {
    let service = Setup::default().set("sms.webhook_secret", "canaryWebhookSecret").start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let mut secrets = secrets_of_the_service(&service).await;
    secrets.extend(secrets_of(&ming));
    secrets.extend(secrets_of(&hong));
    let mut answers = browse(&service, &ming, &mut secrets).await;

    let device = Device::start(&service).await;
    answers.extend(blunder(&service, &device, &ming).await);
    hong.scan(device.qr()).await.unwrap();
    let code = code_for(&service, &device, &hong).await;
    let mut bound = device.bind(&service, hong.phone(), &code).await;
    secrets.push(("the SMS code of a device", code));
    secrets.push(("the poll token of a device", device.poll_token.clone()));
    secrets.push(("the session token of a device", bound.token().to_owned()));
    bound.json["session"]["token"].take();
    bound.text = bound.json.to_string();
    answers.push(bound);

    for answer in &answers {
        let headers: Vec<_> = answer.headers.iter().filter(|(name, _)| *name != "set-cookie").collect();
        let all = format!("{} {headers:?}", answer.text);
        assert!(found(&secrets, &all).is_empty(), "{:?} in {all}", found(&secrets, &all));
    }
    let log = log_without_times(&service);
    assert!(log.contains("DEBUG") && log.lines().count() > 5, "everything is logged");
    assert!(found(&secrets, &log).is_empty(), "{:?} in the log:\n{log}", found(&secrets, &log));
    let metrics = get(&service, &format!("{}/metrics", service.admin_url)).await.text;
    assert!(found(&secrets, &metrics).is_empty() && !metrics.contains(&device.id));
}

#[tokio::test]
async fn the_database_holds_neither_tokens_nor_codes() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let mut secrets = Secrets::new();
    browse(&service, &ming, &mut secrets).await;
    secrets.push(("the server key", "5a".repeat(32)));
    secrets.push(("the app secret", OfficialAccount::demo().secret.expose_secret().to_owned()));
    assert!(secrets.len() >= 5);
    let mut files = 0;
    for file in std::fs::read_dir(service.files()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        files += 1;
        for (name, secret) in &secrets {
            let text = secret.as_bytes();
            assert!(!bytes.windows(text.len()).any(|window| window == text), "{name} is in the database");
            let raw = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text);
            if let Some(raw) = raw.ok().filter(|raw| raw.len() == 32) {
                assert!(!bytes.windows(32).any(|window| window == raw), "{name} is in the database as bytes");
            }
        }
    }
    assert!(files >= 1);
    let dump: Vec<u8> = std::fs::read_dir(service.files())
        .unwrap()
        .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect();
    let openid = ming.openid("main").unwrap();
    assert!(dump.windows(openid.len()).any(|window| window == openid.as_bytes()), "the search works");
}
