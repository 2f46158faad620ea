//! The journal: what WeChat told, redacted, and what it led to.

use crate::{
    account::uuid_id,
    login::LoginId,
    time::Timestamp,
    wechat::{AppName, OpenId},
};

uuid_id! {
    /// The id of an entry of the journal; later entries have higher ones.
    JournalId
}

/// A call of WeChat's that was accepted, and what it led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    /// Its id.
    pub id: JournalId,
    /// When it came.
    pub received_at: Timestamp,
    /// When WeChat says that it happened, in whole seconds.
    pub told_at: Timestamp,
    /// The app whose callback it came to.
    pub app: AppName,
    /// The person whom it is about.
    pub openid: OpenId,
    /// What it is, such as `scan`, `text` or the name of an event; at most [`JournalEntry::KIND_CHARS`] characters.
    pub kind: String,
    /// The scene, the key of the menu, or what else the event is about.
    pub key: Option<String>,
    /// What the person wrote; only where it is kept.
    pub text: Option<String>,
    /// WeChat's number of the message.
    pub msg_id: Option<String>,
    /// What it led to, in one word.
    pub outcome: String,
    /// The login that it was about.
    pub login: Option<LoginId>,
    /// The node that took it.
    pub node: String,
    /// The id of the request.
    pub request_id: String,
    /// How long it took until it was about to be committed, in milliseconds.
    pub took_ms: u32,
    /// The entry that was taken again by it.
    pub replay_of: Option<JournalId>,
    /// From when on it may be removed.
    pub prune_at: Timestamp,
}

impl JournalEntry {
    /// How long the name of a kind is at the most.
    pub const KIND_CHARS: usize = 100;

    /// Notes that what the call means is about to be committed.
    #[must_use]
    pub fn taken_at(self, at: Timestamp) -> Self {
        let took_ms = at.as_millis().saturating_sub(self.received_at.as_millis());
        Self { took_ms: u32::try_from(took_ms).unwrap_or(0), ..self }
    }
}

/// What a scan led to, in one word of journal and metrics.
pub(crate) mod scan_outcomes {
    pub(crate) const LOGGED_IN: &str = "logged_in";
    pub(crate) const LINKED: &str = "linked";
    pub(crate) const PHONE_NEEDED: &str = "phone_needed";
    pub(crate) const ASKED: &str = "asked";
    pub(crate) const ACCOUNT_DISABLED: &str = "account_disabled";
    pub(crate) const SCANNED_BY_ANOTHER: &str = "scanned_by_another";
    pub(crate) const EXPIRED: &str = "expired";
    pub(crate) const LINK_REFUSED: &str = "link_refused";
    pub(crate) const REGISTRATION_CLOSED: &str = "registration_closed";
}

/// Which entries of the journal are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalFilter {
    /// Those of this app.
    pub app: Option<AppName>,
    /// Those of this person.
    pub openid: Option<OpenId>,
    /// Those that led to this.
    pub outcome: Option<String>,
    /// Those of this login.
    pub login: Option<LoginId>,
}
