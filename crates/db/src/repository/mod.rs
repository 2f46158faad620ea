//! The ports on SQL, written once for all backends.
//!
//! Diesel's types name the backend, so this folder is compiled once for each: a backend's module mounts it
//! by `#[path = "../repository/mod.rs"] mod repository;` and gives it, as `super::…`, the only things that
//! differ: `Connection`, `write_transaction`, `is_busy`, `is_lost`, `ROWS_A_STEP` and `ROWS_A_DELETE`, and the
//! macros `claim!` and `held!`, which have to stand before the mount. Nothing in here names a backend.
//!
//! What runs here is right under READ COMMITTED: whoever loses a race on a unique key, or finds a row at
//! another version than it read, starts over and then finds what the winner wrote.

mod accounts;
mod audit;
mod binding;
mod closing;
mod conflicts;
mod ending;
mod expecting;
mod identities;
mod linking;
mod logins;
mod one_time_codes;
mod owning;
mod pruning;
mod scanning;
mod sessions;
mod unit;

use super::{Connection, ROWS_A_DELETE, ROWS_A_STEP, is_busy, is_lost, write_transaction};
pub(super) use unit::{Repository, Work};
