//! Sessions.

use async_trait::async_trait;

use crate::{
    account::AccountId,
    ports::{ActiveSession, EndedSession, NewSession, Sessions, StoreError, StoredSession},
    rules::{
        end_sessions::{
            KnownSessionToEnd, SessionToEnd, SessionsToEnd, end_known_session, end_session, end_sessions,
        },
        issue_session::{SessionUse, issue_session, touch_session},
        reads::{find_session, list_ended_sessions, list_sessions, list_token_hashes},
        transactions::Transactions,
    },
    session::{Session, SessionId, SessionTokenHash},
    time::Timestamp,
};

#[async_trait]
impl<X: Transactions> Sessions for X {
    async fn issue(&self, session: NewSession) -> Result<Option<StoredSession>, StoreError> {
        self.run(session, |rows, new| Box::pin(issue_session(rows, new))).await
    }

    async fn find(&self, token_hash: &SessionTokenHash) -> Result<Option<ActiveSession>, StoreError> {
        self.read(*token_hash, |rows, hash| Box::pin(find_session(rows, hash))).await
    }

    async fn touch(&self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        self.run(SessionUse { id, at }, |rows, used| Box::pin(touch_session(rows, used))).await
    }

    async fn list(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        self.read(account, |rows, account| Box::pin(list_sessions(rows, *account))).await
    }

    async fn tokens_of(&self, account: AccountId) -> Result<Vec<SessionTokenHash>, StoreError> {
        self.read(account, |rows, account| Box::pin(list_token_hashes(rows, *account))).await
    }

    async fn ended(
        &self,
        since: Timestamp,
        after: Option<SessionId>,
        at_most: u32,
    ) -> Result<Vec<EndedSession>, StoreError> {
        let wanted = (since, after, at_most);
        self.read(wanted, |rows, (since, after, at_most)| {
            Box::pin(list_ended_sessions(rows, *since, *after, *at_most))
        })
        .await
    }

    async fn end(
        &self,
        account: AccountId,
        id: SessionId,
        at: Timestamp,
    ) -> Result<Option<SessionTokenHash>, StoreError> {
        let end = SessionToEnd { account, id, at };
        self.run(end, |rows, end| Box::pin(end_session(rows, end))).await
    }

    async fn end_known(&self, session: Session, at: Timestamp) -> Result<(), StoreError> {
        let end = KnownSessionToEnd { session, at };
        self.run(end, |rows, end| Box::pin(end_known_session(rows, end))).await
    }

    async fn end_all(&self, account: AccountId, at: Timestamp) -> Result<Vec<SessionTokenHash>, StoreError> {
        let end = SessionsToEnd { account, until: None, at };
        self.run(end, |rows, end| Box::pin(end_sessions(rows, end))).await
    }

    async fn end_until(
        &self,
        account: AccountId,
        until: Timestamp,
        at: Timestamp,
    ) -> Result<Vec<SessionTokenHash>, StoreError> {
        let end = SessionsToEnd { account, until: Some(until), at };
        self.run(end, |rows, end| Box::pin(end_sessions(rows, end))).await
    }
}
