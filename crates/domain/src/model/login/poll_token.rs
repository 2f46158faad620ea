//! The secret half of a login.

use zeroize::Zeroizing;

use crate::{
    model::secret_token::secret_token,
    system::{Random, random_bytes},
};

secret_token! {
    /// The 256-bit secret that only the browser or device that created a login has; it cannot be printed.
    PollToken, pub parse
}

impl PollToken {
    /// Draws a new token.
    pub fn generate(random: &dyn Random) -> Self {
        Self(Zeroizing::new(random_bytes(random)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
}
