//! The store and how it is made.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use redis::Value;
use saoma_domain::{
    login::LoginId,
    ports::{Clock, Health, StoreError},
    time::Timestamp,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::{runtime::Handle, task::AbortHandle, time::timeout};

use crate::{
    access_tokens::TokenScripts,
    address::Address,
    limits::LimitScripts,
    link::{Breaker, Dialer, Request, Script, Wire},
    login_cache::BoardScripts,
    login_notifier::{Listener, Subscribers},
    session_cache::SessionScripts,
};

/// How long an entry is kept after it is over by the clock of the node that wrote it: nodes' clocks differ.
pub(crate) const MARGIN: Duration = Duration::from_secs(30);

/// How long any entry is kept at the most, whatever its deadline.
const LONGEST: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// How long [`RedisStore::connect`] waits for the first connections.
const FIRST_CONNECTION: Duration = Duration::from_secs(1);

/// How long the beginning of all keys may be.
const PREFIX_CHARS: usize = 64;

/// How a [`RedisStore`] is used.
#[derive(Clone)]
pub struct RedisOptions {
    /// What all keys begin with: at most 64 characters of `[A-Za-z0-9:._-]`. Those who share it share logins.
    pub key_prefix: String,
    /// How many may wait for wake-ups on this node; one takes up some 200 bytes of its memory.
    pub waiters: usize,
    /// How long one use of Redis may take; whoever is slower counts as away.
    pub answer_limit: Duration,
    /// The clock by which entries are over.
    pub clock: Arc<dyn Clock>,
}

impl RedisOptions {
    /// Returns the usual options: keys that begin with `saoma:`, room for 100,000 waiters, and answers within 250 ms.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let answer_limit = Duration::from_millis(250);
        Self { key_prefix: "saoma:".to_owned(), waiters: 100_000, answer_limit, clock }
    }
}

/// Why a store cannot be made; never holds any part of the URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The URL is not that of a Redis.
    #[error("the URL of Redis makes no sense: {0}")]
    Url(&'static str),
    /// The beginning of the keys is too long, or has characters that it may not have.
    #[error("the prefix of Redis's keys may have 64 characters of [A-Za-z0-9:._-] at the most")]
    Prefix,
    /// The client does not take what the URL says.
    #[error("the client of Redis cannot be made: {0}")]
    Client(String),
}

/// LoginCache, wake-ups, limits, copies of sessions, SMS codes and access tokens of all nodes that share a Redis; a clone is the same store.
///
/// The connections live as long as the last clone, and on the runtime on which it was made.
#[derive(Clone)]
pub struct RedisStore {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) wire: Arc<Wire>,
    pub(crate) subscribers: Arc<Subscribers>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) prefix: String,
    pub(crate) login_cache: BoardScripts,
    pub(crate) limits: LimitScripts,
    pub(crate) attempt: Script,
    pub(crate) sessions: SessionScripts,
    pub(crate) tokens: TokenScripts,
    listener: AbortHandle,
}

