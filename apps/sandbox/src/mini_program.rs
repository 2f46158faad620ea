//! One mini program.

use secrecy::SecretString;

use crate::app::DEFAULT_OPEN_ACCOUNT;

/// One mini program as it would be entered in WeChat's console.
#[derive(Clone, Debug)]
pub struct MiniProgram {
    /// What it is called here and on the phone page.
    pub name: String,
    /// The app id, such as `wx3d5f7a9b1c2e4d60`.
    pub app_id: String,
    /// The app secret.
    pub secret: SecretString,
    /// The open platform account that it is bound to; can be changed later with
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
}
