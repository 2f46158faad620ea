//! Logins as the database has them: what a scan, a binding or a cancellation led to.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
pub use crate::sms::BindingProof;
use crate::{
    account::{AccountId, Identity, IdentityId, VerifiedPhone},
    consent::{Consent, ConsentTerms},
    journal::{JournalEntry, scan_outcomes},
    login::{
        Channel, ClientInfo, ConfirmNumber, ExpiryReason, Login, LoginEvent, LoginId, LoginState,
        PhoneQuestion,
    },
    nearness::Demand,
    session::{AuthMethod, SessionTokenHash},
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
    pub entry: Option<Box<JournalEntry>>,
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

/// The answer of a phone that scanned and is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneAnswer {
    /// It lets the client in.
    Yes,
    /// It lets the client in, which shows this number; `None`: what was entered is no such number.
    Number(Option<ConfirmNumber>),
    /// It does not.
    No,
}

/// An answer, and what is needed to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// The login.
    pub login: LoginId,
    /// The identity whose phone answers.
    pub identity: IdentityId,
    /// The answer.
    pub answer: PhoneAnswer,
    /// When it came.
    pub at: Timestamp,
    /// How long the person has to bind a phone number, or the client to collect the session.
    pub window: Duration,
    /// What becomes of a person who has no account.
    pub newcomers: Newcomers,
    /// The terms of the site, as [`Scan::terms`].
    pub terms: Option<ConsentTerms>,
    /// What it takes to let the client in from where the phone is.
    pub demand: Demand,
    /// The number for the client to show, should it take one that was not asked for.
    pub new_number: ConfirmNumber,
}

/// The result of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The client is let in, by this answer: the scan counts from now on.
    LetIn(ScanRecord),
    /// An earlier answer of the same phone let the client in; `login` in the record may have moved on since.
    LetInBefore(ScanRecord),
    /// The number was wrong.
    WrongNumber(Login),
    /// The number is asked for, by this answer or before, and none came.
    NumberNeeded(Login),
    /// The phone refused, by this answer.
    Refused(Login),
    /// The phone is elsewhere than the client, and the site lets no client in then ([`Demand::Nothing`]).
    Elsewhere(Login),
    /// The login is over, or was not asked about; nothing changed.
    Over(Login),
    /// Another person scanned the login.
    NotTheirs,
    /// As [`ScanTaken::LinkRefused`].
    LinkRefused(Login),
    /// As [`ScanTaken::RegistrationClosed`].
    RegistrationClosed(Login),
}

/// A person says of a login that they scanned that they did not mean to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotMe {
    /// The login.
    pub login: LoginId,
    /// Their identity.
    pub identity: IdentityId,
    /// When they say it.
    pub at: Timestamp,
}

/// The result of saying that one did not mean to log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disowned {
    /// The login is over, by this or an earlier call.
    Over {
        /// The login.
        login: Login,
        /// The hashes of the tokens of the sessions that this call ended.
        ended: Vec<SessionTokenHash>,
        /// The account from which this call took the person's identity, or into which their account had been merged.
        unlinked_from: Option<AccountId>,
        /// The client that had asked for the login.
        client_info: ClientInfo,
    },
    /// A day has passed since the scan; nothing changed.
    TooLate,
    /// The login is not one that this person scanned.
    NotTheirs,
}

/// A login whose phone is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedLogin {
    /// The login.
    pub login: Login,
    /// The identity that scanned.
    pub identity: IdentityId,
    /// The app that identified the person.
    pub app: AppName,
    /// The client that asked for the login.
    pub client_info: ClientInfo,
    /// When the code was scanned.
    pub scanned_at: Timestamp,
}

/// The wish that the scan of a login links an identity to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingLink {
    /// The login, to which nothing has happened.
    pub login: LoginId,
    /// The account.
    pub account: AccountId,
    /// When the link was asked for.
    pub at: Timestamp,
}

/// A login in which a phone number alone is to say who the person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberLogin {
    /// The login.
    pub login: LoginId,
    /// The client that asked for it.
    pub client_info: ClientInfo,
    /// When it was asked for.
    pub at: Timestamp,
    /// How long the person has to prove a phone number.
    pub window: Duration,
}

