//! The journal: what WeChat told, redacted, and what it led to.

use std::{borrow::Cow, sync::Arc};

use crate::{
    login::LoginId,
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// The id of an entry of the journal: its moment in milliseconds, and behind that a number by which several entries of one moment
/// are told apart. Later entries have higher ones, so that a table in the order of ids is one in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JournalId(i64);

impl JournalId {
    /// How many entries of one moment can be told apart.
    const IN_A_MOMENT: i64 = 1 << 20;

    /// Makes the id of an entry from its moment and the node's number, of which the low 20 bits count.
    pub fn new(moment: Timestamp, node: u32) -> Self {
        Self(Self::first_of(moment).0.saturating_add(i64::from(node) % Self::IN_A_MOMENT))
    }

    /// Returns the lowest id of a moment.
    pub const fn first_of(moment: Timestamp) -> Self {
        Self(moment.as_millis().saturating_mul(Self::IN_A_MOMENT))
    }

    /// Returns this id, or the next one behind another where that is higher.
    #[must_use]
    pub fn behind(self, other: Self) -> Self {
        self.max(Self(other.0.saturating_add(1)))
    }

    /// Reads an id in its decimal form; `None` when it is malformed.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// Wraps the number that a store has kept.
    pub const fn from_store(number: i64) -> Self {
        Self(number)
    }

    /// Returns the number.
    pub const fn as_number(self) -> i64 {
        self.0
    }
}

impl std::fmt::Display for JournalId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
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
    pub kind: Cow<'static, str>,
    /// The scene, the key of the menu, or what else the event is about.
    pub key: Option<String>,
    /// What the person wrote; only where it is kept.
    pub text: Option<String>,
    /// WeChat's number of the message.
    pub msg_id: Option<String>,
    /// What it led to, in one word.
    pub outcome: Cow<'static, str>,
    /// The login that it was about.
    pub login: Option<LoginId>,
    /// The node that took it.
    pub node: Arc<str>,
    /// The id of the request.
    pub request_id: String,
    /// How long it took until it was about to be committed, in milliseconds.
    pub took_ms: u32,
    /// The entry that was taken again by it.
    pub replay_of: Option<JournalId>,
}

impl JournalEntry {
    /// How long the name of a kind is at the most.
    pub const KIND_CHARS: usize = 100;

    /// Notes that what the call means is about to be committed.
    pub fn note_taken(&mut self, at: Timestamp) {
        let took_ms = at.as_millis().saturating_sub(self.received_at.as_millis());
        self.took_ms = u32::try_from(took_ms).unwrap_or(0);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_in_the_order_of_time_whatever_node_gives_them() {
        let at = Timestamp::from_millis;
        let (early, late) = (JournalId::new(at(5), u32::MAX), JournalId::new(at(6), 0));
        assert!(JournalId::first_of(at(5)) <= early && early < late);
        assert_eq!(late, JournalId::first_of(at(6)));
    }

    #[test]
    fn an_id_that_was_given_is_not_given_again() {
        let first = JournalId::new(Timestamp::from_millis(5), 7);
        let second = first.behind(first);
        assert!(second > first);
        assert_eq!(first.behind(second), second.behind(second), "also where the clock was put back");
        let later = JournalId::first_of(Timestamp::from_millis(9));
        assert_eq!(later.behind(first), later);
    }

    #[test]
    fn an_id_is_read_as_it_was_written() {
        let id = JournalId::new(Timestamp::from_secs(1_800_000_000), 9);
        assert_eq!(JournalId::parse(&id.to_string()), Some(id));
        assert_eq!(JournalId::parse("0190163d-8694-739b-aea5-966c26f8ad91"), None);
    }
}
