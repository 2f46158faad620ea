//! What handlers take from a request: its body, its query string, and who calls.

mod body;
mod caller;
mod navigation;
mod wechat_code;

pub(crate) use body::{Json, MAX_BODY, RawBody, query};
pub(crate) use caller::{Caller, TrustedProxies};
pub(crate) use navigation::{is_browser_navigation, is_marked_navigation};
pub(crate) use wechat_code::is_wechat_code;
