//! What Alibaba Cloud Captcha is asked, and what its answers mean.

use std::sync::Arc;

use saoma_domain::{
    ports::{Captcha, Clock, Random},
    time::Timestamp,
};
use saoma_sms::{AliyunCaptcha, AliyunCaptchaConfig};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, query_param},
};

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(1_763_610_000)
    }
}

impl Random for Fixed {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

async fn asked(status: u16, body: &str) -> Result<bool, String> {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(header("x-acs-action", "VerifyIntelligentCaptcha"))
        .and(header("x-acs-version", "2023-03-05"))
        .and(query_param("CaptchaVerifyParam", "{\"sceneId\":\"s1\"}"))
        .and(query_param("SceneId", "s1"))
        .respond_with(ResponseTemplate::new(status).set_body_string(body))
        .expect(1)
        .mount(&server)
        .await;
    let config = AliyunCaptchaConfig {
        access_key_id: "LTAI".to_owned(),
        access_key_secret: "canarySecret".into(),
        scene_id: "s1".to_owned(),
        url: server.uri().parse().ok(),
    };
    let captcha = AliyunCaptcha::new(config, Arc::new(Fixed), Arc::new(Fixed));
    let captcha = captcha.map_err(|error| error.to_string())?;
    let passed = captcha.is_passed("{\"sceneId\":\"s1\"}").await.map_err(|error| error.to_string());
    assert!(!format!("{passed:?}").contains("canarySecret"));
    passed
}

#[tokio::test]
async fn only_a_verdict_decides() {
    let verdict = |passed: bool| {
        format!(
            r#"{{"Code":"Success","Success":true,"Result":{{"VerifyResult":{passed},"VerifyCode":"T001"}}}}"#
        )
    };
    assert_eq!(asked(200, &verdict(true)).await, Ok(true));
    assert_eq!(asked(200, &verdict(false)).await, Ok(false));
    for (status, body) in
        [(200, r#"{"Code":"Success"}"#), (403, r#"{"Code":"Forbidden.NoPermission"}"#), (500, "<html>")]
    {
        assert!(asked(status, body).await.is_err(), "{body}");
    }
}
