//! Where a scan leads: which account, and for which reason.

use super::{
    create_account::{NewAccount, create_account},
    link_by_unionid::terms_by_union,
    link_identity::{Terms, terms_of_account},
    rows::{AccountRows, AuditRows, IdentityRows, RowResult, ScanDecision},
    void_link::is_void,
};
use crate::{
    account::{AccountId, Identity, IdentityId},
    login::LoginId,
    ports::{Newcomers, PendingLink, Scan},
    time::Timestamp,
    wechat::{AppName, UnionId},
};

/// Where a scan leads.
#[derive(Clone, Copy)]
pub(super) enum Destination {
    /// To the account that the identity has.
    Own(AccountId),
    /// To the account to which the login's pending link adds the identity.
    PendingLink(Terms),
    /// To the account to which the identity's unionid leads.
    UnionId(Terms),
    /// To a new account, which has no phone number.
    NewAccount(Terms),
    /// To the question for a phone number.
    PhoneNumber,
}

impl Destination {
    pub(super) fn account(self) -> Option<AccountId> {
        match self {
            Self::Own(account) => Some(account),
            Self::PendingLink(terms) | Self::UnionId(terms) | Self::NewAccount(terms) => Some(terms.account),
            Self::PhoneNumber => None,
        }
    }

    /// Returns the account to which the scan links the identity, and on which terms.
    pub(super) fn links_to(self) -> Option<Terms> {
        match self {
            Self::PendingLink(terms) | Self::UnionId(terms) | Self::NewAccount(terms) => Some(terms),
            Self::Own(_) | Self::PhoneNumber => None,
        }
    }

    /// Returns the account that the identity has for another reason than its unionid.
    pub(super) fn account_without_union(self) -> Option<AccountId> {
        match self {
            Self::Own(account) | Self::PendingLink(Terms { account, .. }) => Some(account),
            Self::UnionId(_) | Self::NewAccount(_) | Self::PhoneNumber => None,
        }
    }

    pub(super) fn outcome(self) -> ScanDecision {
        match self {
            Self::Own(_) | Self::UnionId(_) | Self::NewAccount(_) => ScanDecision::Known,
            Self::PendingLink(_) => ScanDecision::Linked,
            Self::PhoneNumber => ScanDecision::New,
        }
    }
}

/// Who scanned, as far as it decides where the scan leads.
pub(super) struct Arrival<'a> {
    pub(super) app: &'a AppName,
    pub(super) identity: IdentityId,
    /// The account that the identity has.
    pub(super) account: Option<AccountId>,
    pub(super) union: Option<&'a UnionId>,
    pub(super) newcomers: Newcomers,
}

impl<'a> Arrival<'a> {
    /// Says who scans for the first time, and whether an account may be made for them without a number.
    pub(super) fn of_scan(scan: &'a Scan, person: Option<&Identity>, may_be_made: bool) -> Self {
        Self {
            app: &scan.app,
            identity: person.map_or(scan.new_identity, |person| person.id),
            account: person.and_then(|person| person.account),
            union: scan.union.as_ref(),
            newcomers: admitting(scan.newcomers, may_be_made),
        }
    }
}

/// Returns what becomes of a newcomer for whom no account may be made yet: they are asked for a number instead.
pub(super) fn admitting(newcomers: Newcomers, may_be_made: bool) -> Newcomers {
    match newcomers {
        Newcomers::Admit(_) if !may_be_made => Newcomers::AskForPhone,
        Newcomers::Admit(_) | Newcomers::AskForPhone | Newcomers::Refuse => newcomers,
    }
}

/// Where a scan leads, if anywhere.
pub(super) enum Led {
    /// There.
    To(Destination),
    /// Nowhere: the login's pending link cannot add the identity to its account (the link is void, the identity is another
    /// account's, or the account does not take it), or no new account is made.
    Refused(ScanDecision),
}

/// Finds where a scan leads.
pub(super) async fn scan_destination(
    rows: &mut (impl AccountRows + IdentityRows + AuditRows),
    who: &Arrival<'_>,
    link: Option<&PendingLink>,
) -> RowResult<Led> {
    if let Some(link) = link
        && is_void(rows, link).await?
    {
        return Ok(Led::Refused(ScanDecision::LinkRefused));
    }
    Ok(match (who.account, link) {
        (Some(own), Some(link)) if own != link.account => Led::Refused(ScanDecision::LinkRefused),
        (Some(own), _) => Led::To(Destination::Own(own)),
        (None, Some(link)) => match terms_of_account(rows, link.account, who.app, who.identity).await? {
            Some(terms) => Led::To(Destination::PendingLink(terms)),
            None => Led::Refused(ScanDecision::LinkRefused),
        },
        (None, None) => {
            let terms = match who.union {
                Some(union) => terms_by_union(rows, union, who.app, who.identity).await?,
                None => None,
            };
            match (terms, who.newcomers) {
                (Some(terms), _) => Led::To(Destination::UnionId(terms)),
                (None, Newcomers::AskForPhone) => Led::To(Destination::PhoneNumber),
                (None, Newcomers::Admit(account)) => {
                    Led::To(Destination::NewAccount(Terms { account, probation_until: None }))
                }
                (None, Newcomers::Refuse) => Led::Refused(ScanDecision::RegistrationClosed),
            }
        }
    })
}

/// Makes the account of a person who is admitted without a phone number.
pub(super) async fn admit(
    rows: &mut (impl AccountRows + AuditRows),
    destination: Destination,
    login: LoginId,
    at: Timestamp,
) -> RowResult<()> {
    match destination {
        Destination::NewAccount(Terms { account, .. }) => {
            create_account(rows, &NewAccount { id: account, phone: None, login, at }).await
        }
        Destination::Own(_)
        | Destination::PendingLink(_)
        | Destination::UnionId(_)
        | Destination::PhoneNumber => Ok(()),
    }
}
