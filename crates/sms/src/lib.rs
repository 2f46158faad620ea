//! The ways an SMS code takes to a phone: the log, for trying things out, and a webhook, for any gateway.
//!
//! A message is sent once and never repeated by itself: a gateway that did not answer may have sent it.

#![deny(missing_docs)]

mod log;
mod webhook;

pub use log::LogSender;
pub use webhook::{WebhookConfig, WebhookError, WebhookSender};
