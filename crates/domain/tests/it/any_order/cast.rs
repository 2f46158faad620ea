//! Who and what takes part.

use saoma_domain::{login::Channel, wechat::OpenId};

use crate::world::openid;

/// The apps by their numbers.
pub(super) const APPS: [&str; 4] = ["main", "shop", "site", "mini"];
pub(super) const PERSONS: [&str; 3] = ["Anna", "Bela", "Cora"];
pub(super) const PHONES: [&str; 4] = ["+8613800138000", "+8613900139000", "+8613700137000", "+8613600136000"];

/// How many codes for a login each app gives out.
pub(super) const CODES: usize = 17;

/// How many codes for a phone number the mini program gives out: one for each person and number.
pub(super) const PHONE_CODES: usize = PERSONS.len() * PHONES.len();

/// A way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WayIn {
    Main,
    Shop,
    Site,
    /// A page of the first official account inside WeChat.
    InWechat,
    Mini,
    /// The code of the mini program, whose page asks.
    MiniCode,
}

impl WayIn {
    /// Returns the number of its app.
    pub(super) const fn app(self) -> usize {
        match self {
            Self::Main | Self::InWechat => 0,
            Self::Shop => 1,
            Self::Site => 2,
            Self::Mini | Self::MiniCode => 3,
        }
    }

    pub(super) const fn channel(self) -> Channel {
        match self {
            Self::Main | Self::Shop => Channel::OfficialAccount,
            Self::Site => Channel::Website,
            Self::InWechat => Channel::InWechat,
            Self::Mini => Channel::MiniProgram,
            Self::MiniCode => Channel::MiniProgramCode,
        }
    }

    /// Returns whether one scans a QR code to come in.
    pub(super) const fn is_scanned(self) -> bool {
        matches!(self, Self::Main | Self::Shop)
    }

    /// Returns whether a code is shown, which has to be scanned soon.
    pub(super) const fn has_code(self) -> bool {
        matches!(self, Self::Main | Self::Shop | Self::MiniCode)
    }

    /// Returns whether a browser is sent to WeChat and comes back.
    pub(super) const fn is_returned_to(self) -> bool {
        matches!(self, Self::Site | Self::InWechat)
    }
}

/// Whom a code leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    Person(usize),
    VirtualPerson,
    Nobody,
}

pub(super) const fn behind(code: usize) -> Behind {
    match code {
        0..15 => Behind::Person(code % PERSONS.len()),
        15 => Behind::VirtualPerson,
        _ => Behind::Nobody,
    }
}

/// Returns a code of an app as it is sent.
pub(super) fn code_text(app: usize, code: usize) -> String {
    format!("{}-{code}", APPS[app])
}

/// Returns whose phone code it is, and for which number.
pub(super) const fn phone_behind(code: usize) -> (usize, usize) {
    (code % PERSONS.len(), code / PERSONS.len())
}

/// Returns whether WeChat tells a person's unionid; the last person's it does not.
pub(super) const fn has_unionid(person: usize) -> bool {
    person < 2
}

pub(super) fn openid_in(app: usize, person: usize) -> OpenId {
    openid(&format!("{}-{}", APPS[app], PERSONS[person]))
}
