//! Sessions.

use async_trait::async_trait;
use saoma_domain::{
    account::AccountId,
    ports::{ActiveSession, AuditEntry, AuditKind, NewSession, Sessions, StoreError, StoredSession},
    session::{Session, SessionId, SessionTokenHash},
    time::Timestamp,
};

use super::{
    MemoryLedger,
    state::{IdentityRow, SessionRow, State},
};

const LISTED: usize = 100;

#[async_trait]
impl Sessions for MemoryLedger {
    async fn issue(&self, new: NewSession) -> Result<Option<StoredSession>, StoreError> {
        let mut state = self.begin()?;
        if let Some(row) = state.sessions.iter().find(|row| row.session.login == new.login) {
            let (session, token_hash) = (row.session.clone(), row.token_hash);
            return Ok(Some(StoredSession { session, token_hash, ended: row.ended.is_some() }));
        }
        if state.all_ended.get(&new.account).is_some_and(|at| new.registered_at <= *at) {
            return Ok(None);
        }
        if !state.leads_there(&new) {
            return Ok(None);
        }
        let session = Session {
            id: new.id,
            login: new.login,
            account: new.account,
            created_at: new.at,
            last_seen_at: new.at,
            client_info: new.client_info,
        };
        let row = SessionRow { session: session.clone(), token_hash: new.token_hash, ended: None };
        state.sessions.push(row);
        state.note(new.at, AuditKind::SessionCreated, new.account, Some(new.login));
        Ok(Some(StoredSession { session, token_hash: new.token_hash, ended: false }))
    }

    async fn find(&self, token_hash: &SessionTokenHash) -> Result<Option<ActiveSession>, StoreError> {
        let state = self.begin()?;
        let row = state.sessions.iter().find(|row| row.token_hash == *token_hash && row.ended.is_none());
        row.map(|row| {
            let session = row.session.clone();
            let Some(account) = state.accounts.get(&session.account).cloned() else {
                return Err(StoreError::Corrupt(format!("session {} has no account", session.id)));
            };
            let identities = state.identities_of(account.id).cloned().collect();
            let conflicts = state.conflicts(account.id);
            Ok(ActiveSession { session, account, identities, conflicts })
        })
        .transpose()
    }

    async fn touch(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        let mut state = self.begin()?;
        let row = state.sessions.iter_mut().find(|row| row.session.id == id && row.ended.is_none());
        if let Some(row) = row {
            row.session.last_seen_at = row.session.last_seen_at.max(at);
        }
        Ok(())
    }

    async fn list(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        let state = self.begin()?;
        let live = state.sessions.iter().filter(|row| row.session.account == account && row.ended.is_none());
        let mut sessions: Vec<Session> = live.map(|row| row.session.clone()).collect();
        sessions.sort_by_key(|session| std::cmp::Reverse((session.created_at, session.id)));
        sessions.truncate(LISTED);
        Ok(sessions)
    }

    async fn tokens_of(&self, account: AccountId) -> Result<Vec<SessionTokenHash>, StoreError> {
        let state = self.begin()?;
        let live = state.sessions.iter().filter(|row| row.session.account == account && row.ended.is_none());
        Ok(live.map(|row| row.token_hash).take(1000).collect())
    }

    async fn end(
        &self,
        account: AccountId,
        id: SessionId,
        at: Timestamp,
    ) -> Result<Option<SessionTokenHash>, StoreError> {
        Ok(self.begin()?.end_sessions(account, at, |session| session.id == id).pop())
    }

    async fn end_all(&self, account: AccountId, at: Timestamp) -> Result<Vec<SessionTokenHash>, StoreError> {
        let mut state = self.begin()?;
        state.end_uncollected(account, at);
        Ok(state.end_sessions(account, at, |_| true))
    }

    async fn end_until(
        &self,
        account: AccountId,
        until: Timestamp,
        at: Timestamp,
    ) -> Result<Vec<SessionTokenHash>, StoreError> {
        let mut state = self.begin()?;
        state.end_uncollected(account, until);
        Ok(state.end_sessions(account, at, |session| session.created_at <= until))
    }
}

impl State {
    /// Keeps the logins that an account had at a moment from opening a session later.
    fn end_uncollected(&mut self, account: AccountId, until: Timestamp) {
        let ended = self.all_ended.entry(account).or_insert(until);
        *ended = until.max(*ended);
    }

    /// Returns whether the identity that a login was scanned by leads to the session's account since then.
    fn leads_there(&self, new: &NewSession) -> bool {
        let scan = self.logins.get(&new.login).and_then(|row| row.scan.as_ref());
        scan.is_none_or(|scan| {
            let row = self.identities.iter().find(|row| row.identity.id == scan.identity);
            row.is_some_and(|row| row.identity.account == Some(new.account) && !self.came_back(row, new))
        })
    }

    /// Returns whether an identity was taken from the session's account after the login, and bound again.
    ///
    /// That it is bound for a shorter time than the login is registered does not say so: two nodes that do both
    /// at once may have read their clocks the other way round.
    fn came_back(&self, identity: &IdentityRow, new: &NewSession) -> bool {
        let is_newer = identity.bound_since.is_some_and(|bound| bound > new.registered_at);
        is_newer && self.has_happened_since(new.account, &[AuditKind::IdentityUnlinked], new.registered_at)
    }

    pub(super) fn end_sessions(
        &mut self,
        account: AccountId,
        at: Timestamp,
        which: impl Fn(&Session) -> bool,
    ) -> Vec<SessionTokenHash> {
        let live =
            self.sessions.iter_mut().filter(|row| row.session.account == account && row.ended.is_none());
        let mut ended = Vec::new();
        for row in live.filter(|row| which(&row.session)) {
            row.ended = Some(at);
            let login = Some(row.session.login);
            self.trail.push(AuditEntry { at, kind: AuditKind::SessionEnded, account, login });
            ended.push(row.token_hash);
        }
        ended
    }
}
