//! What handlers take from a request: its body, its query string, and who calls.

mod body;
mod caller;
mod navigation;
mod wechat_code;

pub(crate) use body::{Json, RawBody, WholeBody, body_of, optional_json, query};
#[cfg(feature = "otlp")]
pub(crate) use caller::is_behind_trusted_proxy;
pub(crate) use caller::{Caller, TrustedProxies};
pub(crate) use navigation::{is_browser_navigation, is_marked_navigation, prefers_page};
pub(crate) use wechat_code::is_wechat_code;
