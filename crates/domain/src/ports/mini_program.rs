//! The mini programs of WeChat.

use async_trait::async_trait;

use super::WechatError;
use crate::{
    account::PhoneNumber,
    time::Timestamp,
    wechat::{AppName, MiniProgramCode, MiniProgramUser, OpenId, SessionKey},
};

/// Why what a mini program sent does not prove a phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenDataError {
    /// The code is unknown to WeChat, was used, or is another person's.
    #[error("the code is not valid")]
    CodeInvalid,
    /// It is not base64, or not of a length that such data has.
    #[error("the data is malformed")]
    Malformed,
    /// It was not encrypted with this session key: the program has to call `wx.login` again.
    #[error("the session key is out of date")]
    OutdatedKey,
    /// It is for another app.
    #[error("the data is for another app")]
    OtherApp,
    /// It is too old, or from the future.
    #[error("the data is too old")]
    TooOld,
    /// It holds no mobile phone number.
    #[error("the data holds no mobile phone number")]
    NoPhone,
}

/// What can be asked of a mini program.
///
/// An implementation MUST bound every call in time, MUST NOT put secrets or URLs into its errors, and MUST
/// be safe to call from any number of tasks at once.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait MiniProgram: Send + Sync {
    /// Exchanges a code of `wx.login` for who it is. MUST NOT send the code twice.
    ///
    /// # Errors
    /// [`WechatError::NotFound`] for a code that is unknown, used or too old; [`WechatError::Refused`] with
    /// errcode 40226 for a person whom WeChat takes for a risk.
    async fn exchange(&self, app: &AppName, code: &str) -> Result<MiniProgramUser, WechatError>;

    /// Makes a code that opens the mini program's login page with this scene, of at most 32 characters. Which page that is, an
    /// implementation knows from the app's configuration.
    ///
    /// # Errors
    /// [`WechatError`]; [`WechatError::UnknownApp`] also of a mini program without such a page, and from an implementation that
    /// cannot do this.
    async fn login_code(&self, app: &AppName, scene: &str) -> Result<MiniProgramCode, WechatError> {
        let _ = (app, scene);
        Err(WechatError::UnknownApp)
    }

    /// Exchanges a phone-number code for the number that the person chose; `None` where it is none that a mobile
    /// phone can have. MUST NOT send the code twice with tokens that WeChat accepted.
    ///
    /// # Errors
    /// [`WechatError::NotFound`] for a code that is unknown, used, too old or another person's.
    async fn phone_number(
        &self,
        app: &AppName,
        openid: &OpenId,
        code: &str,
    ) -> Result<Option<PhoneNumber>, WechatError>;

    /// Decrypts what `getPhoneNumber` gave the program (`encryptedData` and `iv`, both base64) and returns the
    /// number; checks that it is for this app and at most a few minutes old at `now`.
    ///
    /// # Errors
    /// [`OpenDataError`].
    fn open_phone(
        &self,
        app: &AppName,
        key: &SessionKey,
        encrypted_data: &str,
        iv: &str,
        now: Timestamp,
    ) -> Result<PhoneNumber, OpenDataError>;

    /// Decrypts other open data in the same way, and returns it as JSON. Nothing but its form and its watermark is checked:
    /// the client can have changed it.
    ///
    /// # Errors
    /// [`OpenDataError`].
    fn open_data(
        &self,
        app: &AppName,
        key: &SessionKey,
        encrypted_data: &str,
        iv: &str,
        now: Timestamp,
    ) -> Result<String, OpenDataError>;
}
