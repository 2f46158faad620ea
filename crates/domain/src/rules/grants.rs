//! What a session grants to OpenID clients: a code is redeemed once, a refresh token is used once, and all of it ends with
//! the session.

mod end;
mod holder;
mod make;
mod redeem;
mod refresh;

use async_trait::async_trait;

use super::transactions::Transactions;
use crate::{
    account::AccountId,
    oidc::{ClientId, GrantId, Scopes},
    ports::{
        CodeRedemption, Ending, GrantHolder, Grants, NewGrant, Redeemed, Refresh, Refreshed, StoreError,
    },
    time::Timestamp,
};

#[async_trait]
impl<X: Transactions> Grants for X {
    async fn make_grant(&self, new: NewGrant) -> Result<bool, StoreError> {
        self.run(new, |rows, new| Box::pin(make::make_grant(rows, new))).await
    }

    async fn consent(&self, account: AccountId, client: &ClientId) -> Result<Scopes, StoreError> {
        let wanted = (account, client.clone());
        self.read(wanted, |rows, (account, client)| Box::pin(make::consent(rows, *account, client))).await
    }

    async fn redeem_code(&self, redemption: CodeRedemption) -> Result<Redeemed, StoreError> {
        self.run(redemption, |rows, redemption| Box::pin(redeem::redeem_code(rows, redemption))).await
    }

    async fn refresh(&self, refresh: Refresh) -> Result<Refreshed, StoreError> {
        self.run(refresh, |rows, refresh| Box::pin(refresh::refresh(rows, refresh))).await
    }

    async fn holder(&self, grant: GrantId) -> Result<Option<GrantHolder>, StoreError> {
        self.read(grant, |rows, grant| Box::pin(holder::find_holder(rows, *grant))).await
    }

    async fn end_grant(
        &self,
        grant: GrantId,
        client: &ClientId,
        at: Timestamp,
    ) -> Result<Ending, StoreError> {
        let wish = end::EndWish { grant, client: client.clone(), at };
        self.run(wish, |rows, wish| Box::pin(end::end_grant(rows, wish))).await
    }
}
