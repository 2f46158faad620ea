//! The configured WeChat apps.

use std::collections::BTreeMap;

use saoma_domain::wechat::AppName;
use saoma_wechat::callback::CallbackCodec;

use crate::{
    config::{AppConfig, AppKind, Config},
    problem::{ErrorCode, Problem},
};

/// The configured WeChat apps, in the order of the configuration.
pub(crate) struct WechatApps {
    apps: Vec<AppConfig>,
    /// Where the pictures of the accounts' own QR codes are whose logins begin with a message.
    account_codes: BTreeMap<AppName, String>,
}

impl WechatApps {
    /// Takes the apps from the configuration.
    pub(crate) fn new(config: &Config) -> Self {
        let wechat = &config.wechat;
        let code = |app: &AppConfig| Some((app.name.clone(), wechat.account_code(app)?.into()));
        Self { apps: wechat.apps.clone(), account_codes: wechat.apps.iter().filter_map(code).collect() }
    }

    /// Returns the apps that have a callback.
    pub(crate) fn with_callback(&self) -> impl Iterator<Item = (&AppConfig, &CallbackCodec)> {
        self.apps.iter().filter_map(|app| Some((app, app.callback.as_deref()?)))
    }

    /// Returns where the picture of an account's own QR code is; `None` where its logins have codes of their own.
    pub(crate) fn account_code(&self, app: &AppName) -> Option<&str> {
        self.account_codes.get(app).map(String::as_str)
    }

    /// Returns the app of a kind with this name; without a name, the first app of the kind.
    pub(crate) fn find(&self, kind: AppKind, name: Option<&str>) -> Option<&AppConfig> {
        self.apps.iter().find(|app| app.kind == kind && name.is_none_or(|name| app.name.as_str() == name))
    }

    /// Returns the app that a login is to be started with.
    ///
    /// # Errors
    /// `app_unknown` where none is configured.
    pub(crate) fn require(&self, kind: AppKind, name: Option<&str>) -> Result<&AppConfig, Problem> {
        let unknown =
            || Problem::new(ErrorCode::AppUnknown, "no app of this name is configured for this channel");
        self.find(kind, name).ok_or_else(unknown)
    }

    /// Returns the first mini program whose codes open a login page.
    pub(crate) fn first_with_login_page(&self) -> Option<&AppConfig> {
        self.apps.iter().find(|app| app.login_page.is_some())
    }

    /// Returns the mini program whose code a login is to be started with.
    ///
    /// # Errors
    /// `app_unknown` where none is configured, or none with a `login_page`.
    pub(crate) fn require_login_page(&self, name: Option<&str>) -> Result<&AppConfig, Problem> {
        let app = self.require(AppKind::MiniProgram, name)?;
        let with_page = match name {
            Some(_) => Some(app).filter(|app| app.login_page.is_some()),
            None => self.first_with_login_page(),
        };
        let missing = || {
            let detail = format!("the mini program `{}` has no `login_page`, which its codes open", app.name);
            Problem::new(ErrorCode::AppUnknown, detail)
        };
        with_page.ok_or_else(missing)
    }
}
