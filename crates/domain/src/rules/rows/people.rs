//! Operations by which a site and its operators find, change, erase and merge accounts.

use crate::{
    account::{AccountId, Attributes, ExternalId, IdentityId, PhoneNumber},
    actor::Actor,
    login::LoginId,
    ports::AuditEntry,
    wechat::{AppName, OpenId, RawUnionId},
};

use super::{AccountRow, IdentityRow, LoginRow, RowResult, SessionRow};

/// Whether an account is to be shut, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disabling {
    /// Whether it is shut.
    pub disabled: bool,
    /// Why; absent where it is opened.
    pub reason: Option<String>,
}

/// What of an account is written; what is `None` stays as it is, and what is `Some(None)` is taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// Its phone number.
    pub phone: Option<Option<PhoneNumber>>,
    /// Whether it is shut.
    pub disabled: Option<Disabling>,
    /// The site's own id of it.
    pub external_id: Option<Option<ExternalId>>,
    /// What the site keeps with it.
    pub attributes: Option<Option<Attributes>>,
    /// The name that the person chose.
    pub nickname: Option<Option<String>>,
    /// Where the picture is that the person chose.
    pub avatar_url: Option<Option<String>>,
}

/// Operations by which a site and its operators find, change, erase and merge accounts.
pub trait PeopleRows: Send {
    /// Finds the account that has an external id.
    fn account_with_external_id(
        &mut self,
        id: &ExternalId,
    ) -> impl Future<Output = RowResult<Option<AccountRow>>> + Send;

    /// Lists accounts by their id, those behind `after`; at most `limit`.
    fn accounts_after(
        &mut self,
        after: Option<AccountId>,
        limit: u32,
    ) -> impl Future<Output = RowResult<Vec<AccountRow>>> + Send;

    /// Writes what is to change of an account; [`Rejected::Raced`](super::Rejected::Raced) where another account has
    /// its number or its external id.
    fn update_account(
        &mut self,
        id: AccountId,
        change: &AccountChange,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Removes an account to which nothing refers any more.
    fn delete_account(&mut self, id: AccountId) -> impl Future<Output = RowResult<()>> + Send;

    /// Lists the linked identities of a person within any open-platform account, the longest linked first.
    fn linked_identities_of_unionid(
        &mut self,
        union: &RawUnionId,
    ) -> impl Future<Output = RowResult<Vec<IdentityRow>>> + Send;

    /// Removes an identity.
    fn delete_identity(&mut self, id: IdentityId) -> impl Future<Output = RowResult<()>> + Send;

    /// Hands an identity from its account to another one; [`Rejected::Raced`](super::Rejected::Raced) where it is not
    /// linked to that account any more, or the other one has an identity of the app.
    fn hand_identity(
        &mut self,
        id: IdentityId,
        from: AccountId,
        to: AccountId,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Lists all of an account's sessions, ended or not, by their id.
    fn sessions_of_account(
        &mut self,
        account: AccountId,
    ) -> impl Future<Output = RowResult<Vec<SessionRow>>> + Send;

    /// Removes all of an account's sessions.
    fn delete_sessions(&mut self, account: AccountId) -> impl Future<Output = RowResult<()>> + Send;

    /// Lists the logins that an identity scanned, by their id.
    fn logins_of_identity(
        &mut self,
        identity: IdentityId,
    ) -> impl Future<Output = RowResult<Vec<LoginRow>>> + Send;

    /// Removes a login.
    fn delete_login(&mut self, id: LoginId) -> impl Future<Output = RowResult<()>> + Send;

    /// Removes the messages of a person that wait for the site's own system.
    fn delete_messages_of(
        &mut self,
        app: &AppName,
        openid: &OpenId,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes an entry of the trail for what another one than the account's owner did.
    fn insert_audit_by(
        &mut self,
        entry: &AuditEntry,
        actor: &Actor,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Lists an account's entries by their time, each with who did it unless that was the owner or the service; those of
    /// one moment as they were written; at most `limit`.
    fn trail_of_account(
        &mut self,
        account: AccountId,
        limit: u32,
    ) -> impl Future<Output = RowResult<Vec<(AuditEntry, Option<Actor>)>>> + Send;
}
