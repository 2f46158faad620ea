//! What others must hear of: the events of accounts, identities, sessions and logins.

use crate::{
    account::{AccountId, IdentityId},
    login::LoginId,
    model::digest::hash_of_parts,
    oidc::ClientId,
    session::SessionId,
    text::{hex, short_text},
    time::Timestamp,
    wechat::AppName,
};

short_text! {
    /// The name of one that hears events, such as a webhook: `[a-z0-9_-]{1,64}`.
    ReceiverName, 64, |text| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

impl ReceiverName {
    /// Returns the name under which the [`Events`](crate::ports::Events) of an embedder hear.
    pub fn embedder() -> Self {
        Self("embedder".to_owned())
    }

    /// Returns the name under which an OpenID client hears.
    pub fn of_client(client: &ClientId) -> Self {
        let hash = hash_of_parts("oidc-client", &[client.as_str().as_bytes()]);
        Self(format!("oidc-{}", hex(hash.split_at(16).0)))
    }
}

/// Declares the kinds with their names.
macro_rules! event_kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal),+ $(,)?) => {
        /// What happened. The names are those of the contract.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventKind {
            $($(#[$doc])* $kind),+
        }

        impl EventKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Returns the name of the contract, such as `account.created`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name),+
                }
            }
        }
    };
}

event_kinds! {
    /// An account was made.
    AccountCreated = "account.created",
    /// Something of an account is another than before: its number, its external id, its attributes.
    AccountUpdated = "account.updated",
    /// An account was disabled.
    AccountDisabled = "account.disabled",
    /// An account was opened again.
    AccountEnabled = "account.enabled",
    /// Another account was merged into this one.
    AccountMerged = "account.merged",
    /// A merge into this account was undone.
    AccountUnmerged = "account.unmerged",
    /// An account was erased.
    AccountErased = "account.erased",
    /// An identity was linked to an account.
    IdentityLinked = "identity.linked",
    /// An identity was unlinked from its account.
    IdentityUnlinked = "identity.unlinked",
    /// A person who did not follow the official account any more follows it again.
    IdentityFollowed = "identity.followed",
    /// A person stopped following an official account.
    IdentityUnfollowed = "identity.unfollowed",
    /// A person took back in WeChat what they allowed an app to know.
    IdentityRevoked = "identity.revoked",
    /// A login was issued its session.
    SessionCreated = "session.created",
    /// A session was ended.
    SessionEnded = "session.ended",
    /// A login was refused, on the phone or by a rule.
    LoginDenied = "login.denied",
    /// A sign that codes are relayed was noticed.
    LoginSuspected = "login.suspected",
    /// WeChat told something that is about no login: a message, a menu, a scene of the site's own.
    WechatEvent = "wechat.event",
    /// The head of the audit trail's chain, told each hour to who asks for it.
    AuditHead = "audit.head",
    /// A session was ended of which an OpenID client knows. Only that client hears it.
    OidcLogout = "oidc.logout",
}

impl EventKind {
    /// Reads a kind's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// Returns whether webhooks and embedders may hear it.
    const fn is_for_all(self) -> bool {
        !matches!(self, Self::OidcLogout)
    }

