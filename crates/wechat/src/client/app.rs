//! The WeChat apps that the client calls for.

use saoma_domain::wechat::AppName;
use secrecy::SecretString;

/// One WeChat app: its name in Saoma, its kind, and its credentials at WeChat.
#[derive(Clone, Debug)]
pub struct WechatApp {
    /// The name in the configuration.
    pub name: AppName,
    /// Its kind, which decides what can be asked of it.
    pub kind: WechatAppKind,
    /// WeChat's `appid`.
    pub app_id: String,
    /// WeChat's `AppSecret`.
    pub secret: SecretString,
}

/// The kinds of WeChat apps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WechatAppKind {
    /// A certified service account, or the test account.
    OfficialAccount {
        /// What pages inside WeChat ask people for.
        in_wechat_scope: InWechatScope,
    },
    /// A website application of the open platform. It has no access tokens.
    Website,
    /// A mini program.
    MiniProgram,
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
