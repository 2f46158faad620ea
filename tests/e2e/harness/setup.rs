//! How a service and its WeChat are to be set up.

use std::path::Path;

use saoma_sandbox::{MiniProgram, OfficialAccount, Sandbox, SandboxConfig, WebsiteApp};
use secrecy::{ExposeSecret, SecretString};

/// What the service believes its address to be; cookies and origins go by it.
pub(crate) const PUBLIC_URL: &str = "http://login.example.test";

/// How a service is to be set up: the defaults of the contract, but for what is said here.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(super) accounts: Vec<OfficialAccount>,
    websites: Vec<WebsiteApp>,
    mini_programs: Vec<MiniProgram>,
    settings: Vec<(String, String)>,
}

impl Default for Setup {
    fn default() -> Self {
        let accounts = vec![OfficialAccount::demo()];
        Self { accounts, websites: Vec::new(), mini_programs: Vec::new(), settings: Vec::new() }
    }
}

impl Setup {
    /// Has an app of each kind: the official account `main`, the website `site` and the mini program `mini`.
    pub(crate) fn every_door() -> Self {
        Self::default().website(WebsiteApp::demo()).mini_program(MiniProgram::demo())
    }

    /// Sets a key of the configuration, such as `login.qr_ttl_s`.
    #[expect(clippy::needless_pass_by_value, reason = "numbers, flags and texts are written as they are")]
    pub(crate) fn set(mut self, key: &str, value: impl ToString) -> Self {
        self.settings.push((key.to_owned(), value.to_string()));
        self
    }

    /// Uses another official account than the demo's.
    pub(crate) fn account(mut self, account: OfficialAccount) -> Self {
        self.accounts = vec![account];
        self
    }

    /// Has one more official account.
    pub(crate) fn also(mut self, account: OfficialAccount) -> Self {
        self.accounts.push(account);
        self
    }

    /// Has one more website.
    pub(crate) fn website(mut self, app: WebsiteApp) -> Self {
        self.websites.push(app);
        self
    }

    /// Has one more mini program.
    pub(crate) fn mini_program(mut self, app: MiniProgram) -> Self {
        self.mini_programs.push(app);
        self
    }

    /// Starts WeChat alone, and returns it with the settings of a service that works with it.
    pub(super) async fn wechat(&self, dir: &Path) -> (Sandbox, Vec<(String, String)>) {
        // Whatever the test's own client and the sandbox's need.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = SandboxConfig::with_account(OfficialAccount::demo());
        let (websites, mini_programs) = (self.websites.clone(), self.mini_programs.clone());
        let config = SandboxConfig { accounts: self.accounts.clone(), websites, mini_programs, ..config };
        let sandbox = Sandbox::start(config).await.unwrap();
        let settings = self.all_settings(&sandbox, dir);
        (sandbox, settings)
    }

    fn all_settings(&self, sandbox: &Sandbox, dir: &Path) -> Vec<(String, String)> {
        let wechat = sandbox.base_url();
        let mut settings: Vec<(String, String)> = [
            ("server.listen", "127.0.0.1:0".to_owned()),
            ("server.admin_listen", "127.0.0.1:0".to_owned()),
            ("server.public_url", PUBLIC_URL.to_owned()),
            ("server.key", "5a".repeat(32)),
            ("server.shutdown_grace_s", "5".to_owned()),
            ("database.url", format!("sqlite://{}", dir.join("saoma.db").display())),
            ("wechat.api_base", wechat.clone()),
            ("wechat.open_base", wechat.clone()),
            ("wechat.mp_base", wechat),
            ("sms.provider", "webhook".to_owned()),
            ("sms.url", sandbox.sms_webhook_url()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .to_vec();
        settings.extend(self.apps());
        settings.extend(self.settings.clone());
        settings
    }

    fn apps(&self) -> impl Iterator<Item = (String, String)> {
        let accounts = self.accounts.iter().map(account);
        let websites = self.websites.iter().map(|app| {
            let own = [("open_account", app.open_account.clone().unwrap_or_default())];
            (common("website", &app.name, &app.app_id, &app.secret), own.to_vec())
        });
        let mini_programs = self.mini_programs.iter().map(|app| {
            let own = [("open_account", app.open_account.clone().unwrap_or_default())];
            (common("mini_program", &app.name, &app.app_id, &app.secret), own.to_vec())
        });
        let apps = accounts.chain(websites).chain(mini_programs).enumerate();
        apps.flat_map(|(at, (common, own))| {
            let settings = common.into_iter().chain(own);
            settings.map(move |(key, value)| (format!("wechat.apps.{at}.{key}"), value))
        })
    }
}

type Keys = Vec<(&'static str, String)>;

fn common(kind: &str, name: &str, app_id: &str, secret: &SecretString) -> Keys {
    vec![
        ("kind", kind.to_owned()),
        ("name", name.to_owned()),
        ("app_id", app_id.to_owned()),
        ("secret", secret.expose_secret().to_owned()),
    ]
}

fn account(account: &OfficialAccount) -> (Keys, Keys) {
    let own = vec![
        ("token", account.token.expose_secret().to_owned()),
        ("encoding_aes_key", account.encoding_aes_key.expose_secret().to_owned()),
        ("mode", format!("{:?}", account.mode).to_lowercase()),
        ("open_account", account.open_account.clone().unwrap_or_default()),
    ];
    (common("official_account", &account.name, &account.app_id, &account.secret), own)
}
