//! What a proven phone number says, where an account has it already: a number can be another person's by now.

use std::time::Duration;

use super::{
    link_identity::{other_identities, takes_identity},
    rows::{AccountRow, IdentityRow, IdentityRows, RowResult, SessionRows},
};
use crate::{account::Identity, ports::Binding, time::Timestamp, wechat::UnionId};

/// How long an identity that came to an account by its number alone may not change the ways into it: long enough
/// for an owner to hear of it.
pub const PROBATION: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What a proven phone number says about the person who proved it, and the account that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberClaim {
    /// The account takes the person: a unionid says that they are its owner.
    Owner,
    /// The account takes the person, and nothing but the number says that they are its owner.
    NumberAlone,
    /// The account does not take the person: it has another user of the app, a unionid says that its owner is
    /// another person, or its owner was not seen for so long that the number says nothing.
    Taken,
}

/// Decides what a number that has an account says about the person of an identity.
pub(super) async fn number_claim(
    rows: &mut (impl IdentityRows + SessionRows),
    binding: &Binding,
    account: &AccountRow,
    identity: &Identity,
) -> RowResult<NumberClaim> {
    let others = other_identities(rows, account.account.id, identity.id).await?;
    if !takes_identity(&others, &identity.app) {
        return Ok(NumberClaim::Taken);
    }
    let claim = by_unionid(identity.union.as_ref(), &others);
    if claim == NumberClaim::NumberAlone && was_long_unseen(rows, binding.seen_since, account).await? {
        return Ok(NumberClaim::Taken);
    }
    Ok(claim)
}

/// Decides by the unionids of one open-platform account; those of several say nothing about each other.
pub(super) fn by_unionid(own: Option<&UnionId>, others: &[IdentityRow]) -> NumberClaim {
    let Some(own) = own else { return NumberClaim::NumberAlone };
    let is_comparable = |union: &&UnionId| union.open_account == own.open_account;
    let mut known =
        others.iter().filter_map(|row| row.identity.union.as_ref()).filter(is_comparable).peekable();
    match (known.peek().is_some(), known.any(|union| union == own)) {
        (false, _) => NumberClaim::NumberAlone,
        (true, true) => NumberClaim::Owner,
        (true, false) => NumberClaim::Taken,
    }
}

/// Returns whether the account's owner neither logged in nor used a session for as long as the settings allow.
pub(super) async fn was_long_unseen(
    rows: &mut impl SessionRows,
    seen_since: Option<Timestamp>,
    account: &AccountRow,
) -> RowResult<bool> {
    let Some(since) = seen_since.filter(|since| account.last_seen_at < *since) else {
        return Ok(false);
    };
    let sessions = rows.live_sessions_with_identities(account.account.id).await?;
    Ok(sessions.iter().all(|session| session.row.session.last_seen_at < since))
}