impl RedisStore {
    /// Makes a store from a URL, and waits for a second at the most until it is connected.
    ///
    /// The URL is `redis://`, `redis+sentinel://h1,h2,h3/name` or `redis+cluster://h1,h2,h3`, with
    /// `[user]:password@` before the hosts and ports after them where needed, both percent-encoded; `rediss`
    /// instead of `redis` means TLS, with the certificates that the system trusts (`SSL_CERT_FILE` names
    /// others). `redis://h/3` and `redis+sentinel://h1,h2,h3/name/3` choose a database by its number. User and
    /// password are for the servers; Sentinels that want them have their own, in the query:
    /// `?sentinel_user=…&sentinel_password=…`, percent-encoded, the password alone for the default user.
    ///
    /// A Redis that is away is no error, since nodes have to start without it: see [`Health::ping`].
    ///
    /// # Errors
    /// [`ConnectError`] when URL or options make no sense.
    pub async fn connect(url: &SecretString, options: RedisOptions) -> Result<Self, ConnectError> {
        let address = Address::parse(url.expose_secret()).map_err(ConnectError::Url)?;
        check_prefix(&options.key_prefix)?;
        if address.tls {
            // Whoever came first has chosen for the whole process.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let dialer = Dialer::new(&address)
            .map_err(|failure| ConnectError::Client(StoreError::from(failure).to_string()))?;
        let dialer = Arc::new(dialer);
        let runtime = Handle::current();
        let breaker = Breaker::new(Arc::clone(&options.clock));
        let wire = Arc::new(Wire::new(Arc::clone(&dialer), breaker, options.answer_limit, runtime.clone()));
        let subscribers = Arc::new(Subscribers::new(options.waiters));
        let listener =
            Listener::new(&options.key_prefix, dialer, Arc::clone(&wire), Arc::clone(&subscribers));
        let is_listening = subscribers.listening();
        let inner = Inner {
            wire,
            subscribers,
            clock: options.clock,
            login_cache: BoardScripts::new(),
            limits: LimitScripts::new(),
            attempt: crate::sms_codes::attempt(),
            sessions: SessionScripts::new(),
            tokens: TokenScripts::new(),
            listener: runtime.spawn(listener.run()).abort_handle(),
            prefix: options.key_prefix,
        };
        let store = Self { inner: Arc::new(inner) };
        store.warm_up(is_listening).await;
        Ok(store)
    }

    /// Returns whether wake-ups arrive at the moment; while they do not, those who wait have to look again
    /// by themselves.
    pub fn is_listening(&self) -> bool {
        *self.inner.subscribers.listening().borrow()
    }

    async fn warm_up(&self, mut is_listening: tokio::sync::watch::Receiver<bool>) {
        let warm = async {
            // Both are tried again when they are needed.
            let _ = self.ping().await;
            let _ = is_listening.wait_for(|listening| *listening).await;
        };
        let _ = timeout(FIRST_CONNECTION, warm).await;
    }
}

impl Inner {
    /// Returns the key of a login's entry; what stands in braces decides where it lies in a Cluster.
    pub(crate) fn key_of(&self, id: LoginId) -> String {
        format!("{}{{{id}}}", self.prefix)
    }

    /// Returns for how many milliseconds something is good until a moment, unless it is over.
    pub(crate) fn good_for(&self, until: Timestamp) -> Option<u64> {
        let left = until.saturating_duration_since(self.clock.now()).as_millis();
        u64::try_from(left).ok().filter(|left| *left > 0)
    }

    pub(crate) fn channel(&self) -> String {
        channel(&self.prefix)
    }
}

/// Returns the name of the channel of wake-ups.
pub(crate) fn channel(prefix: &str) -> String {
    format!("{prefix}wake")
}

/// Returns for how many milliseconds an entry is kept that is over at a moment.
pub(crate) fn kept_for(until: Timestamp, now: Timestamp) -> u64 {
    let kept = (until.saturating_duration_since(now).min(LONGEST) + MARGIN).as_millis();
    u64::try_from(kept).unwrap_or(u64::MAX)
}

fn check_prefix(prefix: &str) -> Result<(), ConnectError> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b":._-".contains(&b);
    let fits = prefix.len() <= PREFIX_CHARS && prefix.bytes().all(is_plain);
    fits.then_some(()).ok_or(ConnectError::Prefix)
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

#[async_trait]
impl Health for RedisStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.inner.wire.ask::<Value>(&Request::command("PING")).await?;
        Ok(())
    }
}

impl std::fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisStore").field("key_prefix", &self.inner.prefix).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_cannot_upset_where_keys_lie() {
        for good in ["", "saoma:", "a.B-c_9:"] {
            assert_eq!(check_prefix(good), Ok(()), "{good}");
        }
        for bad in ["{a}", "a b", "ä", "a*", &"a".repeat(65)] {
            assert_eq!(check_prefix(bad), Err(ConnectError::Prefix), "{bad}");
        }
    }

    #[test]
    fn an_entry_is_kept_a_while_longer_than_it_counts_and_never_for_ever() {
        let now = Timestamp::from_secs(1_763_610_000);
        assert_eq!(kept_for(now.plus(Duration::from_secs(120)), now), 150_000);
        assert_eq!(kept_for(Timestamp::from_millis(0), now), 30_000);
        assert_eq!(kept_for(Timestamp::from_millis(i64::MAX), now), 34_560_030_000);
    }
}
