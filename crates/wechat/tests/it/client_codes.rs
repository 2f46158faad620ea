//! A code is sent once, after any answer and after none.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use saoma_domain::ports::{MiniProgram, OAuth, WechatError};
use saoma_wechat::client::WechatClient;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::fake_wechat::{
    FakeWechat, GRANT_PATH, JS_CODE_PATH, MINI_ID, PHONE_PATH, TOKEN_ANSWER, TOKEN_PATH, answer, client_at,
    errcode, mini, openid, raw_server, refused_with, site, token, unavailable_for,
};
use crate::support::OPENID;

/// A call that WeChat answers once.
#[derive(Clone, Copy, Debug)]
enum Once {
    Grant,
    JsCode,
    Phone,
}

const ALL: [Once; 3] = [Once::Grant, Once::JsCode, Once::Phone];

impl Once {
    fn path(self) -> &'static str {
        match self {
            Self::Grant => GRANT_PATH,
            Self::JsCode => JS_CODE_PATH,
            Self::Phone => PHONE_PATH,
        }
    }

    /// The answer when all is well.
    fn good(self) -> Value {
        let watermark = json!({"timestamp": 1, "appid": MINI_ID});
        let phone_info = json!({
            "phoneNumber": "13800138000", "purePhoneNumber": "13800138000", "countryCode": "86",
            "watermark": watermark,
        });
        match self {
            Self::Grant => json!({"openid": OPENID, "scope": "snsapi_login"}),
            Self::JsCode => json!({"openid": OPENID, "session_key": "dGhpc0lzMTZCeXRlcyEh"}),
            Self::Phone => json!({"errcode": 0, "phone_info": phone_info}),
        }
    }

    async fn call(self, client: &WechatClient) -> Result<(), WechatError> {
        match self {
            Self::Grant => OAuth::exchange(client, &site(), "once").await.map(drop),
            Self::JsCode => MiniProgram::exchange(client, &mini(), "once").await.map(drop),
            Self::Phone => client.phone_number(&mini(), &openid(), "once").await.map(drop),
        }
    }

    /// Calls a WeChat that answers so, and after that well.
    async fn answered(self, first: ResponseTemplate, limit: Duration) -> (Result<(), WechatError>, usize) {
        let wechat = FakeWechat::with_timeout(limit).await;
        wechat.answer(TOKEN_PATH, vec![token("token-1", 7200)]).await;
        wechat.answer(self.path(), vec![first, answer(self.good())]).await;
        let result = self.call(&wechat.client).await;
        (result, wechat.count(self.path()).await)
    }
}

const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_good_answer_is_taken() {
    for once in ALL {
        assert_eq!(once.answered(answer(once.good()), LONG).await, (Ok(()), 1), "{once:?}");
    }
}

#[tokio::test]
async fn a_failure_of_any_kind_is_reported_after_one_request() {
    let large = ResponseTemplate::new(200).set_body_string(format!("{{{}}}", " ".repeat(256 * 1024)));
    for once in ALL {
        for odd in [
            errcode(-1),
            errcode(45011),
            ResponseTemplate::new(500),
            ResponseTemplate::new(502).set_body_json(once.good()),
            ResponseTemplate::new(302).insert_header("Location", once.path()),
            ResponseTemplate::new(200),
            ResponseTemplate::new(200).set_body_string("<html></html>"),
            large.clone(),
        ] {
            let (result, requests) = once.answered(odd.clone(), LONG).await;
            unavailable_for(result);
            assert_eq!(requests, 1, "{once:?} {odd:?}");
        }
    }
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_not_made_again() {
    let slowly = async |once: Once| {
        let slow = answer(once.good()).set_delay(Duration::from_secs(600));
        let (result, requests) = once.answered(slow, Duration::from_millis(1500)).await;
        assert_eq!(unavailable_for(result).0, "no answer within 1.5 s", "{once:?}");
        assert_eq!(requests, 1, "{once:?}");
    };
    tokio::join!(slowly(Once::Grant), slowly(Once::JsCode), slowly(Once::Phone));
}

/// Serves raw answers after a token where the call needs one, and then a good answer.
async fn raw(once: Once, odd: &'static str) -> Result<(), WechatError> {
    let body = once.good().to_string();
    let good =
        format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let mut answers = vec![odd, good.leak()];
    match once {
        Once::Grant | Once::JsCode => {}
        Once::Phone => answers.insert(0, TOKEN_ANSWER),
    }
    let wechat = FakeWechat::start().await;
    once.call(&client_at(&format!("http://{}", raw_server(answers)), LONG, &wechat.clock)).await
}

#[tokio::test]
async fn a_connection_that_breaks_is_not_tried_again() {
    let answers =
        ["", "HTTP", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"openid\":"];
    for once in ALL {
        for odd in answers {
            // A second request would be answered well.
            unavailable_for(raw(once, odd).await);
        }
    }
}

#[tokio::test]
async fn a_kept_connection_that_breaks_does_not_send_the_code_again() {
    for once in [Once::Grant, Once::JsCode] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let body = once.good().to_string();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
            let second = stream.read(&mut [0; 4096]).unwrap();
            (listener, second)
        });
        let wechat = FakeWechat::start().await;
        let client = client_at(&format!("http://{address}"), LONG, &wechat.clock);
        assert_eq!(once.call(&client).await, Ok(()));
        unavailable_for(once.call(&client).await);
        let (listener, second) = server.join().unwrap();
        assert!(second > 0, "the second request came over the first connection");
        listener.set_nonblocking(true).unwrap();
        assert!(listener.accept().is_err(), "{once:?} came again over another connection");
    }
}

