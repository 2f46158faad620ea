//! The configuration of the demo.

use saoma_sandbox::{MiniProgram, MobileApp, OfficialAccount, Sandbox, WebsiteApp};
use secrecy::ExposeSecret;

use super::options::Options;

/// Returns the configuration of the demo in the same form in which an environment gives it.
pub(super) fn settings(
    options: &Options,
    key: &str,
    account: &OfficialAccount,
    sandbox: &Sandbox,
) -> Vec<(String, String)> {
    let (wechat, port) = (sandbox.base_url(), options.listen.port());
    [
        ("SERVER__LISTEN", options.listen.to_string()),
        ("SERVER__ADMIN_LISTEN", options.admin_listen.to_string()),
        ("SERVER__PUBLIC_URL", format!("http://{}", options.listen)),
        ("SERVER__ALLOWED_ORIGINS", format!("http://localhost:{port}")),
        ("SERVER__KEY", key.to_owned()),
        ("SERVER__SHUTDOWN_GRACE_S", "3".to_owned()),
        ("DATABASE__URL", format!("sqlite://{}", options.data.join("saoma.db").display())),
        ("WECHAT__API_BASE", wechat.clone()),
        ("WECHAT__OPEN_BASE", wechat.clone()),
        ("WECHAT__MP_BASE", wechat),
        ("SMS__PROVIDER", "webhook".to_owned()),
        ("SMS__URL", sandbox.sms_webhook_url()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .chain(apps(account))
    .map(|(name, value)| (format!("SAOMA__{name}"), value))
    .collect()
}

/// Returns the demo's app of each kind.
fn apps(account: &OfficialAccount) -> impl Iterator<Item = (String, String)> + use<> {
    let (site, mini, mobile) = (WebsiteApp::demo(), MiniProgram::demo(), MobileApp::demo());
    let apps = [
        ("official_account", account.name.clone(), account.app_id.clone(), account.secret.clone()),
        ("website", site.name, site.app_id, site.secret),
        ("mini_program", mini.name, mini.app_id, mini.secret),
        ("mobile_app", mobile.name, mobile.app_id, mobile.secret),
    ];
    let callback = [
        ("TOKEN", account.token.expose_secret().to_owned()),
        ("ENCODING_AES_KEY", account.encoding_aes_key.expose_secret().to_owned()),
        ("OAUTH_SCOPE", "snsapi_userinfo".to_owned()),
        ("LANGUAGE", language()),
    ];
    let apps = apps.into_iter().enumerate().flat_map(|(at, (kind, name, app_id, secret))| {
        [
            ("NAME", name),
            ("KIND", kind.to_owned()),
            ("APP_ID", app_id),
            ("SECRET", secret.expose_secret().to_owned()),
        ]
        .map(|(key, value)| (format!("WECHAT__APPS__{at}__{key}"), value))
    });
    let page = [("WECHAT__APPS__2__LOGIN_PAGE".to_owned(), MiniProgram::LOGIN_PAGE.to_owned())];
    apps.chain(page).chain(callback.map(|(key, value)| (format!("WECHAT__APPS__0__{key}"), value)))
}

/// Returns the language of the terminal, as far as the phone can be spoken to in it.
fn language() -> String {
    let english = std::env::var("LANG").is_ok_and(|lang| lang.starts_with("en"));
    if english { "en" } else { "zh" }.to_owned()
}
