//! The official accounts of WeChat.

use std::time::Duration;

use async_trait::async_trait;

use super::Measure;
use crate::wechat::{AppName, Follower, OpenId, QrTicket};

/// Why WeChat did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WechatError {
    /// No usable answer: a time-out, a broken connection, nonsense, or "system busy" more than once.
    #[error("WeChat is unavailable: {reason}")]
    Unavailable {
        /// What happened, without any URL or secret.
        reason: String,
        /// When it makes sense to ask again.
        retry_after: Duration,
    },
    /// WeChat understood and refused; asking again changes nothing until an operator acts.
    #[error("WeChat refused with errcode {errcode}: {advice}")]
    Refused {
        /// WeChat's error code.
        errcode: i64,
        /// What the operator has to do, with the details that WeChat gave (such as the IP to allow).
        advice: String,
    },
    /// WeChat does not know the person, the code or the scene that was named.
    #[error("WeChat does not know it (errcode {errcode})")]
    NotFound {
        /// WeChat's error code.
        errcode: i64,
    },
    /// No app of this name is configured.
    #[error("no WeChat app of this name is configured")]
    UnknownApp,
}

/// What can be asked of an official account.
///
/// An implementation MUST bound every call in time, MUST NOT put secrets or URLs into its errors, and MUST
/// be safe to call from any number of tasks at once.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait OfficialAccount: Send + Sync {
    /// Makes a temporary QR code whose scan will be reported with `scene` (1–64 ASCII characters).
    ///
    /// # Errors
    /// [`WechatError`], after the repetitions that are safe.
    async fn create_qr(
        &self,
        app: &AppName,
        scene: &str,
        lifetime: Duration,
    ) -> Result<QrTicket, WechatError>;

    /// Returns what WeChat knows about a person who sent an event to the account.
    ///
    /// MUST return within this time, with [`WechatError::Unavailable`] where WeChat has not answered by then; a
    /// longer time does not extend the implementation's own bound.
    ///
    /// # Errors
    /// [`WechatError::NotFound`] for an openid of another app, else as above.
    async fn follower(
        &self,
        app: &AppName,
        openid: &OpenId,
        within: Duration,
    ) -> Result<Follower, WechatError>;

    /// Sends a text into the chat with a person. WeChat takes it only within 48 hours of what the person did there
    /// last.
    ///
    /// # Errors
    /// [`WechatError::NotFound`] where WeChat takes no message to this person now, else as above.
    async fn send_text(&self, app: &AppName, openid: &OpenId, text: &str) -> Result<(), WechatError>;

    /// Returns how long WeChat took for all calls since the start, by API and errcode; nothing where that is not measured.
    fn measures(&self) -> Vec<Measure> {
        Vec::new()
    }
}
