//! A section `[[wechat.apps]]`.

use std::sync::Arc;

use saoma_domain::wechat::{AppKind, AppName, OpenAccount};
use saoma_wechat::{
    callback::CallbackCodec,
    client::{InWechatScope, LoginPage},
};
use secrecy::SecretString;

use super::{
    ChatConfig, LoginBy, RelayConfig, ReplyTo, SiteFile, app_callback, chat, login_by, login_page, page,
    relay, replies_to, section::Section,
};

/// One WeChat app.
#[derive(Clone, Debug)]
pub struct AppConfig {
    /// The name that the configuration gives it.
    pub name: AppName,
    /// Its kind.
    pub kind: AppKind,
    /// Whether it is a test account of WeChat's (测试号), which has plain mode only and all rights.
    pub test_account: bool,
    /// WeChat's id for it.
    pub app_id: String,
    /// Its secret.
    pub secret: SecretString,
    /// The open-platform account that it is bound to, if it is; unionids link the apps of one.
    pub open_account: Option<OpenAccount>,
    /// What pages inside WeChat ask for; only of official accounts.
    pub oauth_scope: InWechatScope,
    /// The page that the codes of logins open; only of mini programs.
    pub login_page: Option<LoginPage>,
    /// How its callback is checked; official accounts have one, other apps may.
    pub callback: Option<Arc<CallbackCodec>>,
    /// What people know the app by.
    pub shown: ShownApp,
    /// How its logins begin; only of official accounts.
    pub login_by: LoginBy,
    /// What the chat says after a scan.
    pub chat: ChatConfig,
    /// The site's own system, which gets what is about no login.
    pub relay: Option<RelayConfig>,
    /// What is answered where there is no such system; the first that fits.
    pub replies_to: Vec<ReplyTo>,
}

/// What people know an app by: the page shows which account they are going to follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShownApp {
    /// The name that WeChat shows.
    pub name: Option<String>,
    /// The picture that WeChat shows.
    pub picture: Option<SiteFile>,
}

const KINDS: &[(&str, AppKind)] = &[
    ("official_account", AppKind::OfficialAccount),
    ("website", AppKind::Website),
    ("mini_program", AppKind::MiniProgram),
    ("mobile_app", AppKind::MobileApp),
];

pub(super) fn read(section: &mut Section<'_>) -> Option<AppConfig> {
    let name = name(section);
    if !section.has("kind") {
        section.problem("kind", "missing: `official_account`, `website`, `mini_program` or `mobile_app`");
    }
    let kind = section.choice("kind", KINDS, AppKind::OfficialAccount);
    let test_account = section.flag("test_account", false);
    if test_account && kind != AppKind::OfficialAccount {
        section.problem("test_account", "only an official account can be a test account");
    }
    let app_id = app_id(section);
    let secret = section.secret("secret");
    if secret.is_none() {
        section.problem("secret", "missing: the AppSecret of WeChat's console, here or in `secret_file`");
    }
    let open_account = open_account(section);
    let oauth_scope = oauth_scope(section, kind);
    let callback = app_callback::read(section, kind, test_account, app_id.as_deref().unwrap_or("unknown"));
    let shown = ShownApp { name: section.text("display_name"), picture: page::picture(section, "picture") };
    let login_page = login_page::read(section, kind);
    let chat = chat::read(section, kind, login_page.is_some());
    let login_by = login_by::read(section, kind);
    let relay = relay::read(section, callback.is_some());
    let replies_to = replies_to::read(section, kind, relay.is_some());
    let (name, app_id, secret) = (name?, app_id?, secret?);
    Some(AppConfig {
        name,
        kind,
        test_account,
        app_id,
        secret,
        open_account,
        oauth_scope,
        login_page,
        callback,
        shown,
        login_by,
        chat,
        relay,
        replies_to,
    })
}

fn name(section: &mut Section<'_>) -> Option<AppName> {
    let text = required(section, "name")?;
    let name = AppName::parse(text).ok();
    if name.is_none() {
        section.problem("name", "has to be 1 to 32 characters of a-z, 0-9, - and _");
    }
    name
}

fn app_id(section: &mut Section<'_>) -> Option<String> {
    let app_id = required(section, "app_id")?;
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if app_id.len() > 64 || !app_id.bytes().all(known) {
        let message =
            "has to be 1 to 64 characters of A-Z, a-z, 0-9, - and _, without blanks and quotation marks";
        section.problem("app_id", message);
        return None;
    }
    Some(app_id)
}

fn required(section: &mut Section<'_>, key: &str) -> Option<String> {
    let text = section.text(key);
    if text.is_none() {
        section.problem(key, "missing");
    }
    text
}

/// Returns the open-platform account: one for all apps, unless the operator has several or none (`""`).
fn open_account(section: &mut Section<'_>) -> Option<OpenAccount> {
    let is_none = section.is_emptied("open_account");
    let text = section.text("open_account").unwrap_or_else(|| "default".to_owned());
    if is_none {
        return None;
    }
    let account = OpenAccount::parse(text).ok();
    if account.is_none() {
        section.problem("open_account", "has to be 1 to 32 characters of a-z, 0-9, - and _, or empty");
    }
    account
}

fn oauth_scope(section: &mut Section<'_>, kind: AppKind) -> InWechatScope {
    if section.has("oauth_scope") && kind != AppKind::OfficialAccount {
        section.problem("oauth_scope", "only official accounts have a scope to choose");
    }
    let scopes = [("snsapi_base", InWechatScope::Base), ("snsapi_userinfo", InWechatScope::UserInfo)];
    section.choice("oauth_scope", &scopes, InWechatScope::Base)
}
