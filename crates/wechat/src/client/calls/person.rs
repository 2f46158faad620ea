//! The ids of a person in WeChat's answers.

use saoma_domain::wechat::{OpenId, RawUnionId};
use serde::Deserializer;

use crate::client::failure::CallFailure;
use crate::json::optional_text;

/// Reads the openid that an answer has to have.
pub(super) fn openid(text: String) -> Result<OpenId, CallFailure> {
    OpenId::parse(text).map_err(|_| CallFailure::unusable("the answer has no valid openid"))
}

/// How long a text about a person is at the most, in characters; WeChat allows names a quarter as long.
const MAX_CHARS: usize = 128;

/// Returns a text that can be stored and shown: without control characters, which not every database stores,
/// and without blanks around it. `None` where nothing is left.
pub(super) fn readable(text: &str) -> Option<String> {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let short = plain.trim().chars().take(MAX_CHARS).collect::<String>();
    (!short.is_empty()).then_some(short)
}

/// Deserializes a unionid; `None` where the app is bound to no open-platform account.
pub(super) fn union_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RawUnionId>, D::Error> {
    let text = optional_text(deserializer)?;
    Ok(text.and_then(|text| RawUnionId::parse(text).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_everything_but_control_characters_and_blanks_around_it() {
        assert_eq!(readable("示例").as_deref(), Some("示例"));
        assert_eq!(readable(" 🐼👨‍👩‍👧 \u{0}").as_deref(), Some("🐼👨‍👩‍👧"));
        assert_eq!(readable("a\u{1}b\u{7f}c\u{85}").as_deref(), Some("a b c"));
        for empty in ["", " ", "\u{0}\u{1f}"] {
            assert_eq!(readable(empty), None, "{empty:?}");
        }
        assert_eq!(readable(&"宽".repeat(1000)), Some("宽".repeat(MAX_CHARS)));
    }
}
