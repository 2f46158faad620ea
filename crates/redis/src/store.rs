//! The store: its connection, and how it is made.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use redis::Value;
use saoma_domain::{
    ports::{Clock, Health, Measure, NotificationSink, StoreError},
    time::Timestamp,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::{runtime::Handle, sync::watch, task::AbortHandle, time::timeout};

use crate::{
    address::Address,
    connection::{CircuitBreaker, Connector, Request, SharedConnection},
    keys::Keys,
    listener::Listener,
    options::{ConnectError, RedisOptions},
    sealing::Sealer,
};

/// How long [`RedisStore::connect`] waits for the first connections.
const FIRST_CONNECTION: Duration = Duration::from_secs(1);

/// What nodes share in one Redis: login cache, notifications, rate limits, session cache, SMS codes, session keys and
/// access tokens. A clone is the same store.
///
/// The connections live as long as the last clone, on the runtime on which the store was made.
#[derive(Clone)]
pub struct RedisStore {
    pub(crate) connection: Arc<SharedConnection>,
    pub(crate) keys: Keys,
    pub(crate) sealer: Sealer,
    pub(crate) subscribers: Arc<dyn NotificationSink>,
    clock: Arc<dyn Clock>,
    listening: Arc<ListeningTask>,
}

/// The task that receives notifications; it ends with the store.
struct ListeningTask {
    task: AbortHandle,
    is_listening: watch::Receiver<bool>,
}

impl Drop for ListeningTask {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl RedisStore {
    /// Makes a store from a URL, and waits at most a second until it is connected.
    ///
    /// The URL is `redis://`, `redis+sentinel://h1,h2,h3/name` or `redis+cluster://h1,h2,h3`, with
    /// `[user]:password@` before the hosts and ports after them where needed, both percent-encoded; `rediss`
    /// instead of `redis` means TLS, with the certificates that the system trusts (`SSL_CERT_FILE` names
    /// others). `redis://h/3` and `redis+sentinel://h1,h2,h3/name/3` choose a database by its number. User and
    /// password are for the servers; Sentinels that want them have their own, in the query:
    /// `?sentinel_user=…&sentinel_password=…`, percent-encoded, the password alone for the default user.
    ///
    /// A Redis that is unavailable is no error, because nodes have to start without it: see [`Health::ping`].
    ///
    /// # Errors
    /// [`ConnectError`] when the URL or the options are invalid.
    pub async fn connect(url: &SecretString, options: RedisOptions) -> Result<Self, ConnectError> {
        let address = Address::parse(url.expose_secret()).map_err(ConnectError::Url)?;
        let sealer = Sealer { keys: Arc::new(options.keys), random: options.random };
        let keys = Keys::new(&options.key_prefix, sealer.clone()).ok_or(ConnectError::Prefix)?;
        if address.tls {
            // Fails when the process has chosen a provider already, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let connector = Connector::new(&address).map_err(|error| ConnectError::Client(error.to_string()))?;
        let connector = Arc::new(connector);
        let RedisOptions { answer_limit, clock, subscribers, session_copies, .. } = options;
        let connection = Arc::new(SharedConnection::new(
            Arc::clone(&connector),
            CircuitBreaker::new(Arc::clone(&clock)),
            address.to_string(),
            answer_limit,
            Handle::current(),
        ));
        let (sender, is_listening) = watch::channel(false);
        let listener = Listener {
            channel: keys.notifications(),
            connector,
            connection: Arc::clone(&connection),
            subscribers: Arc::clone(&subscribers),
            session_copies,
            is_listening: sender,
        };
        let task = tokio::spawn(listener.run()).abort_handle();
        let listening = Arc::new(ListeningTask { task, is_listening });
        let store = Self { connection, keys, sealer, subscribers, clock, listening };
        store.warm_up().await;
        Ok(store)
    }

    /// Returns whether notifications of other nodes arrive at the moment. While they do not, waiting clients find
    /// outcomes by looking again.
    pub fn is_listening(&self) -> bool {
        *self.listening.is_listening.borrow()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn warm_up(&self) {
        let mut is_listening = self.listening.is_listening.clone();
        let warm = async {
            // Both are tried again when they are needed.
            let _ = self.ping().await;
            let _ = is_listening.wait_for(|listening| *listening).await;
        };
        let _ = timeout(FIRST_CONNECTION, warm).await;
    }
}

#[async_trait]
impl Health for RedisStore {
    /// Asks for a write that changes nothing: a Redis that only answers reads cannot serve.
    async fn ping(&self) -> Result<(), StoreError> {
        self.connection.ask::<Value>(&Request::command("DEL").arg(self.keys.never_set())).await?;
        self.connection.takes_writes();
        Ok(())
    }

    fn measures(&self) -> Vec<Measure> {
        self.connection.measures()
    }
}

impl std::fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisStore").field("key_prefix", &self.keys.prefix()).finish_non_exhaustive()
    }
}
