//! Merging two accounts by their person: both have to be proven. What moves then is the rule of `merge_accounts`.
//!
//! A login that led to the other account within the last minutes proves it. Its number does so only where nothing of WeChat says
//! whose the account is, or a unionid says that it is this person's: a number can have another owner by now, who would else
//! take the account from its WeChat users.

use std::time::Duration;

use super::{
    end_sessions::were_all_ended_since,
    merge_accounts::merge_accounts,
    number_claim::{NumberClaim, by_unionid, was_long_unseen},
    probation::is_on_probation,
    rows::{
        AccountRow, AccountRows, AuditRows, IdentityRows, LoginRow, LoginRows, MergeRows, PeopleRows,
        RowResult, SessionRows,
    },
};
use crate::{
    account::AccountId,
    actor::Actor,
    login::LoginState,
    ports::{AccountProof, Merge, Merged, OwnMerge, OwnMerged},
    time::Timestamp,
};

/// How long a login counts as recent: as long its session may change the ways into the account, and as long it proves an
/// account that is to be merged.
pub const RECENT_LOGIN: Duration = Duration::from_secs(600);

/// An account of which a proof speaks.
struct Proven {
    account: AccountId,
    /// Since when it is the account of the login, where that is the proof.
    since: Option<Timestamp>,
    /// Whether nothing but a number speaks for it.
    by_number_alone: bool,
}

/// Merges the account that is proven into the one that asks, or says what would happen.
pub(super) async fn merge_own_accounts(
    rows: &mut (impl AccountRows + IdentityRows + SessionRows + AuditRows + PeopleRows + MergeRows + LoginRows),
    merge: &OwnMerge,
) -> RowResult<OwnMerged> {
    let &OwnMerge { id, into, dry_run, at, .. } = merge;
    if is_on_probation(rows, merge.asked_by, at).await? {
        return Ok(OwnMerged::OnProbation);
    }
    let proven = match proven(rows, merge).await? {
        Ok(proven) => proven,
        Err(refused) => return Ok(refused),
    };
    let from = proven.account;
    rows.account_for_update(into.min(from)).await?;
    rows.account_for_update(into.max(from)).await?;
    let Some(goes) = rows.account(from).await?.filter(|row| still_speaks(&merge.proof, row)) else {
        return Ok(OwnMerged::Unknown);
    };
    if goes.account.disabled {
        return Ok(OwnMerged::Disabled);
    }
    if proven.since.is_some_and(|since| were_all_ended_since(&goes, since)) {
        return Ok(OwnMerged::TooLongAgo);
    }
    if into != from && proven.by_number_alone && !number_is_enough(rows, merge, &goes).await? {
        return Ok(OwnMerged::ScanNeeded);
    }
    let accounts = Merge { id, into, from, dry_run, at, actor: Actor::Person };
    Ok(match merge_accounts(rows, &accounts).await? {
        Merged::Done { moves, clashes, ended } => {
            OwnMerged::Done { from: Box::new(goes.account), moves, clashes, ended }
        }
        Merged::Unknown => OwnMerged::Unknown,
        Merged::Impossible => OwnMerged::Impossible,
    })
}

/// Finds the account of which the proof speaks; else why it speaks of none.
async fn proven(
    rows: &mut (impl AccountRows + IdentityRows + LoginRows),
    merge: &OwnMerge,
) -> RowResult<Result<Proven, OwnMerged>> {
    match &merge.proof {
        AccountProof::Number(phone) => {
            let found = rows.account_with_phone(phone.number()).await?;
            let account = found.map(|row| row.account.id).ok_or(OwnMerged::Unknown);
            Ok(account.map(|account| Proven { account, since: None, by_number_alone: true }))
        }
        AccountProof::Login(id) => {
            let Some(row) = rows.login(*id).await? else { return Ok(Err(OwnMerged::NotRegistered("loop"))) };
            proven_by_login(rows, row, merge.at).await
        }
    }
}

async fn proven_by_login(
    rows: &mut (impl IdentityRows + LoginRows),
    row: LoginRow,
    at: Timestamp,
) -> RowResult<Result<Proven, OwnMerged>> {
    let LoginState::Registered { account, since, .. } = row.login.state else {
        return Ok(Err(OwnMerged::NotRegistered(row.login.at(at).state.name())));
    };
    if since.plus(RECENT_LOGIN) <= at {
        return Ok(Err(OwnMerged::TooLongAgo));
    }
    if let Some(identity) = row.scan.as_ref().and_then(|scan| scan.identity) {
        let owner = rows.identity(identity).await?.and_then(|row| row.identity.account);
        if owner != Some(account) {
            return Ok(Err(OwnMerged::TooLongAgo));
        }
    }
    let by_number_alone = row.auth_methods.is_number_alone();
    if !by_number_alone && is_on_probation(rows, row.login.id, at).await? {
        return Ok(Err(OwnMerged::ScanNeeded));
    }
    Ok(Ok(Proven { account, since: Some(since), by_number_alone }))
}

/// Returns whether a proof still speaks of an account, once its row is held.
fn still_speaks(proof: &AccountProof, row: &AccountRow) -> bool {
    match proof {
        AccountProof::Number(phone) => row.account.phone.as_ref() == Some(phone.number()),
        AccountProof::Login(_) => true,
    }
}

/// Returns whether the number alone says that an account is the person's.
async fn number_is_enough(
    rows: &mut (impl IdentityRows + SessionRows),
    merge: &OwnMerge,
    from: &AccountRow,
) -> RowResult<bool> {
    let others = rows.identities_of_account(from.account.id).await?;
    if others.is_empty() {
        return Ok(!was_long_unseen(rows, merge.seen_since, from).await?);
    }
    let own = rows.identities_of_account(merge.into).await?;
    let is_same = |union| by_unionid(union, &others) == NumberClaim::Owner;
    Ok(own.iter().any(|row| is_same(row.identity.union.as_ref())))
}
