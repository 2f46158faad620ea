//! WeChat's API over HTTP, for any number of official accounts.
//!
//! [`WechatClient`] is the adapter behind the domain's `OfficialAccount` port. What it promises is written
//! at [`WechatClient::new`]; what WeChat's error codes ask of the operator is in [`errcode`].

mod answer;
mod endpoints;
pub mod errcode;
mod failure;
mod gate;
mod qr;
mod shared;
mod token;
mod transport;
mod user;
mod wechat_client;

pub use endpoints::{OfficialAccountApp, WechatClientError, WechatEndpoints};
pub use shared::SharedTokens;
pub use wechat_client::WechatClient;
