//! Short texts from outside that are checked once and then trusted.

/// A text that is not of the form its type asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {what}")]
pub struct MalformedText {
    /// The type that refused the text.
    pub what: &'static str,
}

/// Declares a newtype around a short text with a maximum length in bytes and a check of its characters.
macro_rules! short_text {
    ($(#[$doc:meta])* $name:ident, $max:expr, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Checks a text and wraps it.
            ///
            /// # Errors
            /// [`MalformedText`](crate::text::MalformedText) when it is empty, too long or has a character
            /// that does not belong there.
            pub fn parse(text: impl Into<String>) -> Result<Self, $crate::text::MalformedText> {
                let text = text.into();
                let check: fn(&str) -> bool = $check;
                if text.is_empty() || text.len() > $max || !check(&text) {
                    return Err($crate::text::MalformedText { what: stringify!($name) });
                }
                Ok(Self(text))
            }

            /// Returns the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(crate) use short_text;
