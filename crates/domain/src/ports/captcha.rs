//! Another service that tells people from machines.

use async_trait::async_trait;

/// Why a captcha was not judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the captcha was not judged: {0}")]
pub struct CaptchaError(pub String);

/// Another service that tells people from machines, such as that of a cloud.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Captcha: Send + Sync {
    /// Returns whether it was passed, by what the client's script gave. MUST be bounded in time. A text is good for one call.
    ///
    /// # Errors
    /// [`CaptchaError`] when the service does not say.
    async fn is_passed(&self, text: &str) -> Result<bool, CaptchaError>;
}
