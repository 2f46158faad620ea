//! Values and the login state machine: the leaf that everything else stands on.

pub mod account;
pub mod actor;
pub mod chat;
pub(crate) mod digest;
pub mod event;
pub mod journal;
pub mod keys;
pub mod login;
pub mod message;
pub mod network;
pub mod oidc;
mod secret_token;
pub mod session;
pub mod signing;
pub mod sms;
pub mod text;
pub mod time;
pub mod wechat;
