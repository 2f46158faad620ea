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
    /// The page that the codes of logins open; only of mini programs.
    pub login_page: Option<LoginPage>,
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

/// A page of a mini program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginPage {
    /// Its path as the program's `app.json` has it, such as `pages/login/login`.
    pub path: String,
    /// In which version of the program.
    pub version: MiniProgramVersion,
}

/// A version of a mini program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MiniProgramVersion {
    /// The one that is published.
    #[default]
    Release,
    /// The one for those who try it.
    Trial,
    /// The one that is being developed.
    Develop,
}

impl MiniProgramVersion {
    /// Returns WeChat's word for it (`env_version`).
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Trial => "trial",
            Self::Develop => "develop",
        }
    }
}
