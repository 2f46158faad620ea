//! Signatures as Standard Webhooks says (<https://www.standardwebhooks.com>, version 1): HMAC-SHA256 over id, timestamp and body.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hmac;

/// The secret of a webhook; it cannot be printed.
#[derive(Clone)]
pub struct WebhookSecret(hmac::Key);

/// A secret that is not of the form `whsec_` and base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("has to be `whsec_` and 16 to 64 bytes in base64")]
pub struct MalformedSecret;

impl WebhookSecret {
    /// Reads a secret: `whsec_` and 16 to 64 bytes in base64.
    ///
    /// # Errors
    /// [`MalformedSecret`] for everything else.
    pub fn parse(text: &str) -> Result<Self, MalformedSecret> {
        let encoded = text.strip_prefix("whsec_").ok_or(MalformedSecret)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| MalformedSecret)?;
        if !(16..=64).contains(&bytes.len()) {
            return Err(MalformedSecret);
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// Returns the header `webhook-signature` of a message.
    pub(crate) fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let tag = hmac::sign(&self.0, format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(tag))
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification and of its libraries.
    #[test]
    fn the_vector_of_standard_webhooks_is_signed_as_there() {
        let secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_of_another_form_is_refused_and_none_is_printed() {
        for wrong in ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_short", "whsec_!!!!"] {
            assert!(WebhookSecret::parse(wrong).is_err(), "{wrong}");
        }
        let secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(format!("{secret:?}"), "WebhookSecret(redacted)");
    }
}
