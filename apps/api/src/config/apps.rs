//! The sections `[[wechat.apps]]`.

use std::sync::Arc;

use saoma_domain::wechat::{AppName, OpenAccount};
use saoma_wechat::callback::{CallbackCodec, CallbackConfig, CallbackConfigError, CallbackMode};
use secrecy::{ExposeSecret, SecretString};

use super::reader::Section;

/// The kind of a WeChat app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppKind {
    /// A certified service account, or the test account.
    OfficialAccount,
    /// A website application of the open platform.
    Website,
    /// A mini program.
    MiniProgram,
}

/// What a page inside WeChat asks an official account's user for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OAuthScope {
    /// Who it is, without a question (`snsapi_base`).
    Base,
    /// Name and picture too, for which WeChat asks (`snsapi_userinfo`).
    UserInfo,
}

/// What the phone is told after a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// Nothing.
    None,
    /// Who asked for the login, and what became of it.
    Notify,
}

/// The language of what the phone is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Chinese,
    /// English.
    English,
}

/// Texts of the operator's own in place of ours; `{site}`, `{browser}`, `{address}` and `{time}` are filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyTexts {
    /// After the scan of somebody who has an account.
    pub logged_in: Option<String>,
    /// After the scan of somebody new.
    pub go_on: Option<String>,
    /// After the scan of a code that somebody else scanned before.
    pub taken: Option<String>,
    /// After the scan of a code that was over.
    pub expired: Option<String>,
    /// After the scan of a code that was to add who scans to an account, and could not.
    pub link_refused: Option<String>,
    /// After the scan of a code that added who scanned to an account.
    pub linked: Option<String>,
}

/// One WeChat app.
#[derive(Clone, Debug)]
pub struct AppConfig {
    /// Our name for it.
    pub name: AppName,
    /// Its kind.
    pub kind: AppKind,
    /// WeChat's id for it.
    pub app_id: String,
    /// Its secret.
    pub secret: SecretString,
    /// The open-platform account that it is bound to, if it is; unionids link the apps of one.
    pub open_account: Option<OpenAccount>,
    /// What pages inside WeChat ask for; of official accounts.
    pub oauth_scope: OAuthScope,
    /// How its callback is checked; official accounts have one.
    pub callback: Option<Arc<CallbackCodec>>,
    /// What the phone is told after a scan.
    pub confirm: Confirm,
    /// In which language.
    pub language: Language,
    /// In which words.
    pub replies: ReplyTexts,
}

const KINDS: &[(&str, AppKind)] = &[
    ("official_account", AppKind::OfficialAccount),
    ("website", AppKind::Website),
    ("mini_program", AppKind::MiniProgram),
];

const MODES: &[(&str, CallbackMode)] =
    &[("secure", CallbackMode::Secure), ("compat", CallbackMode::Compat), ("plain", CallbackMode::Plain)];

