//! Saoma from end to end: the real binary, WeChat simulated over HTTP, and clients as they come.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod contract;
mod harness;
mod journeys;
