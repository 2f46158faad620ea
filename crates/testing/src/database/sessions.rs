//! Rows of sessions.

use saoma_domain::{
    account::AccountId,
    login::LoginId,
    oidc::ClientId,
    ports::EndedSession,
    rules::rows::{AccountWithIdentities, IssueBasis, RowResult, SessionOfIdentity, SessionRow, SessionRows},
    session::{SessionId, SessionTokenHash},
    time::Timestamp,
};

use super::{MemoryRows, tables::Tables, unless_raced};

impl Tables {
    fn live_sessions(&self, account: AccountId) -> impl Iterator<Item = &SessionRow> {
        self.sessions.rows().filter(move |row| row.session.account == account && row.ended_at.is_none())
    }
}

impl SessionRows for MemoryRows<'_> {
    async fn issue_basis(&mut self, account: AccountId, login: LoginId) -> RowResult<Option<IssueBasis>> {
        let tables = self.tables();
        let Some(owner) = tables.account_with_identities(account) else { return Ok(None) };
        Ok(Some(IssueBasis {
            owner,
            login: tables.logins.get(&login).cloned(),
            session: tables.sessions.rows().find(|row| row.session.login == login).cloned(),
            live_sessions: tables.live_sessions(account).count(),
        }))
    }

    async fn live_session(
        &mut self,
        token_hash: &SessionTokenHash,
    ) -> RowResult<Option<(SessionRow, AccountWithIdentities)>> {
        let tables = self.tables();
        let mut live = tables.sessions.rows().filter(|row| row.ended_at.is_none());
        let session = live.find(|row| row.token_hash == *token_hash).cloned();
        let owner = session.as_ref().and_then(|row| tables.account_with_identities(row.session.account));
        Ok(session.zip(owner))
    }

    async fn live_session_of_account(
        &mut self,
        account: AccountId,
        id: SessionId,
    ) -> RowResult<Option<SessionRow>> {
        Ok(self.tables().live_sessions(account).find(|row| row.session.id == id).cloned())
    }

    async fn live_sessions(&mut self, account: AccountId) -> RowResult<Vec<SessionRow>> {
        Ok(self.tables().live_sessions(account).cloned().collect())
    }

    async fn live_sessions_with_identities(
        &mut self,
        account: AccountId,
    ) -> RowResult<Vec<SessionOfIdentity>> {
        let tables = self.tables();
        let with_identity = |row: &SessionRow| {
            let scan = tables.logins.get(&row.session.login).and_then(|login| login.scan.as_ref());
            SessionOfIdentity { row: row.clone(), identity: scan.and_then(|scan| scan.identity) }
        };
        Ok(tables.live_sessions(account).map(with_identity).collect())
    }

    async fn insert_session(&mut self, row: &SessionRow) -> RowResult<()> {
        let sessions = &mut self.tables().sessions;
        let is_same =
            |kept: &SessionRow| kept.session.login == row.session.login || kept.token_hash == row.token_hash;
        unless_raced(sessions.key_of(is_same).is_none())?;
        unless_raced(sessions.insert(row.session.id, row.clone()))
    }

    async fn touch_session(
        &mut self,
        id: SessionId,
        last_seen_at: Timestamp,
        prune_at: Timestamp,
    ) -> RowResult<()> {
        let is_later = |row: &SessionRow| row.ended_at.is_none() && row.session.last_seen_at < last_seen_at;
        self.tables().sessions.update(&id, is_later, |row| {
            (row.session.last_seen_at, row.prune_at) = (last_seen_at, prune_at);
        });
        Ok(())
    }

    async fn clients_of_session(&mut self, id: SessionId) -> RowResult<Vec<ClientId>> {
        let rows = self.tables().grants.rows();
        let redeemed = rows.filter(|row| row.grant.session == id && row.redeemed_at.is_some());
        let mut clients: Vec<ClientId> = redeemed.map(|row| row.grant.client.clone()).collect();
        clients.sort_unstable();
        clients.dedup();
        Ok(clients)
    }

    async fn ended_sessions(
        &mut self,
        prune_from: Timestamp,
        after: Option<SessionId>,
        at_most: u32,
    ) -> RowResult<Vec<EndedSession>> {
        let is_listed = |row: &SessionRow| {
            let is_behind = row.prune_at == prune_from && after.is_none_or(|after| after < row.session.id);
            is_behind || row.prune_at > prune_from
        };
        let tables = self.tables();
        let rows = tables.sessions.rows().filter(|row| is_listed(row));
        let mut ended: Vec<_> = rows
            .filter_map(|row| {
                Some((row.prune_at, EndedSession { id: row.session.id, ended_at: row.ended_at? }))
            })
            .collect();
        ended.sort_by_key(|(prune_at, session)| (*prune_at, session.id));
        let at_most = usize::try_from(at_most).unwrap_or(usize::MAX);
        Ok(ended.into_iter().take(at_most).map(|(_, session)| session).collect())
    }

    async fn end_session(
        &mut self,
        id: SessionId,
        ended_at: Timestamp,
        prune_at: Timestamp,
    ) -> RowResult<bool> {
        let is_live = |row: &SessionRow| row.ended_at.is_none();
        let change = |row: &mut SessionRow| (row.ended_at, row.prune_at) = (Some(ended_at), prune_at);
        Ok(self.tables().sessions.update(&id, is_live, change))
    }
}
