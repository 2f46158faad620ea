//! The store on a Redis Cluster.

#![cfg_attr(
    beside_cluster,
    expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")
)]

#[cfg(beside_cluster)]
#[path = "../support/mod.rs"]
mod support;

#[cfg(beside_cluster)]
#[path = "../support/contract.rs"]
mod contract;
#[cfg(beside_cluster)]
mod faults;

/// The environment variable that names the server of these tests.
#[cfg(beside_cluster)]
const URL: &str = "SAOMA_TEST_CLUSTER_URL";

#[cfg(not(beside_cluster))]
#[test]
#[ignore = "run it by `cargo run -p saoma-servers -- exec --with cluster -- cargo test -p saoma-redis`"]
fn left_out_because_there_is_no_redis_cluster() {}
