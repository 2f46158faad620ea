//! Secrets of 256 bits that travel as text: the one form that all tokens share.

/// Declares a token of 32 secret bytes, and who may read one. It is written as 43 characters of base64url and cannot be
/// printed.
macro_rules! secret_token {
    ($(#[$doc:meta])* $name:ident, $reading:vis parse) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(zeroize::Zeroizing<[u8; 32]>);

        impl $name {
            /// Reads a token in its base64url form; `None` when it is not 32 bytes in that form.
            $reading fn parse(text: &str) -> Option<Self> {
                use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
                // The decoder wants room for its estimate, which is a little more than it fills.
                let mut room = zeroize::Zeroizing::new([0; 33]);
                if text.len() != 43 || URL_SAFE_NO_PAD.decode_slice(text, room.as_mut_slice()).ok()? != 32 {
                    return None;
                }
                let mut bytes = zeroize::Zeroizing::new([0; 32]);
                bytes.copy_from_slice(room.get(..32)?);
                Some(Self(bytes))
            }

            /// Returns the token's base64url form, 43 characters, for the client that it belongs to.
            pub fn reveal(&self) -> zeroize::Zeroizing<String> {
                use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
                zeroize::Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
            }

        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    };
}

pub(crate) use secret_token;
