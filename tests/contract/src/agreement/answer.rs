//! What row operations answer.

use saoma_domain::{
    account::Conflict,
    ports::{AuditEntry, PendingLink},
    rules::rows::{
        AccountRow, AccountWithIdentities, FoundByScan, IdentityRow, IssueBasis, LoginRow, OneTimeCodeRow,
        SessionOfIdentity, SessionRow,
    },
};

/// The answer of any row operation.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    Done,
    Yes(bool),
    Removed(u32),
    Login(Option<LoginRow>),
    LoginAndLink(Option<LoginRow>, Option<PendingLink>),
    FoundByScan(FoundByScan),
    Logins(Vec<LoginRow>),
    Account(Option<AccountRow>),
    Identity(Option<IdentityRow>),
    Identities(Vec<IdentityRow>),
    Conflicts(Vec<Conflict>),
    Session(Option<SessionRow>),
    SessionAndAccount(Option<(SessionRow, AccountWithIdentities)>),
    IssueBasis(Option<IssueBasis>),
    Sessions(Vec<SessionRow>),
    SessionsOfIdentities(Vec<SessionOfIdentity>),
    OneTimeCode(Option<OneTimeCodeRow>),
    Entries(Vec<AuditEntry>),
}

impl From<()> for Answer {
    fn from((): ()) -> Self {
        Self::Done
    }
}
