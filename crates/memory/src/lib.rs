//! What a service of one process keeps in itself, and others in Redis: [`MemoryLoginCache`] (with its
//! wake-ups), [`MemoryLimits`], [`MemorySmsCodes`] and [`MemorySessionKeys`]. They are bounded, refuse when
//! they are full rather than forget what still counts, and forget what is over by the injected time. Nothing in
//! them waits for anything but the wake-ups, and no lock is held across that. Copies of sessions it does without
//! ([`NoSessionCache`]).
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//!
//! use saoma_domain::{
//!     keys::{KeyRing, ServerKey},
//!     login::{Login, LoginEvent, LoginId, PollToken},
//!     ports::{LoginCache, CachedLogin, Clock, LoginNotifier},
//!     time::Timestamp,
//! };
//! use saoma_memory::{LoginCacheCapacity, MemoryLoginCache};
//! use saoma_testing::{ManualClock, SeededRandom};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1_763_610_000)));
//! let login_cache = MemoryLoginCache::new(clock.clone(), LoginCacheCapacity::default());
//!
//! let keys = KeyRing::new(ServerKey::new([7; 32]), vec![]);
//! let token = PollToken::generate(&SeededRandom::new(1));
//! let deadline = clock.now().plus(Duration::from_secs(120));
//! let id = LoginId::issue(&token, deadline, &keys);
//!
//! // Who waits for a login subscribes, looks, and then waits.
//! login_cache.open(id, None, deadline).await?;
//! let mut subscription = login_cache.subscribe(id).await?;
//! assert_eq!(login_cache.read(id).await?, CachedLogin::Open);
//!
//! let cancelled = Login::new(id).apply(LoginEvent::Cancelled, clock.now())?;
//! login_cache.publish(&cancelled, deadline).await?;
//! subscription.notified(Duration::from_secs(25)).await;
//! assert_eq!(login_cache.read(id).await?, CachedLogin::Outcome(cancelled));
//!
//! clock.advance(Duration::from_secs(120));
//! assert_eq!(login_cache.read(id).await?, CachedLogin::Absent);
//! # Ok(())
//! # }
//! ```

mod fallback;
mod limits;
mod login_cache;
mod pruning;
mod session_cache;
mod session_keys;
mod sms_codes;
mod store;

pub use fallback::FallbackLoginCache;
pub use limits::MemoryLimits;
pub use login_cache::{LoginCacheCapacity, MemoryLoginCache};
pub use session_cache::NoSessionCache;
pub use session_keys::MemorySessionKeys;
pub use sms_codes::MemorySmsCodes;
