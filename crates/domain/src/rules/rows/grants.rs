//! Rows of what OpenID clients were granted.

use crate::{
    account::AccountId,
    oidc::{ClientId, Grant, GrantId, RefreshState, Scopes, TokenHash},
    time::Timestamp,
};

use super::RowResult;

/// The row of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    /// The grant.
    pub grant: Grant,
    /// The hash of its code.
    pub code: TokenHash,
    /// When the code was redeemed.
    pub redeemed_at: Option<Timestamp>,
    /// Its refresh tokens.
    pub refresh: Option<RefreshState>,
    /// When it was ended, if that was before its session.
    pub ended_at: Option<Timestamp>,
    /// How often it was changed.
    pub version: u32,
    /// From when on the row may be removed.
    pub prune_at: Timestamp,
}

/// Operations on rows of grants, and of what people have agreed to.
pub trait GrantRows: Send {
    /// Reads a grant.
    fn grant(&mut self, id: GrantId) -> impl Future<Output = RowResult<Option<GrantRow>>> + Send;

    /// Writes a new grant.
    fn insert_grant(&mut self, row: &GrantRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes what changed of a grant, one version on; [`Rejected::Raced`](super::Rejected::Raced) where another
    /// transaction has changed it since the row's version.
    fn update_grant(&mut self, row: &GrantRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Reads what the person of an account has agreed that a client may have.
    fn consent(
        &mut self,
        account: AccountId,
        client: &ClientId,
    ) -> impl Future<Output = RowResult<Option<Scopes>>> + Send;

    /// Writes what the person of an account has agreed that a client may have, in place of what was there before.
    fn save_consent(
        &mut self,
        account: AccountId,
        client: &ClientId,
        scopes: Scopes,
        at: Timestamp,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Removes all grants of an account, and all that its person has agreed to.
    fn delete_grants(&mut self, account: AccountId) -> impl Future<Output = RowResult<()>> + Send;
}