    const fn bit(self) -> u32 {
        1 << (self as u32)
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventKinds(u32);

impl EventKinds {
    /// No kind.
    pub const NONE: Self = Self(0);

    /// Returns the set of all kinds that are about accounts, identities, sessions and logins: all but
    /// [`EventKind::WechatEvent`] and [`EventKind::AuditHead`].
    pub fn of_accounts() -> Self {
        let is_of_account = |kind: &&EventKind| {
            kind.is_for_all() && !matches!(kind, EventKind::WechatEvent | EventKind::AuditHead)
        };
        let kinds = EventKind::ALL.iter().filter(is_of_account);
        kinds.fold(Self::NONE, |set, kind| set.with(*kind))
    }

    /// Returns this set with one more kind.
    #[must_use]
    pub const fn with(self, kind: EventKind) -> Self {
        Self(self.0 | kind.bit())
    }

    /// Returns the kinds of this set and of another one.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether a kind is in the set.
    pub const fn has(self, kind: EventKind) -> bool {
        self.0 & kind.bit() != 0
    }

    /// Returns whether the set has no kind.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Reads a pattern of the configuration: a name, `account.*` for all names that begin so, or `*` for all of
    /// [`EventKinds::of_accounts`]. `None` when no kind fits.
    pub fn parse(pattern: &str) -> Option<Self> {
        if pattern == "*" {
            return Some(Self::of_accounts());
        }
        let fits = |kind: &&EventKind| match pattern.strip_suffix('*') {
            Some(beginning) => beginning.ends_with('.') && kind.as_str().starts_with(beginning),
            None => kind.as_str() == pattern,
        };
        let kinds = EventKind::ALL.iter().filter(|kind| kind.is_for_all());
        let set = kinds.filter(fits).fold(Self::NONE, |set, kind| set.with(*kind));
        (!set.is_empty()).then_some(set)
    }
}

/// Who hears events, and of which kinds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listeners(Vec<(ReceiverName, EventKinds)>);

impl Listeners {
    /// No listener hears anything.
    pub const NONE: Self = Self(Vec::new());

    /// Returns these listeners and one more.
    #[must_use]
    pub fn with(mut self, receiver: ReceiverName, kinds: EventKinds) -> Self {
        self.0.push((receiver, kinds));
        self
    }

    /// Returns the receivers that hear a kind.
    pub fn of(&self, kind: EventKind) -> impl Iterator<Item = &ReceiverName> {
        self.0.iter().filter(move |(_, kinds)| kinds.has(kind)).map(|(name, _)| name)
    }

    /// Returns all receivers.
    pub fn receivers(&self) -> impl Iterator<Item = &ReceiverName> {
        self.0.iter().map(|(name, _)| name)
    }
}

/// Something that happened. It names rows by their ids and says nothing else of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// The account that it is about.
    pub account: Option<AccountId>,
    /// The identity that it is about.
    pub identity: Option<IdentityId>,
    /// The app of that identity.
    pub app: Option<AppName>,
    /// The session that it is about.
    pub session: Option<SessionId>,
    /// The login by which it happened.
    pub login: Option<LoginId>,
    /// What else there is to say, by kind: what changed of an account, the id of the other account of a merge, why a login
    /// was denied or suspected; of a [`EventKind::WechatEvent`] what came, as JSON; of a [`EventKind::AuditHead`] the last place and
    /// its hash.
    pub detail: Option<String>,
}

impl Event {
    /// Makes an event that says nothing yet but its kind and its time.
    pub const fn new(kind: EventKind, at: Timestamp) -> Self {
        Self { kind, at, account: None, identity: None, app: None, session: None, login: None, detail: None }
    }

    /// Makes an event of an account.
    pub fn of_account(kind: EventKind, account: AccountId, at: Timestamp) -> Self {
        Self { account: Some(account), ..Self::new(kind, at) }
    }

    /// Returns what the event is kept in order by: events of one account have the same; those of no account are in order
    /// for each identity, else for each login.
    pub fn lane(&self) -> String {
        match (self.account, self.identity, self.login) {
            (Some(account), _, _) => account.to_string(),
            (None, Some(identity), _) => identity.to_string(),
            (None, None, Some(login)) => login.to_string(),
            (None, None, None) => self.app.as_ref().map_or_else(String::new, AppName::to_string),
        }
    }
}

/// The number of an event that was kept for one receiver. No other one ever has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(i64);

impl EventId {
    /// Wraps the number that a store gave.
    pub const fn from_store(number: i64) -> Self {
        Self(number)
    }

    /// Returns the number.
    pub const fn as_number(self) -> i64 {
        self.0
    }
}

impl std::fmt::Display for EventId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_as_it_was_written() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(EventKind::parse("account.*"), None);
    }

    #[test]
    fn a_pattern_names_one_kind_or_a_family() {
        let accounts = EventKinds::parse("account.*").unwrap();
        assert!(accounts.has(EventKind::AccountErased) && !accounts.has(EventKind::SessionEnded));
        assert_eq!(EventKinds::parse("login.denied"), Some(EventKinds::NONE.with(EventKind::LoginDenied)));
        let all = EventKinds::parse("*").unwrap();
        assert!(
            all.has(EventKind::SessionEnded) && !all.has(EventKind::WechatEvent),
            "messages only on request"
        );
        assert!(!all.has(EventKind::AuditHead) && EventKinds::parse("audit.head").is_some());
        for wrong in [
            "",
            "account",
            "account.",
            "acc*",
            "*.created",
            "account.deleted",
            "Account.*",
            "oidc.logout",
            "oidc.*",
        ] {
            assert_eq!(EventKinds::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn events_of_one_account_are_in_one_lane() {
        let account = AccountId::from_store([1; 16]);
        let created = Event::of_account(EventKind::AccountCreated, account, Timestamp::from_secs(1));
        let identity = Some(IdentityId::from_store([2; 16]));
        let linked = Event { identity, ..Event::of_account(EventKind::IdentityLinked, account, created.at) };
        assert_eq!(created.lane(), linked.lane());
        let unknown = Event { identity, ..Event::new(EventKind::IdentityUnfollowed, created.at) };
        assert_ne!(unknown.lane(), linked.lane());
    }
}
