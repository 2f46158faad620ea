//! WeChat's API over HTTP, for any number of official accounts, website and mobile applications, and mini programs.
//!
//! [`WechatClient`] is the adapter behind the domain's ports `OfficialAccount`, `OAuth` and `MiniProgram`.
//! What it guarantees is written at [`WechatClient::new`].

mod access_token;
mod answer;
mod api;
mod app;
mod app_api;
mod app_caller;
mod calls;
mod configured_app;
mod endpoints;

mod failure;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod mini_program;
mod oauth;
mod official_account;
mod quota_breaker;
mod shared_tokens;
mod timeout_breaker;
mod times;
mod token_source;
mod transport;
mod wechat_client;

pub use app::{InWechatScope, LoginPage, MiniProgramVersion, WechatApp};
pub use endpoints::{WechatClientError, WechatEndpoints};
pub use shared_tokens::SharedTokens;
pub use wechat_client::WechatClient;
