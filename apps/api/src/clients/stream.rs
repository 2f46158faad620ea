//! How a login stands, as a stream of server-sent events.

use std::{convert::Infallible, sync::Arc, time::Duration};

use actix_web::web::Bytes;
use futures_util::stream::{self, Stream};
use saoma_domain::{
    login::{ClientInfo, Login, LoginState},
    services::{AccountService, ServiceError, Waiting},
};

use super::{ClientSessions, waiting::STOPPING};
use crate::{
    auth::{CredentialSource, LoginCredential},
    dto::LoginAnswer,
    extract::Caller,
    login_watch::LoginWatch,
    node::{Shutdown, Slot, Slots},
};

/// A comment is sent this often, so that proxies do not close a silent connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Opens streams about logins.
pub(crate) struct LoginStreams {
    pub(crate) waiting: Arc<Waiting>,
    pub(crate) accounts: Arc<AccountService>,
    pub(crate) sessions: Arc<ClientSessions>,
    pub(crate) slots: Slots,
    pub(crate) shutdown: Shutdown,
    pub(crate) watch: Arc<LoginWatch>,
}

impl LoginStreams {
    /// Opens the stream of a client that has seen a version of its login (0 for none).
    ///
    /// # Errors
    /// Those of reading the login and of issuing its session: they come before the stream starts, so that they are
    /// still answered as problems.
    pub(crate) async fn open(
        self: Arc<Self>,
        credential: LoginCredential,
        caller: Caller,
        seen: u32,
    ) -> Result<impl Stream<Item = Result<Bytes, Infallible>>, ServiceError> {
        let login = self.waiting.look(&credential.login).await?;
        let Caller { client_info, subject } = caller;
        let slot = self.slots.try_acquire(subject.address());
        let mut stream =
            LoginStream { source: self, credential, client_info, seen, next: None, slot, is_over: false };
        if login.version > seen || login.state.is_final() {
            stream.next = Some(stream.event(&login).await?);
        }
        Ok(stream::unfold(stream, |stream| async { stream.step().await }))
    }
}

/// The stream of one client.
struct LoginStream {
    source: Arc<LoginStreams>,
    credential: LoginCredential,
    client_info: ClientInfo,
    /// The last version that the client has.
    seen: u32,
    /// What is sent first, where there is news at the start.
    next: Option<Bytes>,
    /// Absent where there was none left: the stream then ends instead of waiting.
    slot: Option<Slot>,
    is_over: bool,
}

impl LoginStream {
    /// Returns the next piece of the stream, or nothing once it has ended.
    async fn step(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        if let Some(event) = self.next.take() {
            return Some((Ok(event), self));
        }
        if self.is_over || self.slot.is_none() || self.source.shutdown.has_begun() {
            return None;
        }
        let login = self.wait().await?;
        if login.version <= self.seen && !login.state.is_final() {
            return Some((Ok(Bytes::from_static(b": still waiting\n\n")), self));
        }
        let event = self.event(&login).await;
        let event = event.inspect_err(|error| tracing::warn!(%error, "an event stream broke off: {error}"));
        Some((Ok(event.ok()?), self))
    }

    /// Waits for a new version. A stream that cannot go on ends, and the client comes back by itself.
    async fn wait(&self) -> Option<Login> {
        let LoginStreams { waiting, shutdown, .. } = &*self.source;
        tokio::select! {
            login = waiting.wait(&self.credential.login, self.seen, KEEP_ALIVE) => login.ok(),
            () = shutdown.begun() => {
                tokio::time::sleep(self.credential.login.id().part_of(STOPPING)).await;
                None
            }
        }
    }

    /// Writes how a login stands as an event, after which the client has seen it.
    async fn event(&mut self, login: &Login) -> Result<Bytes, ServiceError> {
        let data = serde_json::to_string(&self.data(login).await?).unwrap_or_default();
        self.seen = login.version;
        self.is_over = login.state.is_final();
        self.source.watch.told(None, login).await;
        Ok(Bytes::from(format!("event: state\nid: {}\ndata: {data}\n\n", login.version)))
    }

    /// Returns the data of an event. A browser gets its session as a cookie, which a stream cannot set: it asks once
    /// more when the login is registered.
    async fn data(&self, login: &Login) -> Result<LoginAnswer, ServiceError> {
        let LoginStreams { sessions, accounts, .. } = &*self.source;
        match (&login.state, self.credential.source) {
            (LoginState::Registered { account, .. }, CredentialSource::Cookie) => {
                let answer = sessions.answer_without_session(login);
                Ok(match accounts.account(*account).await? {
                    Some(account) => answer.with_account(&account),
                    None => answer,
                })
            }
            (
                LoginState::Loop { .. }
                | LoginState::Scanned { .. }
                | LoginState::Unregistered { .. }
                | LoginState::Registered { .. }
                | LoginState::Expired { .. },
                CredentialSource::Cookie | CredentialSource::Bearer,
            ) => Ok(sessions.answer(&self.credential, login, || self.client_info.clone()).await?.0),
        }
    }
}
