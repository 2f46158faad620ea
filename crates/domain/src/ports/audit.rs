//! The trail of what happened to accounts.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    account::AccountId,
    actor::Actor,
    login::{ClientInfo, LoginId},
    time::Timestamp,
};

/// What happened to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditKind {
    /// It was made, by binding a phone number that had none.
    AccountCreated,
    /// A WeChat identity was linked to it.
    IdentityLinked,
    /// A login was issued its session.
    SessionCreated,
    /// One of its sessions was ended.
    SessionEnded,
    /// A WeChat identity was unlinked from it.
    IdentityUnlinked,
    /// It got another phone number.
    PhoneChanged,
    /// An identity of another account was found to be the same person's.
    ConflictFound,
    /// Its person stopped following an official account.
    Unfollowed,
    /// A login was refused: on the phone, by the gate, or because the account is disabled.
    LoginRefused,
    /// A sign that codes are relayed was noticed, as [`Suspicion`](crate::suspicion::Suspicion) says. Those who hear
    /// `login.suspected` are told.
    LoginSuspected,
    /// An SMS code was asked for.
    SmsCode,
    /// What is kept of persons was read through the site API or by an operator.
    PersonalDataRead,
    /// A system of the site or an operator did what changes no account: replayed an event, had a delivery tried again, took an access
    /// token, made a QR code.
    SiteCall,
    /// Its external id, attributes, number or profile were written by another one than its owner, or its profile by the owner.
    AccountChanged,
    /// It was shut.
    AccountDisabled,
    /// It was opened again.
    AccountEnabled,
    /// All its sessions were ended by another one than its owner.
    SessionsEnded,
    /// It was erased; nothing else is left of it.
    AccountErased,
    /// What is kept of its person was read as a whole.
    AccountExported,
    /// Another account was merged into it.
    AccountMerged,
    /// A merge into it was undone.
    AccountUnmerged,
    /// One of its sessions has told an OpenID client who it is.
    ClientAuthorized,
    /// All that a client got of one of its sessions has ended, before the session did.
    ClientTokensEnded,
}

impl AuditKind {
    /// Returns the name used in stores.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountCreated => "account_created",
            Self::IdentityLinked => "identity_linked",
            Self::SessionCreated => "session_created",
            Self::SessionEnded => "session_ended",
            Self::IdentityUnlinked => "identity_unlinked",
            Self::PhoneChanged => "phone_changed",
            Self::ConflictFound => "conflict_found",
            Self::Unfollowed => "unfollowed",
            Self::LoginRefused => "login_refused",
            Self::LoginSuspected => "login_suspected",
            Self::SmsCode => "sms_code",
            Self::PersonalDataRead => "personal_data_read",
            Self::SiteCall => "site_call",
            Self::AccountChanged => "account_changed",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
            Self::SessionsEnded => "sessions_ended",
            Self::AccountErased => "account_erased",
            Self::AccountExported => "account_exported",
            Self::AccountMerged => "account_merged",
            Self::AccountUnmerged => "account_unmerged",
            Self::ClientAuthorized => "client_authorized",
            Self::ClientTokensEnded => "client_tokens_ended",
        }
    }

    /// Reads a kind's name.
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::AccountCreated,
            Self::IdentityLinked,
            Self::SessionCreated,
            Self::SessionEnded,
            Self::IdentityUnlinked,
            Self::PhoneChanged,
            Self::ConflictFound,
            Self::Unfollowed,
            Self::LoginRefused,
            Self::LoginSuspected,
            Self::SmsCode,
            Self::PersonalDataRead,
            Self::SiteCall,
            Self::AccountChanged,
            Self::AccountDisabled,
            Self::AccountEnabled,
            Self::SessionsEnded,
            Self::AccountErased,
            Self::AccountExported,
            Self::AccountMerged,
            Self::AccountUnmerged,
            Self::ClientAuthorized,
            Self::ClientTokensEnded,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == name)
    }
}

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

/// A note as it stands in the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// The number that the store gave it.
    pub id: i64,
    /// The note.
    pub note: AuditNote,
    /// Its place in the chain, and the hash of the chain up to it; absent until it is sealed, within seconds.
    pub seal: Option<AuditSeal>,
    /// What the chain knows of where it came from; absent until it is sealed, and where that is not known.
    pub client_seal: Option<ClientSeal>,
}

/// What the chain knows of the client of a record: a digest, which says nothing once its salt is gone. So the address of a
/// person who is erased can go, and the chain stays whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientSeal {
    /// What the digest was salted with; it goes with the address.
    pub salt: Option<[u8; 16]>,
    /// SHA-256 over salt, address and user agent.
    pub digest: [u8; 32],
}

/// A place in the chain of the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditSeal {
    /// The place; the first one is 1.
    pub seq: u64,
    /// SHA-256 over the hash of the place before and this record.
    pub hash: [u8; 32],
}

impl AuditSeal {
    /// Where a chain begins.
    pub const START: Self = Self { seq: 0, hash: [0; 32] };
}

/// The ends of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditChain {
    /// The place before the first record that is kept.
    pub anchor: AuditSeal,
    /// The place of the last record that was sealed.
    pub head: AuditSeal,
}

/// Which records are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Those of this account.
    pub account: Option<AccountId>,
    /// Those of this kind.
    pub kind: Option<AuditKind>,
}

/// Something that is wrong with the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditDamage {
    /// The record at this place is not as it was sealed, or another one stands there.
    Changed(u64),
    /// The records from the first to the second place are missing.
    Missing(u64, u64),
    /// A record stands behind the head of the chain, at this place.
    Foreign(u64),
    /// The head of the chain is not the hash of its last record.
    Head,
}

/// Reads the audit trail, and seals it.
///
/// The ports that do the work write the entries in the same transaction: an entry is there if and only if its effect
/// is.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AuditTrail: Send + Sync {
    /// Returns an account's entries, the oldest first, at most `limit`; those of one moment come as they were
    /// written, of which one call may write its own in any order.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn entries(&self, account: AccountId, limit: u32) -> Result<Vec<AuditEntry>, StoreError>;

    /// Writes a note of what changes no row: a refusal, an SMS, a read. A suspicion ([`AuditKind::LoginSuspected`]) is told to
    /// those who hear it, too.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be written.
    async fn write_note(&self, note: AuditNote) -> Result<(), StoreError>;

    /// Lists at most `limit` records, the youngest first, those with numbers below `before`.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn records(
        &self,
        filter: AuditFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRecord>, StoreError>;

    /// Seals at most [`AUDIT_SEALED_AT_ONCE`](crate::rules::AUDIT_SEALED_AT_ONCE) records that are not sealed yet, unless
    /// another node has the lease, and returns how many, with the chain. The lease is this node's for
    /// [`AUDIT_LEASE`](crate::rules::AUDIT_LEASE). The salts of the records come from `seed`, which has to be random and is used
    /// once.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be done.
    async fn seal(
        &self,
        node: &str,
        now: Timestamp,
        seed: [u8; 32],
    ) -> Result<Option<(u32, AuditChain)>, StoreError>;

    /// Looks at each sealed record, and returns how many there are and what is wrong.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn verify_chain(&self) -> Result<(u64, Vec<AuditDamage>), StoreError>;

    /// Removes sealed records from the beginning of the chain that are older than a moment, a few at a time, and moves its
    /// anchor. Returns how many went.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be done.
    async fn forget_before(&self, moment: Timestamp) -> Result<u32, StoreError>;
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
