//! What a person does with the round code of a mini program: it opens a page, which asks them.

use serde_json::json;

use super::{Person, mini_program::url_in};
use crate::error::SandboxError;
use crate::simulation::ServiceAnswer;
use crate::state::MiniCode;

impl Person {
    /// Scans the code of a mini program by the URL in its picture, and returns the page that WeChat opens, with its scene.
    ///
    /// # Errors
    /// [`SandboxError::UnknownCode`].
    pub fn scan_mini_code(&self, url: &str) -> Result<MiniCode, SandboxError> {
        let shared = &self.simulation.shared;
        let code = shared.read(|state| state.mini_codes.by_url(url).cloned());
        let code = code.ok_or(SandboxError::UnknownCode)?;
        if !code.scanned_by.contains(&self.name) {
            shared.write(|state| state.mini_codes.scanned(url, &self.name));
        }
        Ok(code)
    }

    /// Scans the code of a mini program and lets its page call the service at this URL: `wx.login`, then
    /// `POST /v1/logins/{scene}/mini-program`, with the person's answer if there is one. Returns the service's answer.
    ///
    /// # Errors
    /// As [`Person::scan_mini_code`] and [`Person::open_mini_program`].
    pub async fn answer_on_page(
        &self,
        url: &str,
        service_url: &str,
        confirm: Option<bool>,
    ) -> Result<ServiceAnswer, SandboxError> {
        let code = self.scan_mini_code(url)?;
        let address = url_in(service_url, &format!("/v1/logins/{}/mini-program", code.scene))?;
        let mut body = json!({ "code": self.wx_login(&code.app)? });
        if let Some((fields, confirm)) = body.as_object_mut().zip(confirm) {
            fields.insert("confirm".to_owned(), confirm.into());
        }
        self.call_service(&address, &body, None).await
    }
}
