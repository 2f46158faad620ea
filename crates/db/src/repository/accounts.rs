//! The port for accounts, and the health of the database.

use async_trait::async_trait;
use diesel::prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    account::{Account, AccountId, Conflict, Identity, IdentityId, VerifiedPhone},
    ports::{Accounts, FollowChange, Health, PhoneChanged, Removal, Removed, StoreError},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

use super::{Connection, Repository, conflicts, identities, owning};
use crate::{failure::Failure, rows::AccountRow, schema::accounts};

#[async_trait]
impl Accounts for Repository {
    async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.query(id, |connection, id| Box::pin(find(connection, *id))).await
    }

    async fn identity(&self, id: IdentityId) -> Result<Option<Identity>, StoreError> {
        self.query(id, |connection, id| Box::pin(identities::by_id(connection, *id))).await
    }

    async fn identity_of(&self, app: &AppName, openid: &OpenId) -> Result<Option<Identity>, StoreError> {
        let person = (app.clone(), openid.clone());
        self.query(person, |connection, (app, openid)| {
            Box::pin(identities::of_person(connection, app, openid))
        })
        .await
    }

    async fn identities(&self, account: AccountId) -> Result<Vec<Identity>, StoreError> {
        self.query(account, |connection, account| Box::pin(identities::of_account(connection, *account)))
            .await
    }

    async fn conflicts(&self, account: AccountId) -> Result<Vec<Conflict>, StoreError> {
        self.query(account, |connection, account| Box::pin(conflicts::of_account(connection, *account))).await
    }

    async fn remove_identity(&self, removal: Removal) -> Result<Removed, StoreError> {
        self.transaction(removal, |connection, removal| Box::pin(owning::remove(connection, removal))).await
    }

    async fn change_phone(
        &self,
        account: AccountId,
        phone: VerifiedPhone,
        at: Timestamp,
    ) -> Result<PhoneChanged, StoreError> {
        let change = owning::NewPhone { account, phone, at };
        self.transaction(change, |connection, change| Box::pin(owning::change_phone(connection, change)))
            .await
    }

    async fn record_follow(&self, subscription: FollowChange) -> Result<Option<AccountId>, StoreError> {
        self.transaction(subscription, |connection, subscription| {
            Box::pin(owning::record_follow(connection, subscription))
        })
        .await
    }

    async fn set_disabled(&self, id: AccountId, disabled: bool) -> Result<bool, StoreError> {
        let change = (id, disabled);
        self.transaction(change, |connection, (id, disabled)| {
            Box::pin(set_disabled(connection, *id, *disabled))
        })
        .await
    }
}

#[async_trait]
impl Health for Repository {
    async fn ping(&self) -> Result<(), StoreError> {
        self.query((), |connection, ()| Box::pin(touch_schema(connection))).await
    }
}

async fn find(connection: &mut Connection, id: AccountId) -> Result<Option<Account>, Failure> {
    let query = accounts::table.filter(accounts::id.eq(id.to_string())).select(AccountRow::as_select());
    let row = query.first(connection).await.optional()?;
    Ok(row.map(AccountRow::into_domain).transpose()?)
}

/// Returns whether all sessions of an account were ended at a moment or since.
pub(super) async fn has_ended_sessions_since(
    connection: &mut Connection,
    id: AccountId,
    at: Timestamp,
) -> Result<bool, Failure> {
    let query = accounts::table.filter(accounts::id.eq(id.to_string())).select(AccountRow::as_select());
    let row = query.first(connection).await.optional()?;
    Ok(row.is_some_and(|row| row.has_ended_sessions_since(at)))
}

async fn set_disabled(connection: &mut Connection, id: AccountId, disabled: bool) -> Result<bool, Failure> {
    // Asked first, since some backends do not count a row that is updated to what it was.
    let exists = find(connection, id).await?.is_some();
    let row = accounts::table.filter(accounts::id.eq(id.to_string()));
    diesel::update(row).set(accounts::disabled.eq(disabled)).execute(connection).await?;
    Ok(exists)
}

/// Looks into a table that every version of the schema has, so that an empty database is not called healthy.
async fn touch_schema(connection: &mut Connection) -> Result<(), Failure> {
    let query = accounts::table.select(accounts::id).limit(1);
    query.first::<String>(connection).await.optional()?;
    Ok(())
}
