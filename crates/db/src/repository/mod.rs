//! The ports on SQL, written once for all backends.
//!
//! Diesel's types name the backend, so this folder is compiled once for each: a backend's module mounts it
//! by `#[path = "../repository/mod.rs"] mod repository;` and gives it, as `super::…`, the only things that
//! differ: `Connection`, `write_transaction` and `is_busy`. Nothing in here names a backend. The second
//! backend that mounts it will want `#[expect(clippy::duplicate_mod)]` on that line; the lint warns of
//! exactly what is meant here.
//!
//! What runs here is right under READ COMMITTED: whoever loses a race on a unique key, or finds a row at
//! another version than it read, starts over and then finds what the winner wrote.

mod accounts;
mod audit;
mod binding;
mod closing;
mod ending;
mod identities;
mod linking;
mod logins;
mod pruning;
mod scanning;
mod sessions;
mod unit;

use super::{Connection, is_busy, write_transaction};
pub(super) use unit::{Repository, Work};
