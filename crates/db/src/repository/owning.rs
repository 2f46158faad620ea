//! What people do with their own accounts: removing an identity, changing the phone number, following or not.

use diesel::prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    account::{AccountId, VerifiedPhone},
    ports::{AuditEntry, AuditKind, FollowChange, PhoneChanged, Removal, Removed},
    time::Timestamp,
};

use super::{
    Connection, audit,
    closing::{self, Which},
    identities,
};
use crate::{
    failure::Failure,
    rows::{AccountRow, corrupt},
    schema::{accounts, identities as ids},
};

/// A number to give to an account.
pub(super) struct NewPhone {
    pub(super) account: AccountId,
    pub(super) phone: VerifiedPhone,
    pub(super) at: Timestamp,
}

/// Takes an identity from an account unless it is the last one, and ends the sessions that came from it.
///
/// Whoever does that holds the account's row first and an identity's after it, so of those who take the last
/// two at once the later one sees what the earlier one left; and so does whoever opens a session.
pub(super) async fn remove(connection: &mut Connection, removal: &Removal) -> Result<Removed, Failure> {
    let row = accounts::table.filter(accounts::id.eq(removal.account.to_string())).select(accounts::id);
    let held: Option<String> = held!(row).first(connection).await.optional()?;
    if held.is_none() {
        return Ok(Removed::Unknown);
    }
    let all = identities::of_account(connection, removal.account).await?;
    if !all.iter().any(|identity| identity.id == removal.identity) {
        return Ok(Removed::Unknown);
    }
    if all.len() == 1 {
        return Ok(Removed::LastOne);
    }
    identities::detach(connection, removal.identity, removal.account, removal.at).await?;
    note(connection, AuditKind::IdentityUnlinked, removal.account, removal.at).await?;
    let which = Which::Of { identity: removal.identity, asked_by: removal.asked_by };
    let close = closing::Close { account: removal.account, which, at: removal.at };
    Ok(Removed::Done { ended: closing::close(connection, &close).await? })
}

/// Changes the phone number unless it is another account's; one that somebody takes meanwhile is a lost race.
pub(super) async fn change_phone(
    connection: &mut Connection,
    change: &NewPhone,
) -> Result<PhoneChanged, Failure> {
    let (id, phone) = (change.account.to_string(), change.phone.number().e164());
    let row = accounts::table.filter(accounts::id.eq(&id)).select(AccountRow::as_select());
    let row: Option<AccountRow> = held!(row).first(connection).await.optional()?;
    let old = row.ok_or_else(|| corrupt("accounts", "id", &id))?.into_domain()?.phone;
    if old.e164() == phone {
        return Ok(PhoneChanged::Done);
    }
    let owner = accounts::table.filter(accounts::phone.eq(phone)).select(accounts::id);
    if owner.first::<String>(connection).await.optional()?.is_some() {
        return Ok(PhoneChanged::Taken);
    }
    let row = accounts::table.filter(accounts::id.eq(&id));
    diesel::update(row).set(accounts::phone.eq(phone)).execute(connection).await?;
    note(connection, AuditKind::PhoneChanged, change.account, change.at).await?;
    Ok(PhoneChanged::Done)
}

/// Notes whether a person follows, and returns their account; a person who was never seen is not noted.
pub(super) async fn record_follow(
    connection: &mut Connection,
    noted: &FollowChange,
) -> Result<Option<AccountId>, Failure> {
    let person = identities::of_person(connection, &noted.app, &noted.openid).await?;
    let Some(identity) = person else { return Ok(None) };
    let is_news = match identity.unsubscribed_at {
        Some(since) => noted.subscribed && since <= noted.at,
        None => !noted.subscribed,
    };
    if !is_news {
        return Ok(identity.account);
    }
    let row = ids::table.filter(ids::id.eq(identity.id.to_string()));
    let change = ids::unsubscribed_at.eq((!noted.subscribed).then(|| noted.at.as_millis()));
    // Another caller may have noted the same meanwhile, and only one of them writes into the trail.
    let changed = if noted.subscribed {
        let unmoved = row.filter(ids::unsubscribed_at.is_not_null());
        diesel::update(unmoved).set(change).execute(connection).await?
    } else {
        let unmoved = row.filter(ids::unsubscribed_at.is_null());
        diesel::update(unmoved).set(change).execute(connection).await?
    };
    if changed != 1 {
        return Err(Failure::Raced);
    }
    if let (false, Some(account)) = (noted.subscribed, identity.account) {
        note(connection, AuditKind::Unfollowed, account, noted.at).await?;
    }
    Ok(identity.account)
}

async fn note(
    connection: &mut Connection,
    kind: AuditKind,
    account: AccountId,
    at: Timestamp,
) -> Result<(), Failure> {
    audit::record(connection, &AuditEntry { at, kind, account, login: None }).await
}