#[tokio::test]
async fn a_code_that_wechat_does_not_know_is_not_found() {
    for once in ALL {
        for code in [40029, 40163, 41008, 42003] {
            let (result, requests) = once.answered(errcode(code), LONG).await;
            assert_eq!((result, requests), (Err(WechatError::NotFound { errcode: code }), 1), "{once:?}");
        }
    }
}

#[tokio::test]
async fn a_refusal_says_what_to_do_and_is_not_tried_again() {
    let secret = "the app secret is wrong";
    for (code, words) in [
        (40226, "takes this person for a risk"),
        (40013, "the app id does not exist"),
        (40125, secret),
        (40164, "IP whitelist"),
        (45009, "quota of the day"),
        (48001, "may not call this API"),
        (50002, "limited the account"),
        (77777, "look it up"),
    ] {
        for once in ALL {
            let (result, requests) = once.answered(errcode(code), LONG).await;
            let (refused, advice) = refused_with(result);
            assert_eq!((refused, requests), (code, 1), "{once:?}");
            assert!(advice.contains(words), "{advice}");
        }
    }
    for once in [Once::Grant, Once::JsCode] {
        let (result, requests) = once.answered(errcode(40001), LONG).await;
        let (_, advice) = refused_with(result);
        assert!(advice.contains(secret) && requests == 1, "without a token it is the secret: {advice}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_not_sent_with_the_next_code() {
    for once in [Once::Grant, Once::JsCode] {
        let wechat = FakeWechat::start().await;
        wechat.answer(once.path(), vec![errcode(40125), answer(once.good())]).await;
        refused_with(once.call(&wechat.client).await);
        refused_with(once.call(&wechat.client).await);
        assert_eq!(wechat.count(once.path()).await, 1);
        wechat.clock.advance(60);
        assert_eq!(once.call(&wechat.client).await, Ok(()));
    }
}

#[tokio::test]
async fn half_an_answer_is_none_wherever_it_is_cut() {
    for once in ALL {
        let good = once.good().to_string();
        let cuts = (0..good.len()).map(|at| ResponseTemplate::new(200).set_body_string(&good[..at]));
        let wechat = FakeWechat::with_token().await;
        wechat.answer(once.path(), cuts.collect()).await;
        for _ in 0..good.len() {
            unavailable_for(once.call(&wechat.client).await);
        }
        assert_eq!(wechat.count(once.path()).await, good.len());
    }
}

/// Lists the answers with one field missing or of another form.
fn bent(good: &Value, needed: &[&str]) -> Vec<Value> {
    let mut answers = Vec::new();
    for field in needed {
        let (parent, name) = field.rsplit_once('/').unwrap();
        let mut missing = good.clone();
        missing.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
        answers.push(missing);
        for odd in [json!(null), json!([]), json!({}), json!(true), json!(""), json!([good]), json!(-1.5)] {
            let mut bent = good.clone();
            *bent.pointer_mut(field).unwrap() = odd;
            answers.push(bent);
        }
    }
    answers
}

#[tokio::test]
async fn an_answer_without_what_is_needed_is_none() {
    for once in ALL {
        let needed: &[&str] = match once {
            Once::Grant => &["/openid"],
            Once::JsCode => &["/openid", "/session_key"],
            Once::Phone => &["/phone_info", "/phone_info/watermark", "/phone_info/watermark/appid"],
        };
        let mut answers = bent(&once.good(), needed);
        answers.extend([json!([]), json!("x"), json!(1), json!(null), json!({"errcode": "x"})]);
        let wechat = FakeWechat::with_token().await;
        wechat.answer(once.path(), answers.iter().cloned().map(answer).collect()).await;
        for odd in answers {
            let result = once.call(&wechat.client).await;
            assert!(matches!(result, Err(WechatError::Unavailable { .. })), "{once:?} {odd} {result:?}");
        }
    }
}

#[tokio::test]
async fn unknown_fields_of_any_form_are_ignored() {
    for once in ALL {
        let mut good = once.good();
        for field in ["unionid", "expires_in", "scope", "new", "is_snapshotuser", "access_token"] {
            good[field] = json!(null);
        }
        good["errmsg"] = json!({"a": []});
        assert_eq!(once.answered(answer(good), LONG).await, (Ok(()), 1), "{once:?}");
    }
}
