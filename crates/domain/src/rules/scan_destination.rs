//! Where a scan leads: which account, and for which reason.

use super::{
    link_by_unionid::account_by_union,
    link_identity::takes_identity,
    rows::{AccountRows, AuditRows, IdentityRows, RowResult, ScanOutcome},
    void_link::is_void,
};
use crate::{
    account::{AccountId, Identity},
    ports::{PendingLink, Scan},
};

/// Where a scan leads.
#[derive(Clone, Copy)]
pub(super) enum Destination {
    /// To the account that the identity has.
    Own(AccountId),
    /// To the account to which the login's pending link adds the identity.
    PendingLink(AccountId),
    /// To the account to which the identity's unionid leads.
    UnionId(AccountId),
    /// To the question for a phone number.
    PhoneNumber,
}

impl Destination {
    pub(super) fn account(self) -> Option<AccountId> {
        match self {
            Self::Own(account) | Self::PendingLink(account) | Self::UnionId(account) => Some(account),
            Self::PhoneNumber => None,
        }
    }

    /// Returns the account to which the scan links the identity.
    pub(super) fn links_to(self) -> Option<AccountId> {
        match self {
            Self::PendingLink(account) | Self::UnionId(account) => Some(account),
            Self::Own(_) | Self::PhoneNumber => None,
        }
    }

    /// Returns the account that the identity has for another reason than its unionid.
    pub(super) fn account_without_union(self) -> Option<AccountId> {
        match self {
            Self::Own(account) | Self::PendingLink(account) => Some(account),
            Self::UnionId(_) | Self::PhoneNumber => None,
        }
    }

    pub(super) fn outcome(self) -> ScanOutcome {
        match self {
            Self::Own(_) | Self::UnionId(_) => ScanOutcome::Known,
            Self::PendingLink(_) => ScanOutcome::Linked,
            Self::PhoneNumber => ScanOutcome::New,
        }
    }
}

/// Finds where a scan leads; `None` where the login's pending link cannot add the identity to its account: the link
/// is void, the identity is another account's, or the account does not take it.
pub(super) async fn scan_destination(
    rows: &mut (impl AccountRows + IdentityRows + AuditRows),
    scan: &Scan,
    link: Option<&PendingLink>,
    person: Option<&Identity>,
) -> RowResult<Option<Destination>> {
    if let Some(link) = link
        && is_void(rows, link).await?
    {
        return Ok(None);
    }
    let id = person.map_or(scan.new_identity, |person| person.id);
    Ok(match (person.and_then(|person| person.account), link) {
        (Some(own), Some(link)) if own != link.account => None,
        (Some(own), _) => Some(Destination::Own(own)),
        (None, Some(link)) => {
            let is_taken = takes_identity(rows, link.account, &scan.app, id).await?;
            is_taken.then_some(Destination::PendingLink(link.account))
        }
        (None, None) => {
            let account = match &scan.union {
                Some(union) => account_by_union(rows, union, &scan.app, id).await?,
                None => None,
            };
            Some(account.map_or(Destination::PhoneNumber, Destination::UnionId))
        }
    })
}
