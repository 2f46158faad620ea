//! One website application.

use saoma_domain::wechat::AppKind;
use secrecy::SecretString;

use super::app::{App, DEFAULT_OPEN_ACCOUNT, OnRefuse};

/// One website application of the open platform, as it would be registered there.
#[derive(Clone, Debug)]
pub struct WebsiteApp {
    /// Its name in the sandbox and on the authorization page.
    pub name: String,
    /// The app id, such as `wx9a8b7c6d5e4f3a21`.
    pub app_id: String,
    /// The app secret.
    pub secret: SecretString,
    /// The only host that a browser is sent back to, exactly and without a port; `None` allows every host.
    pub redirect_domain: Option<String>,
    /// What a refusal does.
    pub on_refuse: OnRefuse,
    /// The open-platform account that it is bound to; can be changed later with
    /// [`Sandbox::bind_open_account`](crate::Sandbox::bind_open_account).
    pub open_account: Option<String>,
}

impl WebsiteApp {
    /// Returns an invented website application, the one of the demonstration.
    pub fn demo() -> Self {
        Self {
            name: "site".to_owned(),
            app_id: "wx9a8b7c6d5e4f3a21".to_owned(),
            secret: "1a2b3c4d5e6f70819203a4b5c6d7e8f9".into(),
            redirect_domain: None,
            on_refuse: OnRefuse::Stay,
            open_account: Some(DEFAULT_OPEN_ACCOUNT.to_owned()),
        }
    }

    pub(crate) fn app(&self) -> App<'_> {
        App {
            kind: AppKind::Website,
            name: &self.name,
            app_id: &self.app_id,
            secret: &self.secret,
            open_account: self.open_account.as_deref(),
            redirect_domain: self.redirect_domain.as_deref(),
            on_refuse: self.on_refuse,
        }
    }
}
