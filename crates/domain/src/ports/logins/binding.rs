//! What links a person to an account: a pending link, a number, a unionid.

use std::time::Duration;

use crate::{
    account::{AccountId, IdentityId, VerifiedPhone},
    consent::ConsentTerms,
    login::{ClientInfo, Login, LoginId},
    session::AuthMethod,
    sms::BindingProof,
    time::Timestamp,
    wechat::UnionId,
};

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
