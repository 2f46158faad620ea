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

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
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

/// Returns whether a character counts for nothing in a number that a person typed or copied: blanks, hyphens, brackets,
/// and the invisible marks that come along from a phone's contacts.
pub(crate) fn is_decoration(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '(' | ')' | '\u{ff08}' | '\u{ff09}' | '\u{ff0d}' | '\u{2010}'..='\u{2015}' | '\u{2212}'
        )
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Returns the ASCII form of a full-width digit or plus sign.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{ff0b}' => '+',
        '\u{ff10}'..='\u{ff19}' => char::from_digit(u32::from(c) - 0xff10, 10).unwrap_or(c),
        c => c,
    }
}

/// Returns bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().map_or('0', char::from);
    let mut out = String::with_capacity(bytes.len() * 2);
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]).for_each(|nibble| out.push(digit(nibble)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_two_digits() {
        assert_eq!(hex(&[0, 1, 0x7f, 0xa0, 0xff]), "00017fa0ff");
        assert_eq!(hex(&[]), "");
    }
}
