//! Taking one signature of a callback for one body.

use super::{ServiceError, code_redeemer::CodeRedeemer};
use crate::{
    ports::{CodeHash, Redemption},
    wechat::AppName,
};

/// Takes one signature for one body, where WeChat's signature does not cover the body (plain mode).
///
/// It covers token, time and nonce, sorted and joined: who saw one request could send another body with it, also
/// with time and nonce exchanged. The signature is the same in all of these, so it is what is remembered.
pub struct CallbackSignatures {
    pub(super) code_redeemer: CodeRedeemer,
}

impl CallbackSignatures {
    /// Returns whether the signature came with this body first, or had not come in the last day. WeChat may repeat a
    /// request as it was, so the same body is admitted again.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be remembered; WeChat then has to send it again.
    pub async fn admit(&self, app: &AppName, signature: &str, body: &[u8]) -> Result<bool, ServiceError> {
        let signature = CodeHash::of("callback", &[app.as_str().as_bytes(), signature.as_bytes()]);
        match self.code_redeemer.redeem(signature, CodeHash::of("callback-body", &[body])).await? {
            Redemption::First | Redemption::Again => Ok(true),
            Redemption::ByAnother => Ok(false),
        }
    }
}
