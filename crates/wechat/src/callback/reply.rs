//! What a callback is answered with.

use saoma_domain::time::Timestamp;

use super::message::VerifiedMessage;
use super::xml;

/// WeChat cuts or refuses longer texts.
const MAX_TEXT_BYTES: usize = 2048;

/// The answer that is always right: WeChat shows nothing and does not ask again. It is never encrypted.
pub const SUCCESS: &str = "success";

/// The answer to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Nothing is shown to the person.
    Success,
    /// The person gets a text in the chat.
    Text(ReplyText),
}

/// A text that WeChat shows: not empty, without characters that XML cannot carry, at most 2048 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyText(String);

impl ReplyText {
    /// Makes a text fit to be sent: control characters are left out and what is over 2048 bytes is cut off.
    ///
    /// `None` for a text without anything to see in it. WeChat would show the person a notice of failure.
    pub fn new(text: &str) -> Option<Self> {
        let mut text = text.chars().filter(|c| is_xml_char(*c)).collect::<String>();
        let longest = MAX_TEXT_BYTES.min(text.len());
        text.truncate((0..=longest).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0));
        (!text.trim().is_empty()).then_some(Self(text))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r')
        || (c >= ' ' && !matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'))
}

/// Writes the passive reply, without any blank between the tags: some were refused for one.
pub(super) fn text_xml(message: &VerifiedMessage, text: &ReplyText, create_time: Timestamp) -> String {
    let mut out = String::from("<xml>");
    xml::push_text(&mut out, "ToUserName", message.from().as_str());
    xml::push_text(&mut out, "FromUserName", message.to());
    xml::push_number(&mut out, "CreateTime", create_time.as_secs());
    xml::push_text(&mut out, "MsgType", "text");
    xml::push_text(&mut out, "Content", text.as_str());
    out.push_str("</xml>");
    out
}
