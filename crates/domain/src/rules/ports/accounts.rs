//! Accounts, and their trail.

use async_trait::async_trait;

use crate::{
    account::{Account, AccountId, Conflict, Identity, IdentityId},
    ports::{
        Accounts, FollowChange, PhoneChange, PhoneChanged, Removal, Removed, Revocation, Revoked, StoreError,
    },
    rules::{
        change_phone::change_phone,
        disable_account::{AccountToDisable, disable_account},
        notices::{Told, note_told, notice_of, notices_of_account},
        reads::{find_account, find_identity, find_identity_of, list_conflicts, list_identities},
        record_follow::record_follow,
        revoke_authorization::revoke_authorization,
        transactions::Transactions,
        unlink_identity::unlink_identity,
    },
    time::Timestamp,
    wechat::{AppName, OpenId},
};

#[async_trait]
impl<X: Transactions> Accounts for X {
    async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.read(id, |rows, id| Box::pin(find_account(rows, *id))).await
    }

    async fn identity(&self, id: IdentityId) -> Result<Option<Identity>, StoreError> {
        self.read(id, |rows, id| Box::pin(find_identity(rows, *id))).await
    }

    async fn identity_of(&self, app: &AppName, openid: &OpenId) -> Result<Option<Identity>, StoreError> {
        let person = (app.clone(), openid.clone());
        self.read(person, |rows, (app, openid)| Box::pin(find_identity_of(rows, app, openid))).await
    }

    async fn identities(&self, account: AccountId) -> Result<Vec<Identity>, StoreError> {
        self.read(account, |rows, account| Box::pin(list_identities(rows, *account))).await
    }

    async fn conflicts(&self, account: AccountId) -> Result<Vec<Conflict>, StoreError> {
        self.read(account, |rows, account| Box::pin(list_conflicts(rows, *account))).await
    }

    async fn remove_identity(&self, removal: Removal) -> Result<Removed, StoreError> {
        self.run(removal, |rows, removal| Box::pin(unlink_identity(rows, removal))).await
    }

    async fn change_phone(&self, change: PhoneChange) -> Result<PhoneChanged, StoreError> {
        self.run(change, |rows, change| Box::pin(change_phone(rows, change))).await
    }

    async fn notices_of_account(
        &self,
        account: AccountId,
        at: Timestamp,
    ) -> Result<Vec<Identity>, StoreError> {
        let wanted = (account, at);
        self.read(wanted, |rows, (account, at)| Box::pin(notices_of_account(rows, *account, *at))).await
    }

    async fn notice_of(
        &self,
        app: &AppName,
        openid: &OpenId,
        at: Timestamp,
    ) -> Result<Option<IdentityId>, StoreError> {
        let person = (app.clone(), openid.clone(), at);
        self.read(person, |rows, (app, openid, at)| Box::pin(notice_of(rows, app, openid, *at))).await
    }

    async fn note_told(&self, identity: IdentityId, at: Timestamp) -> Result<(), StoreError> {
        self.run(Told { identity, at }, |rows, told| Box::pin(note_told(rows, told))).await
    }

    async fn record_follow(&self, subscription: FollowChange) -> Result<Option<AccountId>, StoreError> {
        self.run(subscription, |rows, change| Box::pin(record_follow(rows, change))).await
    }

    async fn revoke_authorization(&self, revocation: Revocation) -> Result<Option<Revoked>, StoreError> {
        self.run(revocation, |rows, revocation| Box::pin(revoke_authorization(rows, revocation))).await
    }

    async fn set_disabled(&self, id: AccountId, disabled: bool) -> Result<bool, StoreError> {
        let wanted = AccountToDisable { account: id, disabled };
        self.run(wanted, |rows, wanted| Box::pin(disable_account(rows, wanted))).await
    }
}
