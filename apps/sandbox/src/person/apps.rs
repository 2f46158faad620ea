//! What a person does without a QR code: on authorization pages and in mini programs.

use url::Url;

use super::Person;
use crate::error::SandboxError;
use crate::open_data::{EncryptedData, PhoneData};
use crate::simulation::ServiceAnswer;

impl Person {
    /// Opens an authorize URL, of a website or inside WeChat, and allows what it asks for. Returns where
    /// WeChat sends the browser: the `redirect_uri` with `code` and `state`.
    ///
    /// # Errors
    /// [`SandboxError::Authorize`] for a URL that WeChat would not accept; `#wechat_redirect` belongs to it.
    pub fn allow(&self, authorize_url: &str) -> Result<Url, SandboxError> {
        self.simulation.allow(&self.name, authorize_url, false)
    }

    /// Allows on a snapshot page: the code is a virtual account's, and the token answer has
    /// `is_snapshotuser: 1`. Every URL with `forceSnapShot=true` leads to the same.
    ///
    /// # Errors
    /// As [`Person::allow`], and for any scope but `snsapi_userinfo`.
    pub fn allow_as_snapshot(&self, authorize_url: &str) -> Result<Url, SandboxError> {
        self.simulation.allow(&self.name, authorize_url, true)
    }

    /// Opens an authorize URL and refuses. Returns where WeChat sends the browser: with
    /// [`OnRefuse::Redirect`](crate::OnRefuse::Redirect) to the `redirect_uri` with `state` only, else nowhere.
    ///
    /// # Errors
    /// As [`Person::allow`], and for `snsapi_base`, which asks for no consent.
    pub fn refuse(&self, authorize_url: &str) -> Result<Option<Url>, SandboxError> {
        self.simulation.refuse(&self.name, authorize_url)
    }

    /// `wx.login` in a mini program: returns a code for `jscode2session`, good once and for 5 minutes. The
    /// person has a new session key from now on; the one before is outdated.
    ///
    /// # Errors
    /// [`SandboxError::UnknownApp`].
    pub fn wx_login(&self, app: &str) -> Result<String, SandboxError> {
        self.simulation.wx_login(&self.name, app)
    }

    /// `getPhoneNumber` in a mini program, the new way: returns a code for `getuserphonenumber`, good once
    /// and for 5 minutes.
    ///
    /// # Errors
    /// [`SandboxError::UnknownApp`].
    pub fn phone_code(&self, app: &str) -> Result<String, SandboxError> {
        self.simulation.phone_code(&self.name, app)
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
        self.simulation.encrypted_phone(&self.name, app, data)
    }

    /// Decides whether WeChat's risk control keeps the person out of mini programs (errcode 40226).
    ///
    /// # Errors
    /// [`SandboxError::UnknownPerson`].
    pub fn set_high_risk(&self, high_risk: bool) -> Result<(), SandboxError> {
        self.simulation.set_high_risk(&self.name, high_risk)
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
        self.simulation.open_mini_program(&self.name, app, service_url).await
    }
}
