//! `GET /wechat/{app}/callback`: the check of the URL.

use reqwest::Method;
use saoma_wechat::callback::CallbackQuery;

use super::{
    requests::{request, send, without_request_id},
    wechat::Sender,
};
use crate::harness::{Answer, Service, Setup};

async fn checked(service: &Service, query: &CallbackQuery) -> Answer {
    send(request(service, Method::GET, "/wechat/main/callback").query(query)).await
}

#[tokio::test]
async fn a_signed_echo_comes_back_as_plain_text() {
    let (service, wechat) = (Setup::default().start().await, Sender::demo());
    for echo in ["5837397520665436492", "a", "Ab0_-+/=.", &"x".repeat(64)] {
        let answer = checked(&service, &wechat.check(0, echo)).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, echo));
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    }
    for seconds in [-290, 290] {
        assert_eq!(checked(&service, &wechat.check(seconds, "1")).await.status, 200, "{seconds} s off");
    }
    let with_slash = request(&service, Method::GET, "/wechat/main/callback/").query(&wechat.check(0, "42"));
    assert_eq!(send(with_slash).await.text, "42", "it is the same URL");
    assert!(service.sandbox.check_callback_url("main").await.unwrap(), "so the console takes the URL");
}

#[tokio::test]
async fn anything_else_is_refused_in_the_same_words() {
    let (service, wechat) = (Setup::default().start().await, Sender::demo());
    let good = || wechat.check(0, "42");
    let mut wrong = vec![
        CallbackQuery::default(),
        CallbackQuery { signature: String::new(), ..good() },
        CallbackQuery { signature: "0".repeat(40), ..good() },
        CallbackQuery { signature: good().signature.to_uppercase() + "0", ..good() },
        CallbackQuery { nonce: "another".to_owned(), ..good() },
        CallbackQuery { timestamp: "1".to_owned(), ..good() },
        CallbackQuery { timestamp: String::new(), ..good() },
        CallbackQuery { echostr: None, ..good() },
        wechat.check(-310, "42"),
        wechat.check(310, "42"),
    ];
    let hostile = [
        "",
        "<script>alert(1)</script>",
        "\"><svg onload=alert(1)>",
        "a b",
        "a\r\nX: y",
        "ü",
        "%3Cb%3E",
        "a\0",
    ];
    wrong.extend(hostile.map(|echo| wechat.check(0, echo)));
    wrong.push(wechat.check(0, &"x".repeat(65)));
    let mut answers = Vec::new();
    for query in &wrong {
        let answer = checked(&service, query).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (403, "callback_refused"), "{query:?}");
        assert!(!answer.text.contains("script") && !answer.text.contains("svg"));
        answers.push(without_request_id(&answer));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test]
async fn an_app_that_is_not_there_has_no_callback() {
    let (service, wechat) = (Setup::default().start().await, Sender::demo());
    for app in ["nobody", "MAIN", "main%20", "%FF", "wx5a0b4c3d2e1f6078"] {
        let request = request(&service, Method::GET, &format!("/wechat/{app}/callback"));
        let answer = send(request.query(&wechat.check(0, "42"))).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (404, "not_found"), "{app}");
    }
}
