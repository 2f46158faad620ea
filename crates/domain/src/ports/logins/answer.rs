//! What the phone that scanned says: whether it lets the client in, and later that its person did not mean to log in.

use std::time::Duration;

use super::{Newcomers, ScanRecord};
use crate::{
    account::{AccountId, IdentityId},
    consent::ConsentTerms,
    login::{ClientInfo, ConfirmNumber, Login, LoginId},
    nearness::Demand,
    session::SessionTokenHash,
    time::Timestamp,
    wechat::AppName,
};

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
    /// The terms of the site, as [`Scan::terms`](super::Scan::terms).
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
    /// As [`ScanTaken::LinkRefused`](super::ScanTaken::LinkRefused).
    LinkRefused(Login),
    /// As [`ScanTaken::RegistrationClosed`](super::ScanTaken::RegistrationClosed).
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
