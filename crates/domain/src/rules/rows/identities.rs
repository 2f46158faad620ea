//! Rows of identities.

use crate::{
    account::{AccountId, Conflict, Identity, IdentityId},
    time::Timestamp,
    wechat::{AppName, OpenId, UnionId},
};

use super::RowResult;

/// The row of an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRow {
    /// The identity.
    pub identity: Identity,
    /// When it was first seen.
    pub created_at: Timestamp,
    /// Since when it is linked to its account.
    pub linked_at: Option<Timestamp>,
    /// From when on it may be removed; absent while it is linked.
    pub prune_at: Option<Timestamp>,
    /// Until when it may not change the ways into its account; absent where it may, or has no account.
    pub probation_until: Option<Timestamp>,
    /// Until when its person is to be told that a number alone added another identity to the account.
    pub notice_until: Option<Timestamp>,
}

/// What has become known about an identity; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityChange {
    /// Who the person is within the open-platform account.
    pub union: Option<UnionId>,
    /// The person's name.
    pub nickname: Option<String>,
    /// Where the person's picture is.
    pub avatar_url: Option<String>,
    /// Whether the mark of not following goes away.
    pub follows_again: bool,
    /// Until when it may not change the ways into its account.
    pub probation_until: Option<Timestamp>,
    /// Until when its person is to be told of another identity.
    pub notice_until: Option<Timestamp>,
}

/// Operations on rows of identities.
pub trait IdentityRows: Send {
    /// Reads an identity.
    fn identity(&mut self, id: IdentityId) -> impl Future<Output = RowResult<Option<IdentityRow>>> + Send;

    /// Finds the identity of a person within an app.
    fn identity_of(
        &mut self,
        app: &AppName,
        openid: &OpenId,
    ) -> impl Future<Output = RowResult<Option<IdentityRow>>> + Send;

    /// Lists the identities that are linked to an account, the first seen first.
    fn identities_of_account(
        &mut self,
        account: AccountId,
    ) -> impl Future<Output = RowResult<Vec<IdentityRow>>> + Send;

    /// Lists the linked identities of a person within an open-platform account, the longest linked first.
    fn linked_identities_of_union(
        &mut self,
        union: &UnionId,
    ) -> impl Future<Output = RowResult<Vec<IdentityRow>>> + Send;

    /// Lists the account's identities whose unionid (within the same open-platform account) an identity of another
    /// account has too, each with that account: the first seen first, then the oldest account; at most `limit`.
    fn identities_shared_with_others(
        &mut self,
        account: AccountId,
        limit: u32,
    ) -> impl Future<Output = RowResult<Vec<Conflict>>> + Send;

    /// Writes a new identity, linked or not; [`Rejected::Raced`](super::Rejected::Raced) where its app has one with
    /// its openid, or its account one of its app.
    fn insert_identity(&mut self, row: &IdentityRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes what has become known about an identity.
    fn update_identity(
        &mut self,
        id: IdentityId,
        change: &IdentityChange,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Forgets the name and the picture of an identity's person.
    fn forget_profile(&mut self, id: IdentityId) -> impl Future<Output = RowResult<()>> + Send;

    /// Links an identity that has no account to one, which clears `prune_at`;
    /// [`Rejected::Raced`](super::Rejected::Raced) where it has an account now, or the account another identity
    /// of the app.
    fn link_identity(
        &mut self,
        id: IdentityId,
        account: AccountId,
        linked_at: Timestamp,
        probation_until: Option<Timestamp>,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes until when the persons of an account's identities, besides `other_than`, are to be told of that one.
    fn add_notices(
        &mut self,
        account: AccountId,
        other_than: IdentityId,
        notice_until: Timestamp,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Takes an identity from its account, with its probation and its notice, to be kept until `prune_at`;
    /// [`Rejected::Raced`](super::Rejected::Raced) where it is not linked to that account any more.
    fn unlink_identity(
        &mut self,
        id: IdentityId,
        account: AccountId,
        prune_at: Timestamp,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes until when an identity without an account is kept, in place of what was read;
    /// [`Rejected::Raced`](super::Rejected::Raced) where another moment, or none, stands there now.
    fn keep_identity(
        &mut self,
        id: IdentityId,
        read_prune_at: Timestamp,
        prune_at: Timestamp,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes since when a person does not follow (`None`: they follow);
    /// [`Rejected::Raced`](super::Rejected::Raced) unless the mark was absent before where one is set, and there
    /// where it is taken away.
    fn update_unsubscribed_at(
        &mut self,
        id: IdentityId,
        unsubscribed_at: Option<Timestamp>,
    ) -> impl Future<Output = RowResult<()>> + Send;
}
