//! Section 4: sessions.

use reqwest::Method;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::requests::{fields, get, request, send};
use crate::harness::{Device, PUBLIC_URL, Setup, log_in, register};

#[tokio::test]
async fn a_session_tells_whose_it_is() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let session = device.session(&service, &token).await.json;
    assert_eq!(fields(&session), "account amr auth_time conflicts created_at expires_at");
    assert_eq!(session["amr"], serde_json::json!(["wechat_qr", "sms"]));
    assert_eq!(session["conflicts"], serde_json::json!([]));
    let account = &session["account"];
    assert_eq!(fields(account), "avatar_url created_at id identities nickname phone");
    let phone = ming.phone().trim_start_matches("+86");
    assert_eq!(account["phone"], format!("{}****{}", &phone[..3], &phone[7..]));
    let identities = account["identities"].as_array().unwrap();
    assert_eq!(identities.len(), 1);
    assert_eq!(fields(&identities[0]), "app avatar_url channel id nickname subscribed");
    assert_eq!(
        (identities[0]["app"].as_str(), identities[0]["channel"].as_str()),
        (Some("main"), Some("official_account"))
    );
    let time = |value: &serde_json::Value| OffsetDateTime::parse(value.as_str().unwrap(), &Rfc3339).unwrap();
    let idle = time(&session["expires_at"]) - time(&session["created_at"]);
    assert!((1795..=1805).contains(&idle.whole_seconds()), "30 minutes idle: {idle}");
    time(&account["created_at"]);
}

#[tokio::test]
async fn what_is_no_session_is_unauthorised_alike() {
    let service = Setup::default().start().await;
    let (device, token) = register(&service, &service.person("ming")).await;
    let missing = get(&service, "/v1/session").await;
    assert_eq!((missing.status.as_u16(), missing.problem()), (401, "session_invalid"));
    for wrong in ["", "x", &token[1..], &"A".repeat(43), &device.poll_token, &device.id] {
        for (method, path) in [
            (Method::GET, "/v1/session"),
            (Method::GET, "/v1/sessions"),
            (Method::DELETE, "/v1/sessions"),
            (Method::DELETE, "/v1/sessions/x"),
        ] {
            let answer = send(request(&service, method, path).bearer_auth(wrong)).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (401, "session_invalid"),
                "{wrong} {path}"
            );
            assert_eq!(answer.json["detail"], missing.json["detail"]);
        }
    }
    let look = request(&service, Method::GET, &format!("/v1/logins/{}", device.id)).bearer_auth(&token);
    assert_eq!(send(look).await.problem(), "login_unknown", "a session's token is no poll token");
}

#[tokio::test]
async fn a_log_out_is_final_and_may_be_said_twice() {
    let service = Setup::default().start().await;
    let (device, token) = register(&service, &service.person("ming")).await;
    for _ in 0..2 {
        let out = device.log_out(&service, &token).await;
        assert_eq!((out.status.as_u16(), out.text.as_str()), (204, ""));
        assert!(out.headers["set-cookie"].to_str().unwrap().starts_with("saoma_session=;"));
    }
    assert_eq!(device.session(&service, &token).await.problem(), "session_invalid");
    let again = device.look(&service).await;
    assert_eq!((again.status.as_u16(), again.problem()), (410, "login_closed"), "its login mints no other");
    assert_eq!(
        send(request(&service, Method::DELETE, "/v1/session")).await.status,
        204,
        "nor is there one to have"
    );
}

