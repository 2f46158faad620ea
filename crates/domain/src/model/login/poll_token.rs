//! The secret half of a login.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::ports::{Random, random_bytes};

/// The 256-bit secret that only the browser or device that created a login holds; it cannot be printed.
#[derive(Clone)]
pub struct PollToken(Zeroizing<[u8; 32]>);

impl PollToken {
    /// Draws a new token.
    pub fn generate(random: &dyn Random) -> Self {
        Self(Zeroizing::new(random_bytes(random)))
    }

    /// Reads a token in its base64url form; `None` when it is not 32 bytes in that form.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        // The decoder wants room for its estimate, which is a little more than it fills.
        let mut room = Zeroizing::new([0; 33]);
        if text.len() != 43 || URL_SAFE_NO_PAD.decode_slice(text, room.as_mut_slice()).ok()? != 32 {
            return None;
        }
        bytes.copy_from_slice(room.get(..32)?);
        Some(Self(bytes))
    }

    /// Returns the token's base64url form, 43 characters, for the one who holds it.
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl std::fmt::Debug for PollToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PollToken(redacted)")
    }
}
