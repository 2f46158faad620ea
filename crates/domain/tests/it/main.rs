//! What holds for every login, whatever happens to it in whatever order.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod machine;
