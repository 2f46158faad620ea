//! Nodes with a store on Redis, and the time by which entries expire.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use saoma_contract::{
    TestTime, Timed,
    login_cache::NodeAdapters,
    values::{CountingRandom, key_ring, login_id},
};
use saoma_domain::{
    keys::KeyRing,
    login::{ExpiryReason, Login, LoginId, LoginState},
    ports::{Clock, LoginNotifier, StoreError, Subscription},
    time::Timestamp,
};
use saoma_memory::Subscribers;
use saoma_redis::{RedisOptions, RedisStore};

/// The time of the machine, by which keys in Redis expire.
pub(crate) struct RealTime;

impl Clock for RealTime {
    #[expect(clippy::disallowed_methods, reason = "Redis has no other clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Timestamp::from_millis(0).plus(since.unwrap_or_default())
    }
}

#[async_trait]
impl TestTime for RealTime {
    fn now(&self) -> Timestamp {
        Clock::now(self)
    }

    async fn pass(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Returns how long some work took, with its result.
#[expect(clippy::disallowed_methods, reason = "what is measured is real time")]
pub(crate) async fn timed<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let start = Instant::now();
    let done = work.await;
    (start.elapsed(), done)
}

/// Tries some work until it succeeds, for at most 20 s.
pub(crate) async fn until_it_works<T, E: std::fmt::Debug, F>(mut work: impl FnMut() -> F) -> T
where
    F: Future<Output = Result<T, E>>,
{
    let trying = async {
        loop {
            match work().await {
                Ok(done) => return done,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), trying).await.expect("it works in the end")
}

/// What a restricted user with the prefix `t:` may do, as the crate's documentation says; and more where needed.
pub(crate) fn restricted_user<'a>(name: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let rights = "+eval +evalsha +get +getrange +set +del +pttl +publish +subscribe";
    let mut user = vec!["ACL", "SETUSER", name, "on", ">p:w/", "~t:*", "&t:login_notifications"];
    user.extend(rights.split(' '));
    user.extend(more);
    user
}

/// Returns a prefix that no other case has.
fn new_prefix() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("test-{}-{}:", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// A store with the waiting clients of its node.
pub(crate) struct Node {
    store: RedisStore,
    clients: Subscribers,
}

impl Node {
    /// Makes a node whose keys have this prefix and whose requests may take so long.
    async fn connect(url: &str, prefix: &str, answer_limit: Option<Duration>, keys: KeyRing) -> Self {
        let (clients, random) = (Subscribers::new(100_000), Arc::new(CountingRandom::default()));
        let usual = RedisOptions::new(keys, random, Arc::new(RealTime), Arc::new(clients.clone()));
        let answer_limit = answer_limit.unwrap_or(usual.answer_limit);
        let options = RedisOptions { key_prefix: prefix.to_owned(), answer_limit, ..usual };
        let store = RedisStore::connect(&url.into(), options).await.expect("the URL is valid");
        Self { store, clients }
    }

    /// Subscribes a client of this node to a login.
    pub(crate) async fn subscribe(&self, id: LoginId) -> Result<Box<dyn Subscription>, StoreError> {
        self.clients.subscribe(id).await
    }
}

impl Deref for Node {
    type Target = RedisStore;

    fn deref(&self) -> &RedisStore {
        &self.store
    }
}

/// Returns a node whose keys have this prefix.
pub(crate) async fn store_with(url: &str, prefix: &str) -> Node {
    store_with_keys(url, prefix, key_ring()).await
}

/// Returns a node with these keys of the server.
pub(crate) async fn store_with_keys(url: &str, prefix: &str, keys: KeyRing) -> Node {
    Node::connect(url, prefix, None, keys).await
}

/// Returns a node without keys on the server that an environment variable names. Its requests may take long, because a
/// busy machine answers late, and the cases of the contract are not about late answers.
pub(crate) async fn node_on(variable: &str) -> Node {
    let url = std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set"));
    Node::connect(&url, &new_prefix(), Some(Duration::from_secs(10)), key_ring()).await
}

/// Returns an empty store with its time.
pub(crate) async fn timed_store_on(variable: &str) -> (Timed<RedisStore, RealTime>, ()) {
    (Timed { adapter: node_on(variable).await.store, time: RealTime }, ())
}

/// Returns the empty login cache and the notifier of a node with their time.
pub(crate) async fn timed_node_on(variable: &str) -> (Timed<NodeAdapters, RealTime>, ()) {
    let Node { store, clients } = node_on(variable).await;
    let adapter = NodeAdapters { login_cache: Arc::new(store), notifier: Arc::new(clients) };
    (Timed { adapter, time: RealTime }, ())
}

/// Returns the login with this number, which may be scanned for two minutes.
pub(crate) fn login(number: u64) -> LoginId {
    login_id(number, later())
}

/// Returns a moment after the end of any case.
pub(crate) fn later() -> Timestamp {
    Clock::now(&RealTime).plus(Duration::from_secs(120))
}

/// Returns an outcome with a version.
pub(crate) fn outcome(id: LoginId, version: u32) -> Login {
    let state = LoginState::Expired { reason: ExpiryReason::Cancelled, since: Timestamp::from_secs(1) };
    Login { id, version, state }
}
