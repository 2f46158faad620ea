//! How a person proved who they are.

use std::fmt;

use crate::login::Channel;

/// One way in which a person proved who they are, in a word of the contract's `amr` (RFC 8176 lets a service have words of
/// its own).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthMethod {
    /// They scanned the code of an official account.
    WechatQr,
    /// They logged in by the website login of the open platform.
    WechatWebsite,
    /// They opened a page inside WeChat.
    WechatPage,
    /// They opened a mini program.
    WechatMiniProgram,
    /// They logged in by WeChat's SDK in a mobile application.
    WechatApp,
    /// They said yes on the phone that scanned.
    ConfirmClick,
    /// They entered on that phone the digits that the waiting client shows.
    ConfirmNumber,
    /// They entered a code that was sent to their number.
    Sms,
    /// WeChat vouches for their number.
    WechatPhone,
}

impl AuthMethod {
    const ALL: [Self; 9] = [
        Self::WechatQr,
        Self::WechatWebsite,
        Self::WechatPage,
        Self::WechatMiniProgram,
        Self::WechatApp,
        Self::ConfirmClick,
        Self::ConfirmNumber,
        Self::Sms,
        Self::WechatPhone,
    ];

    /// Returns the word of the contract and of stores.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WechatQr => "wechat_qr",
            Self::WechatWebsite => "wechat_website",
            Self::WechatPage => "wechat_page",
            Self::WechatMiniProgram => "wechat_mini_program",
            Self::WechatApp => "wechat_app",
            Self::ConfirmClick => "confirm_click",
            Self::ConfirmNumber => "confirm_number",
            Self::Sms => "sms",
            Self::WechatPhone => "wechat_phone",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl From<Channel> for AuthMethod {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::OfficialAccount => Self::WechatQr,
            Channel::Website => Self::WechatWebsite,
            Channel::InWechat => Self::WechatPage,
            Channel::MiniProgram | Channel::MiniProgramCode => Self::WechatMiniProgram,
            Channel::App => Self::WechatApp,
            Channel::Sms => Self::Sms,
        }
    }
}

/// The ways in which a person proved who they are, for one login and its session; the `amr` of the contract. Printed with
/// a space between them, in the order in which they happen.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct AuthMethods(u16);

impl AuthMethods {
    /// Nothing was proven yet.
    pub const NONE: Self = Self(0);

    /// Returns these ways and one more.
    #[must_use]
    pub const fn and(self, method: AuthMethod) -> Self {
        Self(self.0 | method.bit())
    }

    /// Returns whether a way is one of them.
    pub const fn has(self, method: AuthMethod) -> bool {
        self.0 & method.bit() != 0
    }

    /// Returns whether nothing but a phone number says who the person is: a number may have another owner by now.
    pub fn is_number_alone(self) -> bool {
        self == AuthMethod::Sms.into()
    }

    /// Returns each of them.
    pub fn iter(self) -> impl Iterator<Item = AuthMethod> {
        AuthMethod::ALL.into_iter().filter(move |method| self.has(*method))
    }

    /// Reads what was printed. A word of a newer version is left out.
    pub fn from_store(words: &str) -> Self {
        let known =
            AuthMethod::ALL.into_iter().filter(|method| words.split(' ').any(|word| word == method.as_str()));
        known.fold(Self::NONE, Self::and)
    }
}

impl From<AuthMethod> for AuthMethods {
    fn from(method: AuthMethod) -> Self {
        Self::NONE.and(method)
    }
}

impl fmt::Display for AuthMethods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, method) in self.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            write!(f, "{space}{}", method.as_str())?;
        }
        Ok(())
    }
}

impl fmt::Debug for AuthMethods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthMethods({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_printed_is_read_again() {
        let methods =
            AuthMethods::from(AuthMethod::Sms).and(AuthMethod::ConfirmNumber).and(AuthMethod::WechatQr);
        assert_eq!(methods.to_string(), "wechat_qr confirm_number sms");
        assert_eq!(AuthMethods::from_store(&methods.to_string()), methods);
        assert_eq!(AuthMethods::from_store("wechat_qr passkey"), AuthMethod::WechatQr.into());
        assert_eq!(AuthMethods::from_store(""), AuthMethods::NONE);
        assert!(methods.has(AuthMethod::Sms) && !methods.has(AuthMethod::ConfirmClick));
    }
}
