//! Row operations in SQL, one file a table, written once for all backends.
//!
//! Diesel's types name the backend, so this folder is compiled once for each: a backend's module mounts it by
//! `#[path = "../tables/mod.rs"] mod tables;` and gives it the only things that differ:
//! * `dialect.rs` with `Connection`, `Backend`, `ROWS_A_STATEMENT`, and the traits `RunQueryDsl` and
//!   `SimpleAsyncConnection`, by which a connection runs queries;
//! * `store.rs` with `Store`, which runs rules;
//! * `transaction.rs` with `Transaction`, which begins, holds and commits;
//! * the macros `at_most!`, `for_update!` and `for_removal!`, which have to stand before the mount.
//!
//! No file in here names a backend.
//!
//! No file in here has a rule: what an operation does is said by its trait in `saoma_domain::rules::rows`, and
//! which operations make up a rule stands in `saoma_domain::rules`.

mod accounts;
mod app_profiles;
mod audit;
mod consents;
mod deferred;
mod events;
mod funnel;
mod grants;
mod identities;
mod joins;
mod journal;
pub(super) mod journal_insert;
mod logins;
mod merges;
mod messages;
mod migrations;
mod one_time_codes;
mod owners;
mod people;
mod pruning;
pub(super) mod rows;
mod sessions;
mod signing_keys;

pub(super) use deferred::Deferred;
pub(super) use migrations::migrate;
