//! The states of a login.

use super::{LoginId, PhoneQuestion};
use crate::{
    account::{AccountId, IdentityId},
    time::Timestamp,
};

/// The way in that a login was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// A QR code of an official account, scanned with WeChat.
    OfficialAccount,
    /// The website login of the WeChat open platform.
    Website,
    /// A page inside WeChat.
    InWechat,
    /// A mini program.
    MiniProgram,
    /// The code of a mini program, scanned with WeChat: the program's page confirms.
    MiniProgramCode,
    /// WeChat's SDK in a mobile application.
    App,
    /// A code that is sent to a phone number; no WeChat app is asked.
    Sms,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 7] = [
        Self::OfficialAccount,
        Self::Website,
        Self::InWechat,
        Self::MiniProgram,
        Self::MiniProgramCode,
        Self::App,
        Self::Sms,
    ];

    /// Returns the name used in the HTTP contract and in stores.
    pub const fn as_str(self) -> &'static str {
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

    /// Reads a channel's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == name)
    }
}

/// Why a login ended without a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExpiryReason {
    /// The code was not scanned, or no phone was bound, in time.
    Timeout,
    /// The client gave it up.
    Cancelled,
    /// The person refused in WeChat, or is not one whom this login can log in.
    Denied,
}

impl ExpiryReason {
    /// Returns the name used in the HTTP contract and in stores.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Cancelled => "cancelled",
            Self::Denied => "denied",
        }
    }

    /// Reads a reason's name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Timeout, Self::Cancelled, Self::Denied].into_iter().find(|reason| reason.as_str() == name)
    }
}

/// Where a login stands; each state owns what is known only then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginState {
    /// Waiting for a phone.
    Loop {
        /// Until when a phone may scan the code.
        deadline: Timestamp,
    },
    /// A phone scanned the code, and is asked whether it lets the client in. Clients are told `loop`, with `scanned`.
    Scanned {
        /// The identity that scanned.
        identity: IdentityId,
        /// What the phone is asked.
        question: PhoneQuestion,
        /// Until when it may answer.
        deadline: Timestamp,
    },
    /// WeChat said who it is, but no account is bound to the identity; or nothing but a phone number is to say who it is.
    Unregistered {
        /// The identity that scanned; absent in a login by the number alone.
        identity: Option<IdentityId>,
        /// Until when a phone number may be bound.
        deadline: Timestamp,
    },
    /// An account is known; its session can be collected with the poll token.
    Registered {
        /// The account.
        account: AccountId,
        /// Since when.
        since: Timestamp,
        /// Until when the session can be collected for the first time.
        collect_by: Timestamp,
    },
    /// Over, without a session.
    Expired {
        /// Why.
        reason: ExpiryReason,
        /// Since when.
        since: Timestamp,
    },
}

impl LoginState {
    /// Returns the name used in the HTTP contract.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Loop { .. } | Self::Scanned { .. } => "loop",
            Self::Unregistered { .. } => "unregistered",
            Self::Registered { .. } => "registered",
            Self::Expired { .. } => "expired",
        }
    }

    /// Returns the name used in stores.
    pub const fn stored_name(&self) -> &'static str {
        match self {
            Self::Scanned { .. } => "scanned",
            Self::Loop { .. }
            | Self::Unregistered { .. }
            | Self::Registered { .. }
            | Self::Expired { .. } => self.name(),
        }
    }

    /// Returns until when the login waits for a scan, an answer or a phone number; `None` of a final state.
    pub const fn deadline(&self) -> Option<Timestamp> {
        match self {
            Self::Loop { deadline }
            | Self::Scanned { deadline, .. }
            | Self::Unregistered { deadline, .. } => Some(*deadline),
            Self::Registered { .. } | Self::Expired { .. } => None,
        }
    }

    /// Returns whether nothing is waited for any more. Of a registered login the person may still say that it was not
    /// theirs, within a day.
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Loop { .. } | Self::Scanned { .. } | Self::Unregistered { .. } => false,
            Self::Registered { .. } | Self::Expired { .. } => true,
        }
    }
}

/// A login as it stands at some moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Its public id.
    pub id: LoginId,
    /// A number that grows with each change; a new login has version 1.
    pub version: u32,
    /// Where it stands.
    pub state: LoginState,
}
