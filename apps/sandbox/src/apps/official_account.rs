//! One official account.

use saoma_domain::wechat::AppKind;
use saoma_wechat::callback::{
    CallbackConfig, CallbackConfigError, CallbackFormat, CallbackMode, CallbackSender,
};
use secrecy::SecretString;
use url::Url;

use super::{App, DEFAULT_OPEN_ACCOUNT, OnRefuse};
use crate::error::{SandboxError, invalid};

/// One official account as it would be entered in WeChat's console.
#[derive(Clone, Debug)]
pub struct OfficialAccount {
    /// Its name in the sandbox and on the phone page.
    pub name: String,
    /// The app id, such as `wx5a0b4c3d2e1f6078`.
    pub app_id: String,
    /// The app secret.
    pub secret: SecretString,
    /// The account's own id as it appears in messages, such as `gh_3f1c9a0b7d52`.
    pub original_id: String,
    /// The token that signs the callbacks: 3–32 letters and digits.
    pub token: SecretString,
    /// The key that encrypts the callbacks: 43 letters and digits.
    pub encoding_aes_key: SecretString,
    /// Whether callbacks are encrypted.
    pub mode: CallbackMode,
    /// The data format of the callbacks.
    pub format: CallbackFormat,
    /// The URL that events are sent to; can be set later with
    /// [`Sandbox::set_callback_url`](crate::Sandbox::set_callback_url).
    pub callback_url: Option<Url>,
    /// The only host that a browser is sent back to after an authorization inside WeChat, exactly and without
    /// a port; `None` allows every host.
    pub redirect_domain: Option<String>,
    /// What a refused authorization does.
    pub on_refuse: OnRefuse,
    /// Whether it has the rights of a verified service account. Without, as a subscription account, it can make no QR codes and
    /// ask nothing of its followers (48001).
    pub verified: bool,
    /// The open-platform account that it is bound to, so that there are unionids; can be changed later with
    /// [`Sandbox::bind_open_account`](crate::Sandbox::bind_open_account).
    pub open_account: Option<String>,
}

impl OfficialAccount {
    /// Returns an invented account in secure mode, the one of the demonstration.
    pub fn demo() -> Self {
        Self {
            name: "main".to_owned(),
            app_id: "wx5a0b4c3d2e1f6078".to_owned(),
            secret: "0f1e2d3c4b5a69788796a5b4c3d2e1f0".into(),
            original_id: "gh_3f1c9a0b7d52".to_owned(),
            token: "saomaDemoToken".into(),
            encoding_aes_key: "saomaDemoKeyNeverUseItWithARealAccount01234".into(),
            mode: CallbackMode::Secure,
            format: CallbackFormat::Xml,
            callback_url: None,
            redirect_domain: None,
            on_refuse: OnRefuse::Stay,
            verified: true,
            open_account: Some(DEFAULT_OPEN_ACCOUNT.to_owned()),
        }
    }

    pub(crate) fn app(&self) -> App<'_> {
        App {
            kind: AppKind::OfficialAccount,
            name: &self.name,
            app_id: &self.app_id,
            secret: &self.secret,
            open_account: self.open_account.as_deref(),
            redirect_domain: self.redirect_domain.as_deref(),
            on_refuse: self.on_refuse,
        }
    }

    /// Returns the URL in the account's own QR code, which has no scene.
    pub fn own_code_url(&self) -> String {
        format!("http://weixin.qq.com/r/{}", self.original_id)
    }

    /// Returns what both ends of this account's callback know.
    pub fn callback_config(&self) -> CallbackConfig {
        CallbackConfig {
            app_id: self.app_id.clone(),
            token: self.token.clone(),
            encoding_aes_key: Some(self.encoding_aes_key.clone()),
            previous_encoding_aes_key: None,
            mode: self.mode,
        }
    }

    /// Makes WeChat's end of this account's callback, which also checks the values that it needs.
    pub(crate) fn sender(&self) -> Result<CallbackSender, SandboxError> {
        let sender = CallbackSender::new(&self.callback_config());
        sender.map_err(|problem| invalid(key_of(problem), &problem.to_string()))
    }

    pub(crate) fn check(&self) -> Result<(), SandboxError> {
        if self.original_id.is_empty() {
            return Err(invalid("original_id", "must not be empty"));
        }
        self.callback_url.as_ref().map_or(Ok(()), check_callback_url)
    }
}

fn key_of(problem: CallbackConfigError) -> &'static str {
    match problem {
        CallbackConfigError::AppId => "app_id",
        CallbackConfigError::TokenLength(_) | CallbackConfigError::TokenCharacter => "token",
        CallbackConfigError::AesKeyMissing
        | CallbackConfigError::AesKeyLength(_)
        | CallbackConfigError::AesKeyCharacter => "encoding_aes_key",
    }
}

fn check_callback_url(url: &Url) -> Result<(), SandboxError> {
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        return Ok(());
    }
    Err(invalid("callback_url", "must be an http or https URL"))
}

/// Reads a URL that an event can be sent to.
pub(crate) fn parse_callback_url(url: &str) -> Result<Url, SandboxError> {
    let url = Url::parse(url).map_err(|problem| invalid("callback_url", &problem.to_string()))?;
    check_callback_url(&url).map(|()| url)
}
