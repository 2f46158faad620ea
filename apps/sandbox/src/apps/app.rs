//! What apps of every kind have in common.

use saoma_domain::wechat::AppKind;
use secrecy::{ExposeSecret as _, SecretString};

use crate::error::{SandboxError, invalid};

/// The open-platform account that every app is bound to unless its configuration names another.
pub const DEFAULT_OPEN_ACCOUNT: &str = "default";

/// What happens in the browser when a person refuses an authorization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnRefuse {
    /// The page says so and stays, as today's documentation has it.
    #[default]
    Stay,
    /// The browser is sent back with `state` and no `code`, as it was until about 2018.
    Redirect,
}

/// One configured app of any kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct App<'c> {
    pub(crate) kind: AppKind,
    pub(crate) name: &'c str,
    pub(crate) app_id: &'c str,
    pub(super) secret: &'c SecretString,
    /// The open-platform account that it is bound to from the start.
    pub(crate) open_account: Option<&'c str>,
    /// The only host that a browser is sent back to; `None` allows every host.
    pub(crate) redirect_domain: Option<&'c str>,
    pub(crate) on_refuse: OnRefuse,
}

impl App<'_> {
    pub(crate) fn has_secret(&self, secret: &str) -> bool {
        self.secret.expose_secret() == secret
    }

    /// Returns what name, app id, secret and domain are called in errors about the configuration.
    fn keys(&self) -> [&'static str; 4] {
        match self.kind {
            AppKind::OfficialAccount => ["name", "app_id", "secret", "redirect_domain"],
            AppKind::Website => {
                ["website_name", "website_app_id", "website_secret", "website_redirect_domain"]
            }
            AppKind::MiniProgram => {
                ["mini_program_name", "mini_program_app_id", "mini_program_secret", "redirect_domain"]
            }
        }
    }

    pub(crate) fn check(&self) -> Result<(), SandboxError> {
        let [name, app_id, secret, domain] = self.keys();
        if self.name.is_empty() {
            return Err(invalid(name, "must not be empty"));
        }
        if self.app_id.is_empty() || !self.app_id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(invalid(app_id, "must be letters and digits"));
        }
        if self.has_secret("") {
            return Err(invalid(secret, "must not be empty"));
        }
        if self.redirect_domain.is_some_and(|host| !is_bare_host(host)) {
            return Err(invalid(domain, "must be a bare host name"));
        }
        Ok(())
    }
}

/// WeChat's console wants a host name without scheme, port and path.
fn is_bare_host(domain: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    !domain.is_empty() && domain.chars().all(fits)
}
