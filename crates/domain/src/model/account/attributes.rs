//! What a site keeps with an account, and the site's own id of it.

use crate::text::short_text;

short_text! {
    /// The id that the site itself has for a person: 1–128 printable ASCII characters without blanks.
    ExternalId, 128, |text| text.bytes().all(|b| b.is_ascii_graphic())
}

/// The most bytes of an account's attributes.
pub const ATTRIBUTES_BYTES: usize = 4096;

/// How many objects and lists may stand inside each other in attributes.
pub const ATTRIBUTES_DEPTH: usize = 16;

/// What a site keeps with an account: the text of a JSON object of at most 4 KiB, 16 levels deep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributes(String);

/// Why a text cannot be an account's attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnfitAttributes {
    /// It is longer than 4 KiB.
    #[error("attributes can have 4096 bytes of JSON")]
    TooLong,
    /// Its objects and lists stand too deep inside each other.
    #[error("attributes can be 16 levels deep")]
    TooDeep,
    /// It is no JSON object.
    #[error("attributes have to be a JSON object")]
    NoObject,
}

impl Attributes {
    /// Wraps the text of a JSON object that the caller has parsed, without blanks between its parts.
    ///
    /// # Errors
    /// [`UnfitAttributes`] where it is too long, too deep or no object.
    pub fn of_json(text: &str) -> Result<Self, UnfitAttributes> {
        if text.len() > ATTRIBUTES_BYTES {
            return Err(UnfitAttributes::TooLong);
        }
        if !text.starts_with('{') || !text.ends_with('}') {
            return Err(UnfitAttributes::NoObject);
        }
        if depth(text) > ATTRIBUTES_DEPTH {
            return Err(UnfitAttributes::TooDeep);
        }
        Ok(Self(text.to_owned()))
    }

    /// Wraps the text that a store has kept.
    pub fn from_store(text: String) -> Self {
        Self(text)
    }

    /// Returns the JSON.
    pub fn as_json(&self) -> &str {
        &self.0
    }
}

/// Returns how deep the objects and lists of a JSON text stand inside each other.
fn depth(json: &str) -> usize {
    let (mut depth, mut most, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b'{' | b'[') => {
                depth += 1;
                most = most.max(depth);
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            (true | false, _) => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_a_small_flat_object() {
        let fits = |text: &str| Attributes::of_json(text).map(|kept| kept.as_json().to_owned());
        assert_eq!(fits(r#"{"a":["}]","\"{{{"]}"#).as_deref(), Ok(r#"{"a":["}]","\"{{{"]}"#));
        for no_object in ["[]", r#"{"a":1"#, r#""a":1}"#] {
            assert_eq!(fits(no_object), Err(UnfitAttributes::NoObject), "{no_object}");
        }
        let braces = "{".repeat(17);
        for in_text in [format!(r#"{{"a":"{braces}"}}"#), format!(r#"{{"a":"\"{braces}"}}"#)] {
            assert!(fits(&in_text).is_ok(), "{in_text}");
        }
        let nested =
            |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert!(fits(&nested(16)).is_ok());
        assert_eq!(fits(&nested(17)), Err(UnfitAttributes::TooDeep));
        let long = |bytes: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(bytes - 8));
        assert!(fits(&long(4096)).is_ok());
        assert_eq!(fits(&long(4097)), Err(UnfitAttributes::TooLong));
    }
}
