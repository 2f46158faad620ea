//! Operations by which a site and its operators find, change, erase and merge accounts.

use saoma_domain::{
    account::{Account, AccountId, ExternalId, IdentityId},
    actor::Actor,
    login::LoginId,
    ports::AuditEntry,
    rules::rows::{AccountChange, AccountRow, IdentityRow, LoginRow, PeopleRows, RowResult, SessionRow},
    wechat::{AppName, OpenId, RawUnionId},
};

use super::{MemoryRows, tables::Tables, unless_raced};

impl Tables {
    /// Returns whether another account has the number or the external id of this one.
    pub(super) fn has_keys_of(&self, account: &Account) -> bool {
        self.accounts.rows().map(|row| &row.account).any(|other| {
            let same_phone = account.phone.is_some() && other.phone == account.phone;
            let same_id = account.external_id.is_some() && other.external_id == account.external_id;
            other.id != account.id && (same_phone || same_id)
        })
    }
}

impl PeopleRows for MemoryRows<'_> {
    async fn account_with_external_id(&mut self, id: &ExternalId) -> RowResult<Option<AccountRow>> {
        Ok(self.tables().accounts.rows().find(|row| row.account.external_id.as_ref() == Some(id)).cloned())
    }

    async fn accounts_after(&mut self, after: Option<AccountId>, limit: u32) -> RowResult<Vec<AccountRow>> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let behind = self.tables().accounts.rows().filter(|row| Some(row.account.id) > after);
        Ok(behind.take(limit).cloned().collect())
    }

    async fn update_account(&mut self, id: AccountId, change: &AccountChange) -> RowResult<()> {
        let tables = self.tables();
        let Some(mut row) = tables.accounts.get(&id).cloned() else { return Ok(()) };
        let AccountChange { phone, disabled, external_id, attributes, nickname, avatar_url } = change.clone();
        let account = &mut row.account;
        account.phone = phone.unwrap_or(account.phone.take());
        account.external_id = external_id.unwrap_or(account.external_id.take());
        account.attributes = attributes.unwrap_or(account.attributes.take());
        account.profile.nickname = nickname.unwrap_or(account.profile.nickname.take());
        account.profile.avatar_url = avatar_url.unwrap_or(account.profile.avatar_url.take());
        if let Some(disabling) = disabled {
            account.disabled = disabling.disabled;
            row.disabled_reason = disabling.reason;
        }
        unless_raced(!tables.has_keys_of(&row.account))?;
        tables.accounts.update(&id, |_| true, |kept| *kept = row);
        Ok(())
    }

    async fn delete_account(&mut self, id: AccountId) -> RowResult<()> {
        self.tables().accounts.remove(&id);
        Ok(())
    }

    async fn linked_identities_of_unionid(&mut self, union: &RawUnionId) -> RowResult<Vec<IdentityRow>> {
        let is_theirs = |row: &&IdentityRow| {
            let identity = &row.identity;
            identity.account.is_some() && identity.union.as_ref().is_some_and(|it| it.unionid == *union)
        };
        let mut rows: Vec<_> = self.tables().identities.rows().filter(is_theirs).cloned().collect();
        rows.sort_by_key(|row| (row.linked_at, row.identity.id));
        Ok(rows)
    }

    async fn delete_identity(&mut self, id: IdentityId) -> RowResult<()> {
        self.tables().identities.remove(&id);
        Ok(())
    }

    async fn hand_identity(&mut self, id: IdentityId, from: AccountId, to: AccountId) -> RowResult<()> {
        let tables = self.tables();
        let app = tables.identities.get(&id).map(|row| row.identity.app.clone());
        unless_raced(app.is_some_and(|app| !tables.has_user_besides(to, &app, id)))?;
        let is_linked = |row: &IdentityRow| row.identity.account == Some(from);
        unless_raced(tables.identities.update(&id, is_linked, |row| row.identity.account = Some(to)))
    }

    async fn sessions_of_account(&mut self, account: AccountId) -> RowResult<Vec<SessionRow>> {
        let sessions = &self.tables().sessions;
        Ok(sessions.rows().filter(|row| row.session.account == account).cloned().collect())
    }

    async fn delete_sessions(&mut self, account: AccountId) -> RowResult<()> {
        let sessions = &mut self.tables().sessions;
        let keys: Vec<_> = sessions.keys_of(|row| row.session.account == account).collect();
        for key in keys {
            sessions.remove(&key);
        }
        Ok(())
    }

    async fn logins_of_identity(&mut self, identity: IdentityId) -> RowResult<Vec<LoginRow>> {
        let scanned_by =
            |row: &&LoginRow| row.scan.as_ref().is_some_and(|scan| scan.identity == Some(identity));
        Ok(self.tables().logins.rows().filter(scanned_by).cloned().collect())
    }

    async fn delete_login(&mut self, id: LoginId) -> RowResult<()> {
        self.tables().logins.remove(&id);
        Ok(())
    }

    async fn delete_messages_of(&mut self, app: &AppName, openid: &OpenId) -> RowResult<()> {
        let messages = &mut self.tables().messages;
        let keys: Vec<_> =
            messages.keys_of(|row| row.message.app == *app && row.message.openid == *openid).collect();
        for key in keys {
            messages.remove(&key);
        }
        Ok(())
    }

    async fn insert_audit_by(&mut self, entry: &AuditEntry, actor: &Actor) -> RowResult<()> {
        let tables = self.tables();
        tables.actors.insert(tables.audit.len(), actor.clone());
        let audit = &mut tables.audit;
        audit.insert(audit.len(), entry.clone());
        Ok(())
    }

    async fn trail_of_account(
        &mut self,
        account: AccountId,
        limit: u32,
    ) -> RowResult<Vec<(AuditEntry, Option<Actor>)>> {
        let tables = self.tables();
        let numbered = tables.audit.rows().enumerate();
        let mut of_account: Vec<_> = numbered
            .filter(|(_, entry)| entry.account == account)
            .map(|(number, entry)| (entry.clone(), tables.actors.get(&number).cloned()))
            .collect();
        of_account.sort_by_key(|(entry, _)| entry.at);
        of_account.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(of_account)
    }
}
