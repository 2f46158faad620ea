//! One mini program.

use saoma_domain::wechat::AppKind;
use secrecy::SecretString;

use super::app::{App, DEFAULT_OPEN_ACCOUNT, OnRefuse};

/// One mini program as it would be entered in WeChat's console.
#[derive(Clone, Debug)]
pub struct MiniProgram {
    /// Its name in the sandbox and on the phone page.
    pub name: String,
    /// The app id, such as `wx3d5f7a9b1c2e4d60`.
    pub app_id: String,
    /// The app secret.
    pub secret: SecretString,
    /// The open-platform account that it is bound to; can be changed later with
    /// [`Sandbox::bind_open_account`](crate::Sandbox::bind_open_account).
    pub open_account: Option<String>,
}

impl MiniProgram {
    /// Returns an invented mini program, the one of the demonstration.
    pub fn demo() -> Self {
        Self {
            name: "mini".to_owned(),
            app_id: "wx3d5f7a9b1c2e4d60".to_owned(),
            secret: "9f8e7d6c5b4a39281706f5e4d3c2b1a0".into(),
            open_account: Some(DEFAULT_OPEN_ACCOUNT.to_owned()),
        }
    }

    pub(crate) fn app(&self) -> App<'_> {
        App {
            kind: AppKind::MiniProgram,
            name: &self.name,
            app_id: &self.app_id,
            secret: &self.secret,
            open_account: self.open_account.as_deref(),
            redirect_domain: None,
            on_refuse: OnRefuse::Stay,
        }
    }
}
