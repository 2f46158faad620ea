#![doc = include_str!("../README.md")]
//! ## Modules
//!
//! * `login_cache`, `subscribers`, `fallback`: the states of logins, and the clients that wait for them
//! * `limits`, `sms_codes`, `session_keys`, `session_cache`: one small port each
//! * `pruning`: removal of expired entries from an idle node
//! * `store`: the building blocks: a bounded map whose entries expire, behind many locks

mod fallback;
mod limits;
mod login_cache;
mod pruning;
mod session_cache;
mod session_keys;
mod sms_codes;
mod store;
mod subscribers;

pub use fallback::FallbackLoginCache;
pub use limits::MemoryLimits;
pub use login_cache::{LoginCacheCapacity, MemoryLoginCache};
pub use session_cache::MemorySessionCache;
pub use session_keys::MemorySessionKeys;
pub use sms_codes::MemorySmsCodes;
pub use subscribers::Subscribers;
