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
}

impl LoginChannel {
    /// Returns the kind of app that the channel needs.
    pub(crate) const fn app_kind(self) -> AppKind {
        match self {
            Self::OfficialAccount | Self::InWechat => AppKind::OfficialAccount,
            Self::Website => AppKind::Website,
            Self::MiniProgram => AppKind::MiniProgram,
        }
    }

    /// Returns the channel's name in the contract.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::OfficialAccount => "official_account",
            Self::Website => "website",
            Self::InWechat => "in_wechat",
            Self::MiniProgram => "mini_program",
        }
    }

    /// Returns whether the browser is sent to WeChat and comes back.
    pub(crate) const fn is_redirect(self) -> bool {
        match self {
            Self::Website | Self::InWechat => true,
            Self::OfficialAccount | Self::MiniProgram => false,
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
        }
    }
}