/// A phone number to bind to the identity of an unregistered login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The login.
    pub login: LoginId,
    /// The number, proven by a code; `None` where the person goes on without one.
    pub phone: Option<VerifiedPhone>,
    /// How the number was proven; `None` without one.
    pub proven_by: Option<AuthMethod>,
    /// Whether a new account may be made.
    pub admits: bool,
    /// Whether a new account may be made for a number alone, without an identity.
    pub admits_number_alone: bool,
    /// The terms of the site, if it has any.
    pub terms: Option<ConsentTerms>,
    /// A value that only this number with this code leads to; it lets a repetition be recognised.
    pub proof: BindingProof,
    /// When the number is bound.
    pub at: Timestamp,
    /// How long the client has to collect the session.
    pub window: Duration,
    /// The id for the account, should the number have none.
    pub new_account: AccountId,
    /// Since when the number's account must have been seen for the number alone to lead to it; `None`: ever.
    pub seen_since: Option<Timestamp>,
}

/// The result of binding a phone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The login is registered: by this binding, or by an earlier one with the same proof.
    Registered(Login),
    /// The login is registered by this binding, and nothing but the number led it to the account: the persons of the
    /// account's other identities have notices now.
    ByNumberAlone(Login),
    /// The number's account has another user of the same WeChat app, is another person's by the unionid, or was
    /// not seen for too long.
    PhoneTaken,
    /// The number has no account, and new ones are not made.
    RegistrationClosed,
    /// The person did not agree to the terms in this login, and has to.
    ConsentMissing,
    /// The login is in a state that takes no phone number; here it is, as it stands at that moment. A login without
    /// a row is new, or its time is over.
    Refused(Login),
}

/// The unionid of an identity, learned after its scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnionIdLink {
    /// The login that was scanned.
    pub login: LoginId,
    /// The identity that scanned.
    pub identity: IdentityId,
    /// The person within the open-platform account.
    pub union: UnionId,
    /// When the unionid was learned.
    pub at: Timestamp,
    /// How long the client has to collect the session.
    pub window: Duration,
}

/// A login as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginRecord {
    /// The login as it was last written; deadlines are for the reader to judge.
    pub login: Login,
    /// The identity that scanned it, if one did.
    pub identity: Option<IdentityId>,
    /// The proof of the binding, if a phone number was bound.
    pub proof: Option<BindingProof>,
    /// The client that asked for it, and when its code was scanned, if it was.
    pub scan: Option<(ClientInfo, Timestamp)>,
    /// Whether it ended because its pending link could not link the identity that scanned.
    pub link_refused: bool,
    /// Whether it ended because the person has no account, and new ones are not made.
    pub registration_closed: bool,
}

