//! Where a scan leads: which account, and for which reason.

use super::{
    link_by_unionid::terms_by_union,
    link_identity::{Terms, terms_of_account},
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

    pub(super) fn outcome(self) -> ScanOutcome {
        match self {
            Self::Own(_) | Self::UnionId(_) | Self::NewAccount(_) => ScanOutcome::Known,
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
            let terms = terms_of_account(rows, link.account, &scan.app, id).await?;
            terms.map(Destination::PendingLink)
        }
        (None, None) => {
            let terms = match &scan.union {
                Some(union) => terms_by_union(rows, union, &scan.app, id).await?,
                None => None,
            };
            Some(terms.map_or(Destination::PhoneNumber, Destination::UnionId))
        }
    })
}
