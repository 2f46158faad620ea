//! What WeChat encrypts for a mini program with the session key.
//!
//! Pure: no I/O, and the time is an argument. Source: WeChat's page on open data (`encryptedData`).

mod cipher;
mod phone_info;

pub(crate) use cipher::open;
pub(crate) use phone_info::PhoneInfo;
