//! Values and the login state machine: the leaf that everything else stands on.

pub mod account;
pub mod actor;
mod app_profile;
pub mod chat;
pub mod consent;
pub(crate) mod digest;
pub mod event;
pub mod journal;
pub mod keys;
pub mod login;
pub mod message;
pub mod nearness;
pub mod network;
pub mod oidc;
pub mod place;
pub mod proof_of_work;
mod secret_token;
pub mod session;
pub mod signing;
pub(crate) mod six_digits;
pub mod sms;
pub mod suspicion;
pub mod text;
pub mod time;
pub mod wechat;
