//! Rows of identities.

use saoma_domain::{
    account::{Account, AccountId, Conflict, Identity, IdentityId},
    rules::rows::{AccountWithIdentities, IdentityChange, IdentityRow, IdentityRows, RowResult},
    time::Timestamp,
    wechat::{AppName, OpenId, Profile, UnionId},
};

use super::{MemoryRows, tables::Tables, unless_raced};

impl Tables {
    fn identities_where(&self, is_wanted: impl Fn(&Identity) -> bool) -> Vec<IdentityRow> {
        self.identities.rows().filter(|row| is_wanted(&row.identity)).cloned().collect()
    }

    pub(super) fn identity_of(&self, app: &AppName, openid: &OpenId) -> Option<IdentityRow> {
        self.identities_where(|identity| identity.app == *app && identity.openid == *openid).pop()
    }

    /// Returns an account with its identities.
    pub(super) fn account_with_identities(&self, id: AccountId) -> Option<AccountWithIdentities> {
        let account = self.accounts.get(&id)?.clone();
        Some(AccountWithIdentities {
            account,
            identities: self.identities_of(id),
            conflicts: self.conflicts_of(id),
        })
    }

    /// Lists the identities of an account, the first seen first.
    fn identities_of(&self, account: AccountId) -> Vec<IdentityRow> {
        let mut rows = self.identities_where(|identity| identity.account == Some(account));
        rows.sort_by_key(|row| (row.created_at, row.identity.id));
        rows
    }

    fn conflicts_of(&self, account: AccountId) -> Vec<Conflict> {
        let mut conflicts = Vec::new();
        for IdentityRow { identity, .. } in self.identities_of(account) {
            let union = identity.union.as_ref();
            let others = union.map_or_else(Vec::new, |union| self.other_accounts_of(union, account));
            conflicts.extend(others.into_iter().map(|other| Conflict { identity: identity.clone(), other }));
        }
        conflicts
    }

    /// Lists the other accounts that have an identity of a person, the oldest first.
    fn other_accounts_of(&self, union: &UnionId, account: AccountId) -> Vec<Account> {
        let rows = self.identities_where(|identity| identity.union.as_ref() == Some(union));
        let others = rows.iter().filter_map(|row| row.identity.account).filter(|other| *other != account);
        let others = others.filter_map(|other| self.accounts.get(&other));
        let mut others: Vec<_> = others.map(|row| row.account.clone()).collect();
        others.sort_by_key(|other| (other.created_at, other.id));
        others.dedup();
        others
    }

    pub(super) fn has_user_besides(&self, account: AccountId, app: &AppName, other_than: IdentityId) -> bool {
        let mut identities = self.identities.rows().map(|row| &row.identity);
        identities.any(|it| it.account == Some(account) && it.app == *app && it.id != other_than)
    }
}

