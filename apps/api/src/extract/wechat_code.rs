//! WeChat's one-time codes, as clients bring them.

/// Returns whether a text can be one of WeChat's codes, of which the longest known have 64 characters.
pub(crate) fn is_wechat_code(text: &str) -> bool {
    (1..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
