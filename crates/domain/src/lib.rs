//! Login with WeChat, as pure code: the login state machine, the values it speaks of, the ports that
//! adapters implement, and the flows that use them.
//!
//! Nothing here does I/O, knows a runtime, reads a clock or draws randomness: time and random bytes come
//! in through the [`ports::Clock`] and [`ports::Random`] ports or as arguments. The rules that hold
//! everywhere:
//!
//! * SQL is the truth ([`ports::Logins`], [`ports::Sessions`]), the board ([`ports::Board`]) is a copy that
//!   may vanish at any moment.
//! * Nobody is told of what is not committed.
//! * Consuming something once is a compare-and-set in the store ([`ports::Claims`] for WeChat's codes: claimed
//!   before they are sent, and never sent again whatever comes of it).
//! * A wake-up is a hint, never a fact.

#![deny(missing_docs)]

pub mod account;
pub mod flows;
pub mod keys;
pub mod login;
pub mod ports;
pub mod session;
pub mod sms;
pub mod text;
pub mod time;
pub mod wechat;