impl IdentityRows for MemoryRows<'_> {
    async fn identity(&mut self, id: IdentityId) -> RowResult<Option<IdentityRow>> {
        Ok(self.tables().identities.get(&id).cloned())
    }

    async fn identity_of(&mut self, app: &AppName, openid: &OpenId) -> RowResult<Option<IdentityRow>> {
        Ok(self.tables().identity_of(app, openid))
    }

    async fn identities_of_account(&mut self, account: AccountId) -> RowResult<Vec<IdentityRow>> {
        Ok(self.tables().identities_of(account))
    }

    async fn linked_identities_of_union(&mut self, union: &UnionId) -> RowResult<Vec<IdentityRow>> {
        let is_theirs = |identity: &Identity| identity.union.as_ref() == Some(union);
        let mut rows = self.tables().identities_where(|it| is_theirs(it) && it.account.is_some());
        rows.sort_by_key(|row| (row.linked_at, row.identity.id));
        Ok(rows)
    }

    async fn identities_shared_with_others(
        &mut self,
        account: AccountId,
        limit: u32,
    ) -> RowResult<Vec<Conflict>> {
        let mut conflicts = self.tables().conflicts_of(account);
        conflicts.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(conflicts)
    }

    async fn insert_identity(&mut self, row: &IdentityRow) -> RowResult<()> {
        let (tables, identity) = (self.tables(), &row.identity);
        let is_theirs =
            |it: &IdentityRow| it.identity.app == identity.app && it.identity.openid == identity.openid;
        unless_raced(tables.identities.key_of(is_theirs).is_none())?;
        let account = identity.account;
        let is_taken =
            account.is_some_and(|account| tables.has_user_besides(account, &identity.app, identity.id));
        unless_raced(!is_taken)?;
        unless_raced(tables.identities.insert(identity.id, row.clone()))
    }

    async fn update_identity(&mut self, id: IdentityId, change: &IdentityChange) -> RowResult<()> {
        let IdentityChange { union, nickname, avatar_url, follows_again, probation_until, notice_until } =
            change.clone();
        self.tables().identities.update(
            &id,
            |_| true,
            |row| {
                row.probation_until = probation_until.or(row.probation_until);
                row.notice_until = notice_until.or(row.notice_until);
                let identity = &mut row.identity;
                let profile = &mut identity.profile;
                identity.union = union.or_else(|| identity.union.take());
                profile.nickname = nickname.or_else(|| profile.nickname.take());
                profile.avatar_url = avatar_url.or_else(|| profile.avatar_url.take());
                identity.unsubscribed_at = identity.unsubscribed_at.filter(|_| !follows_again);
            },
        );
        Ok(())
    }

    async fn forget_profile(&mut self, id: IdentityId) -> RowResult<()> {
        self.tables().identities.update(&id, |_| true, |row| row.identity.profile = Profile::default());
        Ok(())
    }

    async fn link_identity(
        &mut self,
        id: IdentityId,
        account: AccountId,
        linked_at: Timestamp,
        probation_until: Option<Timestamp>,
    ) -> RowResult<()> {
        let tables = self.tables();
        let app = tables.identities.get(&id).map(|row| row.identity.app.clone());
        unless_raced(app.is_some_and(|app| !tables.has_user_besides(account, &app, id)))?;
        let is_unlinked = |row: &IdentityRow| row.identity.account.is_none();
        unless_raced(tables.identities.update(&id, is_unlinked, |row| {
            row.identity.account = Some(account);
            (row.linked_at, row.prune_at) = (Some(linked_at), None);
            row.probation_until = probation_until;
        }))
    }

    async fn add_notices(
        &mut self,
        account: AccountId,
        other_than: IdentityId,
        notice_until: Timestamp,
    ) -> RowResult<()> {
        let tables = self.tables();
        for row in tables.identities_of(account) {
            let id = row.identity.id;
            tables.identities.update(&id, |_| id != other_than, |row| row.notice_until = Some(notice_until));
        }
        Ok(())
    }

    async fn unlink_identity(
        &mut self,
        id: IdentityId,
        account: AccountId,
        prune_at: Timestamp,
    ) -> RowResult<()> {
        let is_linked = |row: &IdentityRow| row.identity.account == Some(account);
        unless_raced(self.tables().identities.update(&id, is_linked, |row| {
            row.identity.account = None;
            (row.linked_at, row.prune_at) = (None, Some(prune_at));
            (row.probation_until, row.notice_until) = (None, None);
        }))
    }

    async fn keep_identity(
        &mut self,
        id: IdentityId,
        read_prune_at: Timestamp,
        prune_at: Timestamp,
    ) -> RowResult<()> {
        let is_read = |row: &IdentityRow| row.prune_at == Some(read_prune_at);
        unless_raced(self.tables().identities.update(&id, is_read, |row| row.prune_at = Some(prune_at)))
    }

    async fn update_unsubscribed_at(
        &mut self,
        id: IdentityId,
        unsubscribed_at: Option<Timestamp>,
    ) -> RowResult<()> {
        let is_news = |row: &IdentityRow| row.identity.unsubscribed_at.is_some() != unsubscribed_at.is_some();
        let change = |row: &mut IdentityRow| row.identity.unsubscribed_at = unsubscribed_at;
        unless_raced(self.tables().identities.update(&id, is_news, change))
    }
}
