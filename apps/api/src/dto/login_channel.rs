//! The channels of logins, in the words of the contract.

use saoma_domain::login::Channel;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::config::AppKind;

/// The channel of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LoginChannel {
    OfficialAccount,
    Website,
    InWechat,
    MiniProgram,
    MiniProgramCode,
    App,
    Sms,
}

impl LoginChannel {
    /// Returns the kind of app that the channel needs; `None` where WeChat is not asked.
    pub(crate) const fn app_kind(self) -> Option<AppKind> {
        match self {
            Self::OfficialAccount | Self::InWechat => Some(AppKind::OfficialAccount),
            Self::Website => Some(AppKind::Website),
            Self::MiniProgram | Self::MiniProgramCode => Some(AppKind::MiniProgram),
            Self::App => Some(AppKind::MobileApp),
            Self::Sms => None,
        }
    }

    /// Returns the channel's name in the contract.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::OfficialAccount => "official_account",
            Self::Website => "website",
            Self::InWechat => "in_wechat",
            Self::MiniProgram => "mini_program",
            Self::MiniProgramCode => "mini_program_code",
            Self::App => "app",
            Self::Sms => "sms",
        }
    }

    /// Returns whether the client brings a code of WeChat's.
    pub(crate) const fn is_by_code(self) -> bool {
        match self {
            Self::MiniProgram | Self::App => true,
            Self::OfficialAccount | Self::Website | Self::InWechat | Self::MiniProgramCode | Self::Sms => {
                false
            }
        }
    }

    /// Returns whether the browser is sent to WeChat and comes back.
    pub(crate) const fn is_redirect(self) -> bool {
        match self {
            Self::Website | Self::InWechat => true,
            Self::OfficialAccount | Self::MiniProgram | Self::MiniProgramCode | Self::App | Self::Sms => {
                false
            }
        }
    }
}

impl From<LoginChannel> for Channel {
    fn from(channel: LoginChannel) -> Self {
        match channel {
            LoginChannel::OfficialAccount => Self::OfficialAccount,
            LoginChannel::Website => Self::Website,
            LoginChannel::InWechat => Self::InWechat,
            LoginChannel::MiniProgram => Self::MiniProgram,
            LoginChannel::MiniProgramCode => Self::MiniProgramCode,
            LoginChannel::App => Self::App,
            LoginChannel::Sms => Self::Sms,
        }
    }
}
