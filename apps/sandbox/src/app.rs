//! Apps of every kind, as far as they have anything in common.

use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

use crate::SandboxError;
use crate::account::OfficialAccount;
use crate::error::invalid;
use crate::mini_program::MiniProgram;
use crate::website::WebsiteApp;

/// The open platform account that every app is bound to unless it says otherwise.
pub const DEFAULT_OPEN_ACCOUNT: &str = "default";

/// What kind of app it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AppKind {
    /// An official account: QR codes with a scene, events, and authorization inside WeChat.
    OfficialAccount,
    /// A website application: authorization in any browser.
    Website,
    /// A mini program.
    MiniProgram,
}

/// What happens in the browser when a person refuses an authorization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnRefuse {
    /// The page says so and stays, as today's documentation has it.
    #[default]
    Stay,
    /// The browser is sent back with `state` and no `code`, as it was until about 2018.
    Redirect,
}

/// How an app takes part in authorizations.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Web<'c> {
    pub(crate) redirect_domain: Option<&'c str>,
    pub(crate) on_refuse: OnRefuse,
}

/// One configured app of any kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct App<'c> {
    pub(crate) kind: AppKind,
    pub(crate) name: &'c str,
    pub(crate) app_id: &'c str,
    secret: &'c SecretString,
    /// What it is bound to from the start.
    pub(crate) open_account: Option<&'c str>,
    pub(crate) web: Web<'c>,
}

impl<'c> App<'c> {
    pub(crate) fn has_secret(&self, secret: &str) -> bool {
        self.secret.expose_secret() == secret
    }

    /// Returns what name, app id, secret and domain are called where they are wrong.
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
        if self.secret.expose_secret().is_empty() {
            return Err(invalid(secret, "must not be empty"));
        }
        if self.web.redirect_domain.is_some_and(|host| !is_bare_host(host)) {
            return Err(invalid(domain, "must be a bare host name"));
        }
        Ok(())
    }
}

impl<'c> From<&'c OfficialAccount> for App<'c> {
    fn from(account: &'c OfficialAccount) -> Self {
        Self {
            kind: AppKind::OfficialAccount,
            name: &account.name,
            app_id: &account.app_id,
            secret: &account.secret,
            open_account: account.open_account.as_deref(),
            web: Web { redirect_domain: account.redirect_domain.as_deref(), on_refuse: account.on_refuse },
        }
    }
}

impl<'c> From<&'c WebsiteApp> for App<'c> {
    fn from(app: &'c WebsiteApp) -> Self {
        Self {
            kind: AppKind::Website,
            name: &app.name,
            app_id: &app.app_id,
            secret: &app.secret,
            open_account: app.open_account.as_deref(),
            web: Web { redirect_domain: app.redirect_domain.as_deref(), on_refuse: app.on_refuse },
        }
    }
}

impl<'c> From<&'c MiniProgram> for App<'c> {
    fn from(app: &'c MiniProgram) -> Self {
        Self {
            kind: AppKind::MiniProgram,
            name: &app.name,
            app_id: &app.app_id,
            secret: &app.secret,
            open_account: app.open_account.as_deref(),
            web: Web { redirect_domain: None, on_refuse: OnRefuse::Stay },
        }
    }
}

/// WeChat's console wants a host name without scheme, port and path.
fn is_bare_host(domain: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    !domain.is_empty() && domain.chars().all(fits)
}
