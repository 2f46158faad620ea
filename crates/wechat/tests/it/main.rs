//! The tests of `saoma-wechat` from outside, one file a subject.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a helper of a test fails like the test"
)]

mod callback_damage;
mod callback_forgeries;
mod callback_properties;
mod callback_replies;
mod callback_vectors;
mod client_answers;
mod client_any_calls;
mod client_away;
mod client_codes;
mod client_login_code;
mod client_logs;
mod client_mini_program;
mod client_oauth;
mod client_quota;
mod client_sharing;
mod client_tokens;
mod fake_wechat;
mod open_data;
mod support;
