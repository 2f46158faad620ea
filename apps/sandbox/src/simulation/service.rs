//! A mini program as its user sees it: it calls the service that it belongs to.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::{ServiceAnswer, Simulation};
use crate::error::{SandboxError, invalid};

const TIMEOUT: Duration = Duration::from_secs(10);

impl Simulation {
    /// The mini program logs in: `wx.login`, and the code goes to `POST /v1/logins` of the service.
    pub(crate) async fn open_mini_program(
        &self,
        person: &str,
        app: &str,
        service: &str,
    ) -> Result<ServiceAnswer, SandboxError> {
        let url = service_url(service, "/v1/logins")?;
        let code = self.wx_login(person, app)?;
        let body = json!({ "channel": "mini_program", "client": "device", "app": app, "code": code });
        self.call_service(&url, &body, None).await
    }

    /// The mini program gives the phone number: its code goes to `POST /v1/logins/{id}/wechat-phone`.
    pub(crate) async fn give_phone(
        &self,
        person: &str,
        app: &str,
        service: &str,
        (login, poll_token): (&str, &str),
    ) -> Result<ServiceAnswer, SandboxError> {
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if login.is_empty() || !login.bytes().all(is_id) {
            return Err(invalid("login", "is not the id of a login"));
        }
        let url = service_url(service, &format!("/v1/logins/{login}/wechat-phone"))?;
        let code = self.phone_code(person, app)?;
        self.call_service(&url, &json!({ "code": code }), Some(poll_token)).await
    }

    async fn call_service(
        &self,
        url: &Url,
        body: &Value,
        token: Option<&str>,
    ) -> Result<ServiceAnswer, SandboxError> {
        let answer = self.callbacks.http().post_json(url, body, token, TIMEOUT).await;
        let (status, body) = answer.map_err(SandboxError::Service)?;
        Ok(ServiceAnswer { status, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
    }
}

fn service_url(service: &str, path: &str) -> Result<Url, SandboxError> {
    let url = Url::parse(&format!("{}{path}", service.trim_end_matches('/'))).ok();
    let web = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    web.ok_or_else(|| invalid("service_url", "must be an http or https URL"))
}
