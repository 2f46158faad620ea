#![doc = include_str!("../README.md")]
//! ## Modules
//!
//! * `store`, `options`: [`RedisStore`], and how it is made
//! * `login_cache`, `session_cache`, `limits`, `sms_codes`, `message_codes`, `session_keys`, `access_tokens`: one port each, with its
//!   scripts
//! * `listener`: the subscription to the notifications of all nodes
//! * `connection`: the shared connection with its time limits and circuit breaker
//! * `facts`: what a Redis says about itself; `address`: the URL; `keys`: the names of all keys; `record`, `sealing`, `retention`: how entries are written and
//!   sealed, and how long they are kept

#![deny(missing_docs)]

mod access_tokens;
mod address;
mod connection;
mod facts;
mod keys;
mod limits;
mod listener;
mod login_cache;
mod message_codes;
mod options;
mod record;
mod retention;
mod sealing;
mod session_cache;
mod session_keys;
mod sms_codes;
mod store;

pub use facts::RedisFacts;
pub use options::{ConnectError, RedisOptions};
pub use store::RedisStore;
