//! Applications with the service in them, tested as embedders test theirs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what people do may grow, and a test says what it is about"
)]

mod chat;
mod guards;
mod mounting;
mod reach;
mod world;
