//! What holds for every login, whatever happens to it in whatever order.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod any_order;
mod bind_phone;
mod broken;
mod calls;
mod cancel;
mod failures;
mod follow_up;
mod hand_over;
mod machine;
mod send_code;
mod session_copies;
mod sessions;
mod start_login;
mod take_scan;
mod wait;
mod world;
