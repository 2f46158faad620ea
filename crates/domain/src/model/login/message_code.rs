//! The code of a login that its person sends to the official account as a message.

use std::fmt;

use crate::{model::six_digits, system::Random};

/// Six digits that the waiting client shows, for an account that can make no QR codes: the message that says them counts as
/// the scan. They cannot be printed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageCode(String);

impl MessageCode {
    /// Draws a code; all million are equally likely.
    pub fn generate(random: &dyn Random) -> Self {
        Self(six_digits::draw(random).as_str().to_owned())
    }

    /// Reads a message; `None` when it is not six digits and nothing else. Blanks, hyphens and invisible marks count for
    /// nothing, and full-width digits count like ASCII ones.
    pub fn parse(text: &str) -> Option<Self> {
        six_digits::read(text).map(|code| Self(code.as_str().to_owned()))
    }

    /// Returns the digits, for the client that shows them and the store that finds by them.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MessageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageCode(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_message_of_six_digits_is_a_code() {
        for said in ["482913", " 482913\n", "４８２９１３", "482 913", "\u{200b}482913\u{feff}"] {
            assert_eq!(MessageCode::parse(said).unwrap().reveal(), "482913", "{said:?}");
        }
        for other in ["", "47", "48291", "4829130", "482913!", "code 482913", "四八二九一三"] {
            assert!(MessageCode::parse(other).is_none(), "{other}");
        }
        assert_eq!(format!("{:?}", MessageCode::parse("482913").unwrap()), "MessageCode(redacted)");
    }
}
