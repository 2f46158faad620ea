//! The store on a single Redis server.

#![cfg_attr(
    beside_redis,
    expect(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that cannot go on fails"
    )
)]

#[cfg(beside_redis)]
#[path = "../support/mod.rs"]
mod support;

#[cfg(beside_redis)]
mod access;
#[cfg(beside_redis)]
mod commands;
#[cfg(beside_redis)]
#[path = "../support/contract.rs"]
mod contract;
#[cfg(beside_redis)]
mod faults;
#[cfg(beside_redis)]
mod formats;
#[cfg(beside_redis)]
mod pace;
#[cfg(beside_redis)]
mod silence;
#[cfg(beside_redis)]
mod stage;
#[cfg(beside_redis)]
mod tls;
#[cfg(beside_redis)]
mod trust;
#[cfg(beside_redis)]
mod weight;

/// The environment variable that names the server of these tests.
#[cfg(beside_redis)]
const URL: &str = "SAOMA_TEST_REDIS_URL";

#[cfg(not(beside_redis))]
#[test]
#[ignore = "run it by `cargo run -p saoma-servers -- exec --with redis -- cargo test -p saoma-redis`"]
fn left_out_because_there_is_no_single_redis_server() {}
