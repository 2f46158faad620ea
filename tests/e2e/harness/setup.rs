//! How a service of a test is set up.

use std::{path::Path, sync::Arc};

use saoma_sandbox::{MiniProgram, MobileApp, OfficialAccount, Sandbox, SandboxConfig, WebsiteApp};

use crate::common::settings::{self, Apps};

/// Returns keys of the configuration that depend on where the sandbox is.
type KeysBySandbox = dyn Fn(&Sandbox) -> Vec<(String, String)> + Send + Sync;

/// How a service is to be set up: the defaults of the contract, but for what is said here.
#[derive(Clone)]
pub(crate) struct Setup {
    apps: Apps,
    settings: Vec<(String, String)>,
    /// What depends on where the sandbox is.
    by_sandbox: Option<Arc<KeysBySandbox>>,
    /// How many files the process may have open, where that is limited.
    pub(super) files: Option<u32>,
}

impl Default for Setup {
    fn default() -> Self {
        let apps = Apps { accounts: vec![OfficialAccount::demo()], ..Apps::default() };
        Self { apps, settings: Vec::new(), by_sandbox: None, files: None }
    }
}

impl Setup {
    /// Has an app of each kind: the official account `main`, the website `site`, the mini program `mini` and the mobile
    /// application `mobile`.
    pub(crate) fn every_channel() -> Self {
        let programs = Self::default().website(WebsiteApp::demo()).mini_program(MiniProgram::demo());
        programs.mobile_app(MobileApp::demo())
    }

    /// Sets a key of the configuration, such as `login.qr_ttl_s`.
    #[expect(clippy::needless_pass_by_value, reason = "numbers, flags and texts are written as they are")]
    pub(crate) fn set(mut self, key: &str, value: impl ToString) -> Self {
        self.settings.push((key.to_owned(), value.to_string()));
        self
    }

    /// Sets keys to what depends on where the sandbox is.
    pub(crate) fn set_by_sandbox(
        self,
        keys: impl Fn(&Sandbox) -> Vec<(String, String)> + Send + Sync + 'static,
    ) -> Self {
        Self { by_sandbox: Some(Arc::new(keys)), ..self }
    }

    /// Lets the process have so many files open, and no more.
    pub(crate) fn files(self, files: u32) -> Self {
        Self { files: Some(files), ..self }
    }

    /// Uses another official account than the demo's.
    pub(crate) fn account(mut self, account: OfficialAccount) -> Self {
        self.apps.accounts = vec![account];
        self
    }

    /// Has one more official account.
    pub(crate) fn also(mut self, account: OfficialAccount) -> Self {
        self.apps.accounts.push(account);
        self
    }

    /// Has one more website.
    pub(crate) fn website(mut self, app: WebsiteApp) -> Self {
        self.apps.websites.push(app);
        self
    }

    /// Has one more mini program.
    pub(crate) fn mini_program(mut self, app: MiniProgram) -> Self {
        self.apps.mini_programs.push(app);
        self
    }

    /// Has one more mobile application.
    pub(crate) fn mobile_app(mut self, app: MobileApp) -> Self {
        self.apps.mobile_apps.push(app);
        self
    }

    /// Starts WeChat alone, and returns it with the settings of a service that works with it.
    pub(crate) async fn wechat(&self, dir: &Path) -> (Sandbox, Vec<(String, String)>) {
        // Whatever the test's own client and the sandbox's need.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let Apps { accounts, websites, mini_programs, mobile_apps } = self.apps.clone();
        let config = SandboxConfig::with_account(OfficialAccount::demo());
        let config = SandboxConfig { accounts, websites, mini_programs, mobile_apps, ..config };
        let sandbox = Sandbox::start(config).await.unwrap();
        let mut settings = settings::settings(&sandbox, &self.apps);
        settings.push(("database.url".to_owned(), format!("sqlite://{}", dir.join("saoma.db").display())));
        settings.extend(self.settings.clone());
        settings.extend(self.by_sandbox.as_ref().map(|keys| keys(&sandbox)).unwrap_or_default());
        (sandbox, settings)
    }

    /// Returns the names of the official accounts.
    pub(super) fn accounts(&self) -> Vec<String> {
        self.apps.accounts.iter().map(|account| account.name.clone()).collect()
    }
}
