//! The codec of WeChat's callback: signatures, encryption, XML and JSON, without any I/O.
//!
//! [`CallbackCodec`] is Saoma's end. [`CallbackSender`] is WeChat's, for simulations and tests.

mod aes_key;
mod codec;
mod config;
mod fields;
mod json;
mod message;
mod query;
mod refused;
mod reply;
mod secrets;
mod sender;
mod signature;
mod xml;

pub use codec::{CallbackCodec, Opened};
pub use config::{CallbackConfig, CallbackConfigError, CallbackMode};
pub use fields::CallbackFormat;
pub use message::{MessageKind, VerifiedMessage};
pub use query::CallbackQuery;
pub use refused::{CallbackRefused, NotWechat};
pub use reply::{Article, Reply, ReplyText, SUCCESS};
pub use sender::{CallbackSender, Push, message_xml};
