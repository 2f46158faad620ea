//! The signature that both of WeChat's callback signatures are made with.

use saoma_domain::text::hex;
use sha1::{Digest as _, Sha1};
use subtle::ConstantTimeEq as _;

/// The SHA-1 over some texts, in lowercase hex. The texts are sorted by their bytes, even where they are
/// numbers, and joined without a separator. SHA-1 is WeChat's choice.
pub(super) struct Signature(String);

impl Signature {
    /// Signs the texts, whose order does not matter.
    pub(super) fn over<const N: usize>(mut texts: [&str; N]) -> Self {
        texts.sort_unstable();
        let mut sha1 = Sha1::new();
        for text in texts {
            sha1.update(text);
        }
        Self(hex(&sha1.finalize()))
    }

    /// Compares in a time that does not depend on where the two differ.
    pub(super) fn matches(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }

    pub(super) fn into_hex(self) -> String {
        self.0
    }
}
