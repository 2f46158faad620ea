//! The WeChat apps that the client calls for.

use saoma_domain::wechat::{AppKind, AppName};
use secrecy::SecretString;

/// One WeChat app: its name in Saoma, its kind, and its credentials at WeChat.
#[derive(Clone, Debug)]
pub struct WechatApp {
    /// The name in the configuration.
    pub name: AppName,
    /// Its kind, which decides what can be asked of it.
    pub kind: AppKind,
    /// What pages inside WeChat ask people for; only of official accounts.
    pub in_wechat_scope: InWechatScope,
    /// WeChat's `appid`.
    pub app_id: String,
    /// WeChat's `AppSecret`.
    pub secret: SecretString,
}

/// The scope of a page inside WeChat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InWechatScope {
    /// `snsapi_base`: the openid, without a question.
    #[default]
    Base,
    /// `snsapi_userinfo`: name, picture and unionid, after the person agreed.
    UserInfo,
}
