//! As whom WeChat is spoken to.

use std::sync::Arc;

use saoma_domain::wechat::AppName;
use secrecy::SecretString;

use super::api::Gates;
use super::token::TokenSource;

/// One WeChat app: its name here, its credentials there.
#[derive(Clone, Debug)]
pub struct WechatApp {
    /// The name in the configuration.
    pub name: AppName,
    /// What it is to WeChat.
    pub kind: WechatAppKind,
    /// WeChat's `appid`.
    pub app_id: String,
    /// WeChat's `AppSecret`.
    pub secret: SecretString,
}

/// What an app is to WeChat, which decides what can be asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WechatAppKind {
    /// A certified service account, or the test account.
    OfficialAccount {
        /// What people are asked for on pages inside WeChat.
        in_wechat_scope: InWechatScope,
    },
    /// A website application of the open platform. It has no access tokens.
    Website,
    /// A mini program.
    MiniProgram,
}

/// What a page inside WeChat asks people for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InWechatScope {
    /// `snsapi_base`: the openid, without a question.
    #[default]
    Base,
    /// `snsapi_userinfo`: name, picture and unionid, after the person agreed.
    UserInfo,
}

/// One app as the client works with it.
pub(super) struct App {
    pub(super) identity: WechatApp,
    pub(super) tokens: Arc<TokenSource>,
    pub(super) gates: Gates,
}
