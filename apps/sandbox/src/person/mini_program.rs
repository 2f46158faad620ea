//! What a person does in mini programs: with WeChat, and with the service behind the mini program.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::Person;
use crate::error::{SandboxError, invalid};
use crate::open_data::{EncryptedData, PhoneData, encrypt, phone_info};
use crate::simulation::ServiceAnswer;
use crate::state::{MINI_CODE_S, MiniLogin};

/// How long the service may take for an answer.
const TIMEOUT: Duration = Duration::from_secs(10);

impl Person {
    /// `wx.login` in a mini program: returns a code for `jscode2session`, good once and for 5 minutes. The
    /// person has a new session key from now on; the one before is outdated.
    ///
    /// # Errors
    /// [`SandboxError::UnknownApp`].
    pub fn wx_login(&self, app: &str) -> Result<String, SandboxError> {
        let shared = &self.simulation.shared;
        let app = shared.mini_program(app)?;
        let (code, session_key, now) = (shared.random.code(), shared.random.session_key(), shared.now());
        shared.write(|state| {
            state.mini_sessions.renew(app.app_id, &self.name, session_key.clone());
            let login = MiniLogin { person: self.name.clone(), session_key };
            state.login_codes.add(code.clone(), app.app_id, login, now, MINI_CODE_S);
        });
        Ok(code)
    }

    /// `getPhoneNumber` in a mini program, the new way: returns a code for `getuserphonenumber`, good once
    /// and for 5 minutes.
    ///
    /// # Errors
    /// [`SandboxError::UnknownApp`].
    pub fn phone_code(&self, app: &str) -> Result<String, SandboxError> {
        let shared = &self.simulation.shared;
        let app = shared.mini_program(app)?;
        let (code, person, now) = (shared.random.code(), self.name.clone(), shared.now());
        shared.write(|state| state.phone_codes.add(code.clone(), app.app_id, person, now, MINI_CODE_S));
        Ok(code)
    }

    /// `getPhoneNumber` in a mini program, the old way: returns the phone number under the session key.
    ///
    /// # Errors
    /// [`SandboxError::UnknownApp`]; [`SandboxError::NoMiniSession`] before the first `wx_login`.
    pub fn encrypted_phone(&self, app: &str) -> Result<EncryptedData, SandboxError> {
        self.encrypted_phone_with(app, &PhoneData::default())
    }

    /// Returns the phone number encrypted with something wrong about it.
    ///
    /// # Errors
    /// As [`Person::encrypted_phone`].
    pub fn encrypted_phone_with(&self, app: &str, data: &PhoneData) -> Result<EncryptedData, SandboxError> {
        let shared = &self.simulation.shared;
        let app = shared.mini_program(app)?;
        let no_session = || SandboxError::NoMiniSession(app.name.to_owned());
        let keys = shared.read(|state| state.mini_sessions.keys(app.app_id, &self.name).cloned());
        let keys = keys.ok_or_else(no_session)?;
        let key = if data.outdated_key { keys.before } else { Some(keys.current) };
        let key = key.unwrap_or_else(|| shared.random.session_key());
        let age_s = i64::try_from(data.age.as_secs()).unwrap_or(i64::MAX);
        let app_id = data.watermark_app_id.as_deref().unwrap_or(app.app_id);
        let plain = phone_info(&self.phone, app_id, shared.now().saturating_sub(age_s)).to_string();
        encrypt(&key, &shared.random.bytes(), plain.as_bytes()).ok_or_else(no_session)
    }

    /// Decides whether WeChat's risk control keeps the person out of mini programs (errcode 40226).
    ///
    /// # Errors
    /// [`SandboxError::UnknownPerson`].
    pub fn set_high_risk(&self, high_risk: bool) -> Result<(), SandboxError> {
        self.simulation.shared.write(|state| {
            state.people.get_mut(&self.name)?.high_risk = high_risk;
            Ok(())
        })
    }

    /// Opens a mini program that logs in at once: `wx.login`, then `POST /v1/logins` of the service at this
    /// URL. Returns the service's answer.
    ///
    /// # Errors
    /// [`SandboxError::UnknownApp`], [`SandboxError::Config`] for a wrong URL, [`SandboxError::Service`]
    /// when there is no answer.
    pub async fn open_mini_program(
        &self,
        app: &str,
        service_url: &str,
    ) -> Result<ServiceAnswer, SandboxError> {
        let url = url_in(service_url, "/v1/logins")?;
        let code = self.wx_login(app)?;
        let body = json!({ "channel": "mini_program", "client": "device", "app": app, "code": code });
        self.call_service(&url, &body, None).await
    }

    /// Gives a mini program the phone number: its code goes to `POST /v1/logins/{id}/wechat-phone`.
    pub(crate) async fn give_phone(
        &self,
        app: &str,
        service_url: &str,
        (login, poll_token): (&str, &str),
    ) -> Result<ServiceAnswer, SandboxError> {
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if login.is_empty() || !login.bytes().all(is_id) {
            return Err(invalid("login", "is not the id of a login"));
        }
        let url = url_in(service_url, &format!("/v1/logins/{login}/wechat-phone"))?;
        let code = self.phone_code(app)?;
        self.call_service(&url, &json!({ "code": code }), Some(poll_token)).await
    }

    pub(super) async fn call_service(
        &self,
        url: &Url,
        body: &Value,
        token: Option<&str>,
    ) -> Result<ServiceAnswer, SandboxError> {
        let answer = self.simulation.callbacks.http.post_json(url, body, token, TIMEOUT).await;
        let (status, body) = answer.map_err(SandboxError::Service)?;
        Ok(ServiceAnswer { status, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
    }
}

pub(super) fn url_in(service: &str, path: &str) -> Result<Url, SandboxError> {
    let url = Url::parse(&format!("{}{path}", service.trim_end_matches('/'))).ok();
    let web = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    web.ok_or_else(|| invalid("service_url", "must be an http or https URL"))
}