pub(super) fn read(section: &mut Section<'_>) -> Option<AppConfig> {
    let name = name(section);
    if !section.has("kind") {
        section.problem("kind", "missing: `official_account`, `website` or `mini_program`");
    }
    let kind = section.choice("kind", KINDS, AppKind::OfficialAccount);
    let app_id = required(section, "app_id");
    let secret = section.secret("secret");
    if secret.as_ref().is_none_or(|secret| secret.expose_secret().is_empty()) {
        section.problem("secret", "missing: the AppSecret of WeChat's console, here or in `secret_file`");
    }
    let open_account = open_account(section);
    let oauth_scope = oauth_scope(section, kind);
    let callback = callback(section, kind, app_id.as_deref().unwrap_or("?"));
    let confirm = confirm(section);
    let language = section.choice(
        "language",
        &[("zh", Language::Chinese), ("en", Language::English)],
        Language::Chinese,
    );
    let replies = section.section("replies", replies);
    if section.text("relay_url").is_some_and(|url| !url.is_empty()) {
        section.problem("relay_url", "relaying events is not available in this version; leave it empty");
    }
    let (name, app_id, secret) = (name?, app_id?, secret?);
    Some(AppConfig {
        name,
        kind,
        app_id,
        secret,
        open_account,
        oauth_scope,
        callback,
        confirm,
        language,
        replies,
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

fn required(section: &mut Section<'_>, key: &str) -> Option<String> {
    let text = section.text(key).filter(|text| !text.is_empty());
    if text.is_none() {
        section.problem(key, "missing");
    }
    text
}

/// Returns the open-platform account: one for all apps, unless the operator has several or none (`""`).
fn open_account(section: &mut Section<'_>) -> Option<OpenAccount> {
    let text = section.text("open_account").unwrap_or_else(|| "default".to_owned());
    if text.is_empty() {
        return None;
    }
    let account = OpenAccount::parse(text).ok();
    if account.is_none() {
        section.problem("open_account", "has to be 1 to 32 characters of a-z, 0-9, - and _, or empty");
    }
    account
}

fn oauth_scope(section: &mut Section<'_>, kind: AppKind) -> OAuthScope {
    if section.has("oauth_scope") && kind != AppKind::OfficialAccount {
        section.problem("oauth_scope", "only official accounts have a scope to choose");
    }
    let scopes = [("snsapi_base", OAuthScope::Base), ("snsapi_userinfo", OAuthScope::UserInfo)];
    section.choice("oauth_scope", &scopes, OAuthScope::Base)
}

fn callback(section: &mut Section<'_>, kind: AppKind, app_id: &str) -> Option<Arc<CallbackCodec>> {
    let (token, encoding_aes_key) = (section.secret("token"), section.secret("encoding_aes_key"));
    let previous_encoding_aes_key = section.secret("previous_encoding_aes_key");
    let mode = section.choice("mode", MODES, CallbackMode::Secure);
    let allow_unsigned_body = section.flag("allow_unsigned_body", false);
    if kind != AppKind::OfficialAccount {
        return None;
    }
    if mode != CallbackMode::Secure && !allow_unsigned_body {
        let message = "WeChat signs no bodies in this mode, so that anyone may forge a login who once saw a \
                       signature; if that is what you want, set `allow_unsigned_body = true`";
        section.problem("mode", message);
    }
    let Some(token) = token else {
        section.problem("token", "missing: the Token of WeChat's console");
        return None;
    };
    let app_id = app_id.to_owned();
    let config = CallbackConfig { app_id, token, encoding_aes_key, previous_encoding_aes_key, mode };
    match CallbackCodec::new(&config) {
        Ok(codec) => Some(Arc::new(codec)),
        Err(error) => {
            section.problem(key_of(error), error.to_string());
            None
        }
    }
}

fn key_of(error: CallbackConfigError) -> &'static str {
    match error {
        CallbackConfigError::AppId => "app_id",
        CallbackConfigError::TokenLength(_) | CallbackConfigError::TokenCharacter => "token",
        CallbackConfigError::AesKeyMissing
        | CallbackConfigError::AesKeyLength(_)
        | CallbackConfigError::AesKeyCharacter => "encoding_aes_key",
    }
}

fn confirm(section: &mut Section<'_>) -> Confirm {
    let choices =
        [("notify", Some(Confirm::Notify)), ("none", Some(Confirm::None)), ("click", None), ("number", None)];
    section.choice("confirm", &choices, Some(Confirm::Notify)).unwrap_or_else(|| {
        section.problem("confirm", "`click` and `number` are not available in this version");
        Confirm::Notify
    })
}

fn replies(section: &mut Section<'_>) -> ReplyTexts {
    ReplyTexts {
        logged_in: section.text("logged_in"),
        go_on: section.text("go_on"),
        taken: section.text("taken"),
        expired: section.text("expired"),
        link_refused: section.text("link_refused"),
        linked: section.text("linked"),
    }
}
