//! How a store is set up, and why it cannot be.

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    keys::KeyRing,
    ports::{Clock, InvalidationSink, NotificationSink, Random},
};

/// How a [`RedisStore`](crate::RedisStore) is set up.
#[derive(Clone)]
pub struct RedisOptions {
    /// What all keys begin with: at most 64 characters of `[A-Za-z0-9:._-]`. Nodes with the same prefix share logins.
    pub key_prefix: String,
    /// How long one request may take; a slower Redis counts as unavailable.
    pub answer_limit: Duration,
    /// The server's keys, by which entries are sealed.
    pub keys: KeyRing,
    /// The source of randomness for that.
    pub random: Arc<dyn Random>,
    /// The clock by which entries expire.
    pub clock: Arc<dyn Clock>,
    /// The waiting clients of this node, which are notified when any node publishes an outcome.
    pub subscribers: Arc<dyn NotificationSink>,
    /// What this node remembers of sessions, which is dropped when any node invalidates them; `None` if it remembers none.
    pub session_copies: Option<Arc<dyn InvalidationSink>>,
}

impl RedisOptions {
    /// Returns the usual options: keys that begin with `saoma:`, and answers within 250 ms.
    pub fn new(
        keys: KeyRing,
        random: Arc<dyn Random>,
        clock: Arc<dyn Clock>,
        subscribers: Arc<dyn NotificationSink>,
    ) -> Self {
        let answer_limit = Duration::from_millis(250);
        let key_prefix = "saoma:".to_owned();
        Self { key_prefix, answer_limit, keys, random, clock, subscribers, session_copies: None }
    }
}

/// Why a store cannot be made; never holds any part of the URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The URL is not that of a Redis.
    #[error("not a URL of Redis: {0}")]
    Url(&'static str),
    /// The prefix is too long, or has characters that it may not have.
    #[error("the prefix of the keys in Redis may have at most 64 characters of [A-Za-z0-9:._-]")]
    Prefix,
    /// The client library does not accept the URL.
    #[error("the client of Redis cannot be made: {0}")]
    Client(String),
}
