//! What a person does in mobile applications that have WeChat's SDK in them.

use saoma_domain::wechat::AppKind;
use serde_json::json;

use super::{Person, mini_program::url_in};
use crate::error::SandboxError;
use crate::simulation::ServiceAnswer;
use crate::state::{Grant, MOBILE_CODE_S, OauthScope};

impl Person {
    /// `SendAuth` of WeChat's SDK, which the person allows: returns a code for `/sns/oauth2/access_token`, good once and for
    /// 10 minutes.
    ///
    /// # Errors
    /// [`SandboxError::UnknownApp`].
    pub fn sdk_login(&self, app: &str) -> Result<String, SandboxError> {
        let shared = &self.simulation.shared;
        let app = shared.app_of_kind(AppKind::MobileApp, app)?;
        let (code, now) = (shared.random.code(), shared.now());
        let grant = Grant {
            app: app.name.to_owned(),
            app_id: app.app_id.to_owned(),
            person: self.name.clone(),
            scope: OauthScope::Userinfo,
            snapshot: false,
        };
        shared.write(|state| state.oauth_codes.add(code.clone(), app.app_id, grant, now, MOBILE_CODE_S));
        Ok(code)
    }

    /// Opens a mobile application that logs in at once: `SendAuth`, then `POST /v1/logins` of the service at this URL.
    /// Returns the service's answer.
    ///
    /// # Errors
    /// As [`Person::open_mini_program`].
    pub async fn open_app(&self, app: &str, service_url: &str) -> Result<ServiceAnswer, SandboxError> {
        let url = url_in(service_url, "/v1/logins")?;
        let code = self.sdk_login(app)?;
        let body = json!({ "channel": "app", "client": "device", "app": app, "code": code });
        self.call_service(&url, &body, None).await
    }
}
