#![doc = include_str!("../README.md")]
//! ## Modules
//!
//! * `login_cache`, `subscribers`, `fallback`: the states of logins, and the clients that wait for them
//! * `login_copies`, `copied_session_cache`: what a node has read of the shared caches a moment ago
//! * `limits`, `sms_codes`, `message_codes`, `session_keys`, `session_cache`: one small port each; `guarded_sms_codes`: a count of tries
//!   beside a shared store that is not believed
//! * `pruning`: removal of expired entries from an idle node
//! * `store`: the building blocks: a bounded map whose entries expire, behind many locks

#![deny(missing_docs)]

mod copied_session_cache;
mod fallback;
mod guarded_sms_codes;
mod limits;
mod login_cache;
mod login_copies;
mod message_codes;
mod pruning;
mod session_cache;
mod session_keys;
mod sms_codes;
mod store;
mod subscribers;

pub use copied_session_cache::{CopiedSessionCache, SessionCopies};
pub use fallback::FallbackLoginCache;
pub use guarded_sms_codes::GuardedSmsCodes;
pub use limits::MemoryLimits;
pub use login_cache::{LoginCacheCapacity, MemoryLoginCache};
pub use login_copies::LoginCopies;
pub use message_codes::MemoryMessageCodes;
pub use session_cache::MemorySessionCache;
pub use session_keys::MemorySessionKeys;
pub use sms_codes::MemorySmsCodes;
pub use subscribers::Subscribers;
