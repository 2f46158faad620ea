//! PKCE (RFC 7636): the one who redeems a code proves to be the one who asked for it. Only the method S256 is known.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest;
use subtle::ConstantTimeEq;

/// The SHA-256 of a secret that the client keeps until it redeems the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// Reads a challenge: 32 bytes in base64url, without padding.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hash = URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32);
        is_hash.then(|| Self(text.to_owned()))
    }

    /// Returns the challenge as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether a secret is the one of this challenge.
    pub fn is_met_by(&self, verifier: &CodeVerifier) -> bool {
        let hash = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.0.as_bytes()));
        hash.as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

/// The secret of a challenge; it cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeVerifier(String);

impl CodeVerifier {
    /// Reads a secret: 43 to 128 unreserved characters.
    pub fn parse(text: &str) -> Option<Self> {
        let is_unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        let fits = (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved);
        fits.then(|| Self(text.to_owned()))
    }
}

impl std::fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeVerifier(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_met_by_its_own_secret_alone() {
        // RFC 7636, appendix B.
        let verifier = CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
        let challenge = CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap();
        assert!(challenge.is_met_by(&verifier));
        let other = CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK").unwrap();
        assert!(!challenge.is_met_by(&other));
        assert_eq!(format!("{verifier:?}"), "CodeVerifier(redacted)");
    }

    #[test]
    fn what_is_no_challenge_or_no_secret_is_refused() {
        for wrong in
            ["", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"]
        {
            assert_eq!(CodeChallenge::parse(wrong), None, "{wrong}");
        }
        for wrong in ["", &"a".repeat(42), &"a".repeat(129), &format!("{}/", "a".repeat(43))] {
            assert_eq!(CodeVerifier::parse(wrong), None, "{wrong}");
        }
    }
}
