//! The apps that are configured: official accounts, websites, mini programs and mobile applications.

mod official_account;

use saoma_domain::wechat::AppKind;
use secrecy::{ExposeSecret as _, SecretString};

use crate::error::{SandboxError, invalid};

pub use official_account::OfficialAccount;
pub(crate) use official_account::parse_callback_url;

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
    secret: &'c SecretString,
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
            AppKind::MobileApp => {
                ["mobile_app_name", "mobile_app_app_id", "mobile_app_secret", "redirect_domain"]
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
    /// The pages of the published version, which codes can open.
    pub pages: Vec<String>,
}

impl MiniProgram {
    /// Returns an invented mini program, the one of the demonstration.
    pub fn demo() -> Self {
        Self {
            name: "mini".to_owned(),
            app_id: "wx3d5f7a9b1c2e4d60".to_owned(),
            secret: "9f8e7d6c5b4a39281706f5e4d3c2b1a0".into(),
            open_account: Some(DEFAULT_OPEN_ACCOUNT.to_owned()),
            pages: vec!["pages/index/index".to_owned(), Self::LOGIN_PAGE.to_owned()],
        }
    }

    /// The page of the demonstration that asks whether to log in.
    pub const LOGIN_PAGE: &str = "pages/login/login";

    pub(crate) fn has_page(&self, page: &str) -> bool {
        self.pages.iter().any(|known| known == page)
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

/// One mobile application of the open platform, as it would be registered there.
#[derive(Clone, Debug)]
pub struct MobileApp {
    /// Its name in the sandbox and on the phone page.
    pub name: String,
    /// The app id, such as `wx7b6c5d4e3f2a1908`.
    pub app_id: String,
    /// The app secret.
    pub secret: SecretString,
    /// The open-platform account that it is bound to; can be changed later with
    /// [`Sandbox::bind_open_account`](crate::Sandbox::bind_open_account).
    pub open_account: Option<String>,
}

impl MobileApp {
    /// Returns an invented mobile application, the one of the demonstration.
    pub fn demo() -> Self {
        Self {
            name: "mobile".to_owned(),
            app_id: "wx7b6c5d4e3f2a1908".to_owned(),
            secret: "5e6f70819203a4b5c6d7e8f91a2b3c4d".into(),
            open_account: Some(DEFAULT_OPEN_ACCOUNT.to_owned()),
        }
    }

    pub(crate) fn app(&self) -> App<'_> {
        App {
            kind: AppKind::MobileApp,
            name: &self.name,
            app_id: &self.app_id,
            secret: &self.secret,
            open_account: self.open_account.as_deref(),
            redirect_domain: None,
            on_refuse: OnRefuse::Stay,
        }
    }
}
