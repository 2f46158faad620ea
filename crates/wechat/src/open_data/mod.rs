//! What the session key of a mini program encrypts and signs.
//!
//! Pure: no I/O, and the time is an argument. Source: WeChat's pages on open data (`encryptedData`) and on
//! `checksession`.

mod cipher;
mod phone_info;
mod session_signature;

pub use cipher::open;
pub(crate) use phone_info::PhoneInfo;
pub use session_signature::session_signature;