#[tokio::test]
async fn a_log_out_ends_every_session_that_it_names_or_says_that_it_cannot() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let (device, first) = register(&service, &ming).await;
    let log_out = async |cookies: &[&str]| {
        let call = request(&service, Method::DELETE, "/v1/session").header("Origin", PUBLIC_URL);
        send(cookies.iter().fold(call, |call, line| call.header("Cookie", *line))).await
    };
    for spelled in [
        "saoma_session={1}; saoma_session={2}",
        "a=b; saoma_session=\"{1}\";saoma_session={2}",
        "saoma_session={1}|saoma_session={2}",
    ] {
        let (one, two) = (log_in(&service, &ming).await.1, log_in(&service, &ming).await.1);
        let lines = spelled.replace("{1}", &one).replace("{2}", &two);
        assert_eq!(log_out(&lines.split('|').collect::<Vec<_>>()).await.status, 204, "{spelled}");
        for token in [one, two] {
            assert_eq!(device.session(&service, &token).await.problem(), "session_invalid", "{spelled}");
        }
    }
    for odd in ["x", "{}\"", "\"{}", "{}{}", "{}%20"] {
        let (_, token) = log_in(&service, &ming).await;
        let line = format!("saoma_session={token}; saoma_session={}", odd.replace("{}", &first));
        let answer = log_out(&[&line]).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (400, "body_invalid"), "{odd}");
        assert_eq!(
            device.session(&service, &token).await.problem(),
            "session_invalid",
            "what is read is ended"
        );
    }
    let both = request(&service, Method::DELETE, "/v1/session").bearer_auth(log_in(&service, &ming).await.1);
    assert_eq!(send(both.header("Cookie", format!("saoma_session={first}"))).await.status, 204);
    assert_eq!(device.session(&service, &first).await.problem(), "session_invalid", "also beside a header");
    assert_eq!(log_out(&["saoma_session=; other=x"]).await.status, 204, "that names none");
}

#[tokio::test]
async fn an_account_sees_and_ends_its_own_sessions_only() {
    let service = Setup::default().start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (first, old) = register(&service, &ming).await;
    let (second, new) = log_in(&service, &ming).await;
    let (foreign, foreign_token) = register(&service, &hong).await;
    let list = async |device: &Device, token: &str| {
        let body = device.with_session(&service, Method::GET, "/v1/sessions", token).await.json;
        assert_eq!(fields(&body), "sessions");
        body["sessions"].as_array().unwrap().clone()
    };
    let (own, others) = (list(&second, &new).await, list(&foreign, &foreign_token).await);
    assert_eq!((own.len(), others.len()), (2, 1));
    for session in &own {
        assert_eq!(fields(session), "created_at current id ip last_seen_at user_agent");
        assert_eq!(
            (&session["ip"], &session["user_agent"]),
            (&"127.0.0.1".into(), &"living-room-tv/1.0".into())
        );
    }
    assert_eq!(own.iter().filter(|session| session["current"] == true).count(), 1);

    let end = async |id: &str| {
        second.with_session(&service, Method::DELETE, &format!("/v1/sessions/{id}"), &new).await
    };
    assert_eq!(end(others[0]["id"].as_str().unwrap()).await.problem(), "not_found");
    assert_eq!(foreign.session(&service, &foreign_token).await.status, 200, "a foreign one stays");
    assert_eq!(end("x").await.problem(), "not_found");
    let other = own.iter().find(|session| session["current"] == false).unwrap();
    assert_eq!(end(other["id"].as_str().unwrap()).await.status, 204);
    assert_eq!(first.session(&service, &old).await.status, 401);
    assert_eq!(second.session(&service, &new).await.status, 200);

    let (third, newest) = log_in(&service, &ming).await;
    assert_eq!(third.with_session(&service, Method::DELETE, "/v1/sessions", &newest).await.status, 204);
    for (device, token) in [(&second, &new), (&third, &newest)] {
        assert_eq!(device.session(&service, token).await.status, 401);
    }
    assert_eq!(foreign.session(&service, &foreign_token).await.status, 200);
}

#[tokio::test]
async fn a_session_runs_out_however_much_it_is_used() {
    let service = Setup::default().set("session.idle_s", 1).set("session.absolute_s", 1).start().await;
    let (device, token) = register(&service, &service.person("ming")).await;
    let over = crate::harness::eventually("it runs out", async || {
        let answer = device.session(&service, &token).await;
        (answer.status == 401).then_some(answer)
    });
    assert_eq!(over.await.problem(), "session_invalid");
}
