//! The codec of WeChat's callback: signatures, encryption and XML, without any I/O.
//!
//! [`CallbackCodec`] is Saoma's end. [`CallbackSender`] is WeChat's, for simulations and tests.

mod aes_key;
mod codec;
mod config;
mod message;
mod query;
mod refused;
mod reply;
mod secrets;
mod sender;
mod signature;
mod xml;

pub use codec::CallbackCodec;
pub use config::{CallbackConfig, CallbackConfigError, CallbackMode};
pub use message::{MessageKind, VerifiedMessage};
pub use query::CallbackQuery;
pub use refused::CallbackRefused;
pub use reply::{Reply, ReplyText, SUCCESS};
pub use sender::{CallbackSender, Push, message_xml};
