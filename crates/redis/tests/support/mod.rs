//! Stores, and the time that they go by.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use saoma_contract::{TestTime, Timed, values::login_id};
use saoma_domain::{
    login::{ExpiryReason, Login, LoginId, LoginState},
    ports::Clock,
    time::Timestamp,
};
use saoma_redis::{RedisOptions, RedisStore};

/// The time of the machine, by which Redis forgets.
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

/// Returns how long something took, with what it led to.
#[expect(clippy::disallowed_methods, reason = "what is measured is real time")]
pub(crate) async fn timed<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let start = Instant::now();
    let done = work.await;
    (start.elapsed(), done)
}

/// Tries something until it works, for 20 s at the most.
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
    let rights = "+eval +evalsha +get +getrange +set +del +pttl +publish +subscribe +ping";
    let mut user = vec!["ACL", "SETUSER", name, "on", ">p:w/", "~t:*", "&t:wake"];
    user.extend(rights.split(' '));
    user.extend(more);
    user
}

/// Returns a prefix that no other case has.
fn new_prefix() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("test-{}-{}:", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// Returns the usual options, with keys of this prefix.
fn options(prefix: &str) -> RedisOptions {
    RedisOptions { key_prefix: prefix.to_owned(), ..RedisOptions::new(Arc::new(RealTime)) }
}

/// Returns a store with keys of this prefix.
pub(crate) async fn store_with(url: &str, prefix: &str) -> RedisStore {
    RedisStore::connect(&url.into(), options(prefix)).await.expect("the URL makes sense")
}

/// Returns an empty store on the server that an environment variable names. It is patient, since a busy machine
/// answers late, and what happens to those who are late is not what its users look at.
pub(crate) async fn store_on(variable: &str) -> RedisStore {
    let url = std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set"));
    let patient = RedisOptions { answer_limit: Duration::from_secs(10), ..options(&new_prefix()) };
    RedisStore::connect(&url.into(), patient).await.expect("the URL makes sense")
}

/// Returns an empty store with the time that it goes by.
pub(crate) async fn timed_store_on(variable: &str) -> (Timed<RedisStore, RealTime>, ()) {
    (Timed { adapter: store_on(variable).await, time: RealTime }, ())
}

/// Returns the login with this number, which may be scanned for two minutes.
pub(crate) fn login(number: u64) -> LoginId {
    login_id(number, later())
}

/// Returns a moment that no case lives to see.
pub(crate) fn later() -> Timestamp {
    Clock::now(&RealTime).plus(Duration::from_secs(120))
}

/// Returns an outcome with a version.
pub(crate) fn outcome(id: LoginId, version: u32) -> Login {
    let state = LoginState::Expired { reason: ExpiryReason::Cancelled, since: Timestamp::from_secs(1) };
    Login { id, version, state }
}
