//! What is written into the audit trail.

use super::kind::AuditKind;
use crate::{
    account::AccountId,
    actor::Actor,
    login::{ClientInfo, LoginId},
    time::Timestamp,
};

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: AuditKind,
    /// To which account.
    pub account: AccountId,
    /// By which login, if by one.
    pub login: Option<LoginId>,
}

/// What is written into the trail: an entry, and what else is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditNote {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: AuditKind,
    /// To which account, if to one.
    pub account: Option<AccountId>,
    /// By which login, if by one.
    pub login: Option<LoginId>,
    /// Who did it, where that was neither the account's owner nor the service.
    pub actor: Option<Actor>,
    /// From where, where that is known.
    pub client: ClientInfo,
    /// How it ended, where it did not simply happen: a word such as `sent` or `refused`.
    pub outcome: Option<String>,
    /// What else there is to say; never a number, an openid or a secret.
    pub detail: Option<String>,
}

impl AuditNote {
    /// Makes a note that says nothing yet but what happened and when.
    pub fn new(kind: AuditKind, at: Timestamp) -> Self {
        let client = ClientInfo::default();
        Self { at, kind, account: None, login: None, actor: None, client, outcome: None, detail: None }
    }
}

impl AuditNote {
    /// How long a text of a note is at the most, in characters.
    const TEXT_CHARS: usize = 512;

    /// Returns whether a character may stand in a text of a note: a store may write such a text into a statement as it is.
    pub const fn is_plain_char(c: char) -> bool {
        matches!(c, ' '..='~') && !matches!(c, '\'' | '\\' | '"' | '`' | ';')
    }

    /// Returns whether a text has plain characters only.
    pub fn is_plain(text: &str) -> bool {
        text.chars().all(Self::is_plain_char)
    }

    /// Returns this note in plain texts: a semicolon is a comma, and any other character a question mark.
    #[must_use]
    pub fn plain(mut self) -> Self {
        let plain = |text: &str| -> String {
            let plain = text.chars().map(|c| match c {
                ';' => ',',
                c if Self::is_plain_char(c) => c,
                _ => '?',
            });
            plain.take(Self::TEXT_CHARS).collect()
        };
        self.client = ClientInfo { ip: plain(&self.client.ip), user_agent: plain(&self.client.user_agent) };
        self.outcome = self.outcome.as_deref().map(plain);
        self.detail = self.detail.as_deref().map(plain);
        self
    }
}

impl From<AuditEntry> for AuditNote {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { at, kind, account, login } = entry;
        Self { account: Some(account), login, ..Self::new(kind, at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_note_can_end_a_literal_of_a_statement() {
        let odd = "a;b'c\\d\"e`f\n\u{1f}\u{7f}g é 明 ~";
        let client = ClientInfo { ip: odd.to_owned(), user_agent: odd.to_owned() };
        let (outcome, detail) = (Some(odd.to_owned()), Some("x".repeat(1000)));
        let note = AuditNote::new(AuditKind::SmsCode, Timestamp::from_secs(0));
        let note = AuditNote { client, outcome, detail, ..note }.plain();
        let plain = "a,b?c?d?e?f???g ? ? ~";
        assert_eq!((note.client.ip.as_str(), note.client.user_agent.as_str()), (plain, plain));
        assert_eq!(note.outcome.as_deref(), Some(plain));
        assert_eq!(note.detail.map(|text| text.len()), Some(AuditNote::TEXT_CHARS));
        assert!(!AuditNote::is_plain(odd));
        assert!(AuditNote::is_plain("a,b ~"));
    }
}
