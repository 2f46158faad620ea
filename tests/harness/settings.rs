//! The configuration of a service whose WeChat is the sandbox.

use saoma_sandbox::{MiniProgram, MobileApp, OfficialAccount, Sandbox, WebsiteApp};
use secrecy::{ExposeSecret, SecretString};

/// What the service believes its address to be; cookies and origins go by it.
pub(crate) const PUBLIC_URL: &str = "http://login.example.test";

/// The apps that a service has at WeChat.
#[derive(Clone, Default)]
pub(crate) struct Apps {
    pub(crate) accounts: Vec<OfficialAccount>,
    pub(crate) websites: Vec<WebsiteApp>,
    pub(crate) mini_programs: Vec<MiniProgram>,
    pub(crate) mobile_apps: Vec<MobileApp>,
}

/// Returns everything but where the database is.
pub(crate) fn settings(sandbox: &Sandbox, apps: &Apps) -> Vec<(String, String)> {
    let wechat = sandbox.base_url();
    let mut settings: Vec<(String, String)> = [
        ("server.listen", "127.0.0.1:0".to_owned()),
        ("server.admin_listen", "127.0.0.1:0".to_owned()),
        ("server.public_url", PUBLIC_URL.to_owned()),
        ("server.key", "5a".repeat(32)),
        ("server.shutdown_grace_s", "5".to_owned()),
        ("wechat.api_base", wechat.clone()),
        ("wechat.open_base", wechat.clone()),
        ("wechat.mp_base", wechat),
        ("sms.provider", "webhook".to_owned()),
        ("sms.url", sandbox.sms_webhook_url()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .to_vec();
    settings.extend(apps.settings());
    settings
}

/// Returns settings as the variables of an environment; those of OpenTelemetry are variables already.
pub(crate) fn environment(settings: &[(String, String)]) -> Vec<(String, String)> {
    let name = |key: &str| match key.starts_with("OTEL_") {
        true => key.to_owned(),
        false => format!("SAOMA__{}", key.to_uppercase().replace('.', "__")),
    };
    settings.iter().map(|(key, value)| (name(key), value.clone())).collect()
}

type Keys = Vec<(&'static str, String)>;

impl Apps {
    fn settings(&self) -> impl Iterator<Item = (String, String)> {
        let websites = self
            .websites
            .iter()
            .map(|app| common("website", &app.name, &app.app_id, &app.secret, app.open_account.as_deref()));
        let mini_programs = self.mini_programs.iter().map(|app| {
            common("mini_program", &app.name, &app.app_id, &app.secret, app.open_account.as_deref())
        });
        let mobile_apps = self.mobile_apps.iter().map(|app| {
            common("mobile_app", &app.name, &app.app_id, &app.secret, app.open_account.as_deref())
        });
        let accounts = self.accounts.iter().map(account);
        let apps = accounts.chain(websites).chain(mini_programs).chain(mobile_apps).enumerate();
        apps.flat_map(|(at, keys)| {
            keys.into_iter().map(move |(key, value)| (format!("wechat.apps.{at}.{key}"), value))
        })
    }
}

fn common(kind: &str, name: &str, app_id: &str, secret: &SecretString, open_account: Option<&str>) -> Keys {
    vec![
        ("kind", kind.to_owned()),
        ("name", name.to_owned()),
        ("app_id", app_id.to_owned()),
        ("secret", secret.expose_secret().to_owned()),
        ("open_account", open_account.unwrap_or_default().to_owned()),
    ]
}

fn account(account: &OfficialAccount) -> Keys {
    let open_account = account.open_account.as_deref();
    let mut keys = common("official_account", &account.name, &account.app_id, &account.secret, open_account);
    keys.extend([
        ("token", account.token.expose_secret().to_owned()),
        ("encoding_aes_key", account.encoding_aes_key.expose_secret().to_owned()),
        ("mode", format!("{:?}", account.mode).to_lowercase()),
    ]);
    keys
}
