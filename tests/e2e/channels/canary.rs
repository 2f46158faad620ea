//! What WeChat tells the service in confidence is told to no client: session keys, tokens of users, app secrets.

use base64::{Engine, engine::general_purpose::STANDARD};
use saoma_sandbox::{MiniProgram, WebsiteApp};
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::harness::{Answer, Browser, Device, Service, Setup, parameter};

const SESSION_KEY: [u8; 16] = *b"canary-session-k";
const USER_TOKEN: &str = "canaryUserAccessToken0123456789";
const REFRESH_TOKEN: &str = "canaryUserRefreshToken0123456789";
const APP_TOKEN: &str = "canaryAppAccessToken0123456789";
const JS_CODE: &str = "canaryJsCode0123456789";
const OAUTH_CODE: &str = "canaryOauthCode0123456789";

/// A WeChat that hands out secrets that are known beforehand; returns where it is.
async fn canary_wechat() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    url
}

async fn answer(mut stream: TcpStream) {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut piece = [0; 2048];
        match stream.read(&mut piece).await {
            Ok(length) if length > 0 => head.extend_from_slice(&piece[..length]),
            Ok(_) | Err(_) => return,
        }
    }
    let line = String::from_utf8(head).unwrap().lines().next().unwrap().to_owned();
    let body = if line.contains("/sns/jscode2session") {
        json!({"openid": "o-mini", "session_key": STANDARD.encode(SESSION_KEY), "unionid": "u-1"})
    } else if line.contains("/sns/oauth2/access_token") {
        json!({"access_token": USER_TOKEN, "expires_in": 7200, "refresh_token": REFRESH_TOKEN,
            "openid": "o-site", "scope": "snsapi_login", "unionid": "u-2"})
    } else if line.contains("/sns/userinfo") {
        json!({"openid": "o-site", "nickname": "Ming", "headimgurl": "", "unionid": "u-2"})
    } else if line.contains("/cgi-bin/stable_token") {
        json!({"access_token": APP_TOKEN, "expires_in": 7200})
    } else {
        json!({"errcode": 40097, "errmsg": format!("invalid args, {APP_TOKEN} rid: a-phone-code")})
    }
    .to_string();
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
}

/// The secrets, by name.
fn secrets() -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        ("a session key", SESSION_KEY.to_vec()),
        ("a session key in base64", text(&STANDARD.encode(SESSION_KEY))),
        ("a session key in an address", text(&STANDARD.encode(SESSION_KEY).replace('=', "%3D"))),
        ("a user's access token", text(USER_TOKEN)),
        ("a user's refresh token", text(REFRESH_TOKEN)),
        ("an app's access token", text(APP_TOKEN)),
        ("a code of wx.login", text(JS_CODE)),
        ("a code for a phone number", text("a-phone-code")),
        ("a code of a return", text(OAUTH_CODE)),
        ("the website's AppSecret", text(WebsiteApp::demo().secret.expose_secret())),
        ("the mini program's AppSecret", text(MiniProgram::demo().secret.expose_secret())),
    ]
}

fn found(bytes: &[u8]) -> Vec<&'static str> {
    let has = |secret: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
    secrets().into_iter().filter(|(_, secret)| has(secret)).map(|(name, _)| name).collect()
}

/// Goes through both channels, with what can go wrong; returns every answer.
async fn go_through(service: &Service) -> Vec<Answer> {
    let mut browser = Browser::new();
    let page = browser.authorize(service, "channel=website").await;
    let state = parameter(&page, "state").unwrap();
    let back = format!("/v1/oauth/callback?code={OAUTH_CODE}&state={state}");
    let mut answers = vec![
        browser.visit(service, &back).await,
        browser.visit(service, &format!("/v1/oauth/callback?code={OAUTH_CODE}&state=x")).await,
        browser.visit(service, &back).await,
    ];
    assert!(answers[0].location().contains("login="), "{}", answers[0].location());
    let body = json!({"channel": "mini_program", "code": JS_CODE});
    let opened = Device::ask(service, body.clone()).await;
    assert_eq!(opened.says(), "unregistered", "{}", opened.text);
    let device = Device::started(&opened);
    answers.push(opened);
    answers.push(Device::ask(service, body).await);
    for proof in [
        json!({"code": "a-phone-code"}),
        json!({"encrypted_data": STANDARD.encode([7; 64]), "iv": STANDARD.encode([7; 16])}),
        json!({"encrypted_data": "x", "iv": "x"}),
        json!({"code": "x", "session_key": STANDARD.encode(SESSION_KEY)}),
    ] {
        let answer = device.bind_wechat(service, proof).await;
        assert_ne!(answer.status, 200, "{}", answer.text);
        answers.push(answer);
    }
    answers.push(device.look(service).await);
    answers
}

#[tokio::test]
async fn session_keys_user_tokens_and_app_secrets_are_in_no_answer_log_or_file() {
    let wechat = canary_wechat().await;
    let service = Setup::every_channel().set("wechat.api_base", &wechat).start().await;
    for answer in go_through(&service).await {
        let all = format!("{} {:?}", answer.text, answer.headers);
        assert!(found(all.as_bytes()).is_empty(), "{:?} in {all}", found(all.as_bytes()));
        assert!(!all.contains(&wechat), "where WeChat is: {all}");
    }
    let log = service.log();
    assert!(log.contains("DEBUG") && log.lines().count() > 5, "everything is logged");
    assert!(found(log.as_bytes()).is_empty(), "{:?} in the log:\n{log}", found(log.as_bytes()));
    let files: Vec<u8> = std::fs::read_dir(service.files())
        .unwrap()
        .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect();
    assert!(found(&files).is_empty(), "{:?} in the files", found(&files));
    let has = |text: &str| files.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("o-mini") && has("o-site"), "the search works");
    let metrics = reqwest::get(format!("{}/metrics", service.admin_url)).await.unwrap();
    assert!(found(metrics.text().await.unwrap().as_bytes()).is_empty());
}
