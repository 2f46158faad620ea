//! The store on Redis servers that Sentinels watch.

#![cfg_attr(
    beside_sentinel,
    expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")
)]

#[cfg(beside_sentinel)]
#[path = "../support/mod.rs"]
mod support;

#[cfg(beside_sentinel)]
#[path = "../support/contract.rs"]
mod contract;
#[cfg(beside_sentinel)]
mod faults;

/// The environment variable that names the server of these tests.
#[cfg(beside_sentinel)]
const URL: &str = "SAOMA_TEST_SENTINEL_URL";

#[cfg(not(beside_sentinel))]
#[test]
#[ignore = "run it by `cargo run -p saoma-servers -- exec --with sentinel -- cargo test -p saoma-redis`"]
fn left_out_because_there_are_no_sentinels() {}
