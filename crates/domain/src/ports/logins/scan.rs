//! A scan, and what it led to.

use std::{sync::Arc, time::Duration};

use crate::{
    account::{AccountId, Identity, IdentityId},
    consent::ConsentTerms,
    journal::{JournalEntry, scan_outcomes},
    login::{Channel, ClientInfo, ExpiryReason, Login, LoginId, LoginState, PhoneQuestion},
    time::Timestamp,
    wechat::{AppName, OpenId, Profile, UnionId},
};

/// A person whom WeChat identified for a login, by a scan or by another way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The login.
    pub login: LoginId,
    /// The WeChat app that identified the person.
    pub app: AppName,
    /// The way in.
    pub channel: Channel,
    /// The person within the app.
    pub openid: OpenId,
    /// The person within the open-platform account, where that is known and links are wanted.
    pub union: Option<UnionId>,
    /// The person's name and picture, where they are known.
    pub profile: Profile,
    /// The client that asked for the login, as far as that is known.
    pub client_info: ClientInfo,
    /// When the scan was taken.
    pub at: Timestamp,
    /// How long the person has to bind a phone number, or the client to collect the session.
    pub window: Duration,
    /// The id for the identity, should it be new.
    pub new_identity: IdentityId,
    /// What becomes of a person who has no account.
    pub newcomers: Newcomers,
    /// The terms of the site, if it has any. Where they are required, only who agreed to them in this login gets an account by
    /// the scan alone; any other is asked for a phone number.
    pub terms: Option<ConsentTerms>,
    /// What their phone is asked before the scan counts; `None`: nothing.
    pub asks: Option<Asks>,
    /// The entry of the journal about WeChat's call, which is committed with the scan and gets what that leads to as its
    /// outcome; `None` where nothing is to be written.
    pub entry: Option<Arc<JournalEntry>>,
}

impl Scan {
    /// Returns the identity that a person gets who is seen for the first time.
    pub(crate) fn first_seen(&self) -> Identity {
        Identity {
            id: self.new_identity,
            app: self.app.clone(),
            channel: self.channel,
            openid: self.openid.clone(),
            union: self.union.clone(),
            account: None,
            profile: self.profile.clone(),
            unsubscribed_at: None,
        }
    }
}

/// What a phone is asked before its scan counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asks {
    /// The question.
    pub question: PhoneQuestion,
    /// How long the phone may take to answer.
    pub window: Duration,
}

/// What becomes of a person whom WeChat identified and who has no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newcomers {
    /// The client asks for a phone number.
    AskForPhone,
    /// They get this account, which has no phone number.
    Admit(AccountId),
    /// They are not let in: the login ends.
    Refuse,
}

/// What a scan led to, as it is stored; a repetition of the scan is answered with the same record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanRecord {
    /// The login right after the scan.
    pub login: Login,
    /// The identity that scanned.
    pub identity: IdentityId,
    /// Whether the identity had an account when it scanned, or got one by its unionid or by a pending link.
    pub known: bool,
    /// Whether the scan linked the identity by the login's pending link.
    pub linked: bool,
    /// Whether the scan linked the identity to its account, for any reason; `false` in a repetition.
    pub bound_now: bool,
    /// Whether the identity's unionid is known.
    pub has_union: bool,
    /// Whether a notice waits for the person; it counts as told by the reply to this scan.
    pub has_notice: bool,
    /// Whether an operator has shut the account that the identity had when this was asked.
    pub is_disabled: bool,
    /// The client that asked for the login.
    pub client_info: ClientInfo,
    /// When the scan was taken.
    pub at: Timestamp,
}

/// The result of taking a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanTaken {
    /// It was the first for this login, and is committed.
    First(ScanRecord),
    /// The same person's scan was taken before; `login` in the record may have moved on since.
    Again(ScanRecord),
    /// Another person's scan was taken before.
    ByAnother,
    /// The login was over before a person scanned.
    Over(ExpiryReason),
    /// The login's pending link cannot link the identity: it is another account's, or the account has another user
    /// of the app, or the pending link is void. The login is over; here it is.
    LinkRefused(Login),
    /// The person has no account, and new ones are not made ([`Newcomers::Refuse`]). The login is over; here it is.
    RegistrationClosed(Login),
}

impl ScanTaken {
    /// Returns what the scan led to, in one word of the journal.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::First(record) | Self::Again(record) => record.as_str(),
            Self::ByAnother => scan_outcomes::SCANNED_BY_ANOTHER,
            Self::Over(_) => scan_outcomes::EXPIRED,
            Self::LinkRefused(_) => scan_outcomes::LINK_REFUSED,
            Self::RegistrationClosed(_) => scan_outcomes::REGISTRATION_CLOSED,
        }
    }
}

impl ScanRecord {
    const fn as_str(&self) -> &'static str {
        match self.login.state {
            LoginState::Scanned { .. } => scan_outcomes::ASKED,
            LoginState::Registered { .. } if self.is_disabled => scan_outcomes::ACCOUNT_DISABLED,
            LoginState::Loop { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Registered { .. }
            | LoginState::Expired { .. } => match (self.linked, self.known) {
                (true, _) => scan_outcomes::LINKED,
                (false, true) => scan_outcomes::LOGGED_IN,
                (false, false) => scan_outcomes::PHONE_NEEDED,
            },
        }
    }
}
