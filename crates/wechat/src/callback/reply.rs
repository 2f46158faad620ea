//! The answers to a callback.

use saoma_domain::time::Timestamp;

use super::fields::CallbackFormat;
use super::message::VerifiedMessage;
use super::secrets::SealedMessage;
use super::{json, xml};

/// WeChat cuts or refuses longer texts.
const MAX_TEXT_BYTES: usize = 2048;

/// The answer after which WeChat shows nothing and does not send the message again. It is never encrypted.
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
    /// `None` for a text with nothing to see in it, for which WeChat would show the person a notice of
    /// failure.
    pub fn new(text: &str) -> Option<Self> {
        let mut text = text.chars().filter(|c| is_xml_char(*c)).collect::<String>();
        let longest = MAX_TEXT_BYTES.min(text.len());
        text.truncate((0..=longest).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0));
        (!text.trim().is_empty()).then_some(Self(text))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r')
        || (c >= ' ' && !matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'))
}

/// Writes the passive reply.
pub(super) fn text(message: &VerifiedMessage, text: &ReplyText, create_time: Timestamp) -> String {
    let addressed = [("ToUserName", message.from().as_str()), ("FromUserName", message.to())];
    let content = [("MsgType", "text"), ("Content", text.as_str())];
    write(message.seal().format, &addressed, ("CreateTime", create_time.as_secs()), &content)
}

/// Writes the envelope of an encrypted reply.
pub(super) fn sealed(
    format: CallbackFormat,
    sealed: &SealedMessage,
    create_time: Timestamp,
    nonce: &str,
) -> String {
    let signed = [("Encrypt", sealed.encrypted.as_str()), ("MsgSignature", &sealed.signature)];
    write(format, &signed, ("TimeStamp", create_time.as_secs()), &[("Nonce", nonce)])
}

/// Writes texts, a number and more texts; in XML without a blank between the tags: WeChat has refused some for one.
fn write(
    format: CallbackFormat,
    texts: &[(&str, &str)],
    (name, number): (&str, i64),
    more: &[(&str, &str)],
) -> String {
    match format {
        CallbackFormat::Json => json::write(&[texts, more].concat(), (name, number)),
        CallbackFormat::Xml => {
            let mut out = String::from("<xml>");
            texts.iter().for_each(|(name, text)| xml::push_text(&mut out, name, text));
            xml::push_number(&mut out, name, number);
            more.iter().for_each(|(name, text)| xml::push_text(&mut out, name, text));
            out.push_str("</xml>");
            out
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_anything_to_see_cannot_be_made() {
        for empty in ["", " ", "\u{1}\u{7f}", "\n\t"] {
            assert_eq!(ReplyText::new(empty), None, "{empty:?}");
        }
    }

    #[test]
    fn a_text_is_cut_to_what_wechat_takes_and_freed_of_what_xml_cannot_carry() {
        assert_eq!(ReplyText::new("a\u{0}b\u{ffff}c\nd").unwrap().as_str(), "abc\nd");
        let long = ReplyText::new(&"登".repeat(1000)).unwrap();
        assert_eq!(long.as_str().len(), 2046);
        assert_eq!(ReplyText::new(&"a".repeat(3000)).unwrap().as_str().len(), 2048);
    }
}
