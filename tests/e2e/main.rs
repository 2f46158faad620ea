//! Saoma from end to end: the real binary, WeChat simulated over HTTP, and clients as they come.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod backends;
mod bindings;
mod channels;
#[path = "../harness/mod.rs"]
mod common;
mod contract;
#[cfg(beside_servers)]
mod distrust;
mod docs;
mod five_systems;
mod forward_auth;
mod guard;
mod harness;
mod journeys;
#[cfg(beside_servers)]
mod nodes;
mod openid;
mod relay;
mod site_api;
mod telling;
mod tokens;
#[cfg(feature = "otlp")]
mod traces;
mod upkeep;

#[cfg(not(beside_servers))]
#[test]
#[ignore = "run it by `cargo run -p saoma-servers -- exec --with redis,cluster,postgres,mariadb -- cargo test -p saoma-api`"]
fn several_nodes_are_left_out_because_there_are_no_servers() {}
