//! The keys of a `[[wechat.apps]]` section that say how the logins of an official account begin.

use saoma_domain::wechat::AppKind;

use super::section::Section;

/// How the logins of an official account begin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LoginBy {
    /// With a QR code of their own, which WeChat makes for certified service accounts.
    #[default]
    Qr,
    /// With a code that the person sends to the account as a message: for accounts without that right.
    Message {
        /// The account's own id (`gh_…`) or its WeChat id, by which its own QR code is found.
        original_id: Option<String>,
    },
}

impl LoginBy {
    /// Returns whether the person sends a code to the account.
    pub fn is_message(&self) -> bool {
        match self {
            Self::Qr => false,
            Self::Message { .. } => true,
        }
    }
}

pub(super) fn read(section: &mut Section<'_>, kind: AppKind) -> LoginBy {
    if section.has("login_by") && kind != AppKind::OfficialAccount {
        section.problem("login_by", "only the logins of official accounts begin by a message or a QR code");
    }
    let is_message = section.choice("login_by", &[("qr", false), ("message", true)], false);
    if section.has("original_id") && !is_message {
        section.problem("original_id", "is of use with `login_by = \"message\"` alone");
    }
    let original_id = original_id(section);
    if is_message { LoginBy::Message { original_id } } else { LoginBy::Qr }
}

fn original_id(section: &mut Section<'_>) -> Option<String> {
    let text = section.text("original_id")?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_id = text.len() <= 64 && text.bytes().all(is_plain);
    if !is_id {
        let message = "has to be the account's original id (`gh_` and 12 characters) or its WeChat id";
        section.problem("original_id", message);
    }
    is_id.then_some(text)
}
