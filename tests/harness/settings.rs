//! The configuration of a service whose WeChat is the sandbox.

use saoma_sandbox::{OfficialAccount, Sandbox};
use secrecy::ExposeSecret;

/// What the service believes its address to be; cookies and origins go by it.
pub(crate) const PUBLIC_URL: &str = "http://login.example.test";

/// Returns everything but where the database is.
pub(crate) fn settings(sandbox: &Sandbox, accounts: &[OfficialAccount]) -> Vec<(String, String)> {
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
    settings.extend(accounts.iter().enumerate().flat_map(|(at, account)| app_settings(at, account)));
    settings
}

fn app_settings(at: usize, account: &OfficialAccount) -> Vec<(String, String)> {
    [
        ("name", account.name.clone()),
        ("kind", "official_account".to_owned()),
        ("app_id", account.app_id.clone()),
        ("secret", account.secret.expose_secret().to_owned()),
        ("token", account.token.expose_secret().to_owned()),
        ("encoding_aes_key", account.encoding_aes_key.expose_secret().to_owned()),
        ("mode", format!("{:?}", account.mode).to_lowercase()),
    ]
    .map(|(key, value)| (format!("wechat.apps.{at}.{key}"), value))
    .to_vec()
}
