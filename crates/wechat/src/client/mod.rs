//! WeChat's API over HTTP, for any number of official accounts, website applications and mini programs.
//!
//! [`WechatClient`] is the adapter behind the domain's ports `OfficialAccount`, `OAuth` and `MiniProgram`. What
//! it promises is written at [`WechatClient::new`]; what WeChat's error codes ask of the operator is in
//! [`errcode`].

mod answer;
mod api;
mod app;
mod endpoints;
pub mod errcode;
mod failure;
mod gate;
mod mini_program;
mod oauth;
mod official_account;
mod profile;
mod qr;
mod shared;
mod token;
mod transport;
mod user;
mod wechat_client;

pub use app::{InWechatScope, WechatApp, WechatAppKind};
pub use endpoints::{WechatClientError, WechatEndpoints};
pub use shared::SharedTokens;
pub use wechat_client::WechatClient;
