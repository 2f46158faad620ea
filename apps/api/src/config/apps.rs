//! The sections `[[wechat.apps]]`.

use saoma_domain::wechat::AppName;
use secrecy::{ExposeSecret, SecretString};

use super::reader::Section;
use saoma_wechat::callback::CallbackMode;

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
}

/// What WeChat's callback of an official account is checked with.
#[derive(Clone, Debug)]
pub struct CallbackSecrets {
    /// The token of the console.
    pub token: SecretString,
    /// The `EncodingAESKey` of the console; absent in plain mode.
    pub encoding_aes_key: Option<SecretString>,
    /// How bodies arrive.
    pub mode: CallbackMode,
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
    /// How its callback is checked; official accounts have one.
    pub callback: Option<CallbackSecrets>,
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
    let callback = callback(section, kind);
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
    Some(AppConfig { name, kind, app_id, secret, callback, confirm, language, replies })
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

fn callback(section: &mut Section<'_>, kind: AppKind) -> Option<CallbackSecrets> {
    let (token, key) = (section.secret("token"), section.secret("encoding_aes_key"));
    let mode = section.choice("mode", MODES, CallbackMode::Secure);
    let allow_unsigned_body = section.flag("allow_unsigned_body", false);
    if kind != AppKind::OfficialAccount {
        return None;
    }
    let unsigned = mode != CallbackMode::Secure;
    if unsigned && !allow_unsigned_body {
        let message = "WeChat signs no bodies in this mode, so that anyone may forge a login who once saw a \
                       signature; if that is what you want, set `allow_unsigned_body = true`";
        section.problem("mode", message);
    }
    let Some(token) = token else {
        section.problem("token", "missing: the Token of WeChat's console");
        return None;
    };
    if key.is_none() && mode != CallbackMode::Plain {
        section.problem("encoding_aes_key", "missing: the EncodingAESKey of WeChat's console, 43 characters");
        return None;
    }
    let is_of = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    if !is_of(token.expose_secret(), 3..=32) {
        section.problem("token", "has to be 3 to 32 letters and digits");
    }
    if let Some(key) = &key
        && !is_of(key.expose_secret(), 43..=43)
    {
        let length = key.expose_secret().len();
        section
            .problem("encoding_aes_key", format!("has to be 43 letters and digits; this one has {length}"));
    }
    Some(CallbackSecrets { token, encoding_aes_key: key, mode })
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
    }
}