/// Stores what happens to logins.
///
/// Each method is one transaction, and what it returned as done MUST be durable. Every change MUST be a
/// compare-and-set: with any number of callers at once on any number of nodes, one of them changes the login
/// and the others are told what it led to. A login has no row until something happened to it.
///
/// The decisions are those of [`crate::rules`], which make this port for every store of rows.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Logins: Send + Sync {
    /// Stores the pending link of a new login. The login stays as it is, and [`Logins::find`] does not find it, until
    /// its code is scanned. The same link may be added again; any other one for the login is an error.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed; the login MUST NOT be used then.
    async fn add_pending_link(&self, pending_link: PendingLink) -> Result<(), StoreError>;

    /// Stores the scan of a login's code: the identity if it is new, its link to an account, and what the scan led
    /// to. The first scan wins, and every later one is told what it led to.
    ///
    /// * The identity keeps what the scan does not tell: an empty profile erases nothing.
    /// * An identity without an account is linked to the account of another identity with the same unionid
    ///   (the longest linked first), unless that account has another user of the app.
    /// * An identity with an account stays where it is. When its unionid is new to it and another account has it
    ///   too, a conflict goes into the trail of both.
    /// * A pending link ([`Logins::add_pending_link`]) links an identity without an account to its account, and the
    ///   login is registered, as it is for an identity that is linked to that account already. An identity of another
    ///   account, or of an app of which the account has another user, ends the login ([`LoginEvent::Denied`]) and
    ///   changes nothing else. So does any identity once a session of the account was ended
    ///   ([`super::Sessions::end_all`] too) or an identity unlinked from it since the link was asked for: the person
    ///   who was shut out may have been the one who asked.
    /// * A person who scans the code of an official account follows it: an earlier mark of not following goes away.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed; the caller MUST NOT tell the client or the person then.
    async fn take_scan(&self, scan: Scan) -> Result<ScanTaken, StoreError>;

    /// Binds a phone number: links the identity to the number's account, or to a new one, and registers the login.
    ///
    /// An identity that was linked meanwhile, by another login, keeps its account, and the login leads there.
    /// An identity that nothing but the number leads to an account cannot change the ways into it for
    /// [`PROBATION`](crate::rules::PROBATION), and the account's other identities get a notice
    /// ([`super::Accounts::notices_of_account`]).
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn bind(&self, binding: Binding) -> Result<Bound, StoreError>;

    /// Makes a login wait for a phone number that alone is to say who the person is, and returns it.
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn ask_for_number(&self, login: NumberLogin) -> Result<Login, StoreError> {
        let _ = login;
        Err(StoreError::Unavailable("logins by a number alone are not kept".to_owned()))
    }

    /// Keeps that the person of a login agreed to terms; the last time counts. It goes to the account that the login leads to,
    /// unless the account has agreed to that version before.
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn give_consent(&self, login: LoginId, consent: Consent) -> Result<(), StoreError> {
        let _ = (login, consent);
        Err(StoreError::Unavailable("consents are not kept".to_owned()))
    }

    /// Returns what the person of a login agreed to.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn consent(&self, login: LoginId) -> Result<Option<Consent>, StoreError> {
        let _ = login;
        Ok(None)
    }

    /// Stores an identity's unionid; if another identity with it has an account, links this one to it, and
    /// registers the login where it still waits for a phone number. Returns the login if it moved.
    ///
    /// An account that has another user of the same app is left alone. An identity that has an account stays
    /// where it is; the conflict goes into the trail as in [`Logins::take_scan`].
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn link(&self, link: UnionIdLink) -> Result<Option<Login>, StoreError>;

    /// Takes the answer of the phone that scanned a login. With a yes, and the right number where one is asked for, the
    /// scan counts as if it was taken now ([`Logins::take_scan`]); a no, or the last of
    /// [`WRONG_NUMBERS`](crate::login::WRONG_NUMBERS) wrong numbers, ends the login. So does a yes from where nothing lets the
    /// client in; one from where it takes a number that was not asked for asks for it.
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn confirm(&self, confirmation: Confirmation) -> Result<Answered, StoreError>;

    /// Returns the login that a person scanned last, if their phone is asked about it at this moment.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn asked_of(
        &self,
        app: &AppName,
        openid: &OpenId,
        at: Timestamp,
    ) -> Result<Option<AskedLogin>, StoreError>;

    /// Ends a login of which the person who scanned it says that they did not mean it, and the session that it led to;
    /// within [`NOT_ME_WITHIN`](crate::rules::NOT_ME_WITHIN) of the scan. Where this very login linked their identity to the
    /// account, by a number or by a pending link, the identity is unlinked, and the sessions that came from it end; one that
    /// nothing else leads into stays the person's.
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn disown(&self, not_me: NotMe) -> Result<Disowned, StoreError>;

    /// Ends a login by [`LoginEvent::Cancelled`] or [`LoginEvent::Denied`] and returns how it stands: ended,
    /// or unchanged when it was final before.
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn end(&self, id: LoginId, event: LoginEvent, at: Timestamp) -> Result<Login, StoreError>;

    /// Returns a login, if something happened to it.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn find(&self, id: LoginId) -> Result<Option<LoginRecord>, StoreError>;

    /// Returns those of the logins (at most 1,000) to which something happened, in one query: each once, in any
    /// order.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn find_many(&self, ids: &[LoginId]) -> Result<Vec<Login>, StoreError>;
}
