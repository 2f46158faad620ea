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
    /// The person gets a picture, by the id that WeChat gave it when it was uploaded.
    Image {
        /// The id (`media_id`).
        media_id: String,
    },
    /// The person gets a card that leads to a page.
    News(Article),
}

/// A card that leads to a page (图文消息).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// The title.
    pub title: String,
    /// The line below it; may be empty.
    pub description: String,
    /// Where the picture is; may be empty.
    pub picture: String,
    /// Where the card leads.
    pub url: String,
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

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r')
        || (c >= ' ' && !matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'))
}

/// Writes the passive reply; `None` for the one that shows nothing.
pub(super) fn passive(message: &VerifiedMessage, reply: &Reply, create_time: Timestamp) -> Option<String> {
    let addressed = [("ToUserName", message.from().as_str()), ("FromUserName", message.to())];
    let time = ("CreateTime", create_time.as_secs());
    let write = |kind: &str, content: &Content<'_>| {
        write(message.seal().format, &addressed, time, &[("MsgType", kind)], content)
    };
    match reply {
        Reply::Success => None,
        Reply::Text(text) => Some(write("text", &Content::Text("Content", text.as_str()))),
        Reply::Image { media_id } => {
            Some(write("image", &Content::Nested("Image", &[("MediaId", media_id)])))
        }
        Reply::News(Article { title, description, picture, url }) => {
            let fields = [("Title", title), ("Description", description), ("PicUrl", picture), ("Url", url)];
            Some(write("news", &Content::Article(&fields.map(|(name, text)| (name, text.as_str())))))
        }
    }
}

/// Writes the envelope of an encrypted reply.
pub(super) fn sealed(
    format: CallbackFormat,
    sealed: &SealedMessage,
    create_time: Timestamp,
    nonce: &str,
) -> String {
    let signed = [("Encrypt", sealed.encrypted.as_str()), ("MsgSignature", &sealed.signature)];
    let time = ("TimeStamp", create_time.as_secs());
    write(format, &signed, time, &[], &Content::Text("Nonce", nonce))
}

/// What stands last in an answer.
enum Content<'a> {
    /// A text.
    Text(&'a str, &'a str),
    /// Texts within an element.
    Nested(&'a str, &'a [(&'a str, &'a str)]),
    /// The one card of a list of cards.
    Article(&'a [(&'a str, &'a str)]),
}

/// Writes texts, a number, more texts and the content; in XML without a blank between the tags: WeChat has refused some
/// for one.
fn write(
    format: CallbackFormat,
    texts: &[(&str, &str)],
    (name, number): (&str, i64),
    more: &[(&str, &str)],
    content: &Content<'_>,
) -> String {
    match format {
        CallbackFormat::Json => {
            let object = json::texts(&[texts, more].concat());
            let content = match content {
                Content::Text(name, text) => json::texts(&[(name, text)]),
                Content::Nested(name, fields) => json::nested(name, json::texts(fields)),
                Content::Article(fields) => json::one_article(json::texts(fields)),
            };
            json::write(object, (name, number), content)
        }
        CallbackFormat::Xml => {
            let mut out = String::from("<xml>");
            texts.iter().for_each(|(name, text)| xml::push_text(&mut out, name, text));
            xml::push_number(&mut out, name, number);
            more.iter().for_each(|(name, text)| xml::push_text(&mut out, name, text));
            push_content(&mut out, content);
            out.push_str("</xml>");
            out
        }
    }
}

fn push_content(out: &mut String, content: &Content<'_>) {
    let nested = |out: &mut String, name: &str, fields: &[(&str, &str)]| {
        out.push_str(&format!("<{name}>"));
        fields.iter().for_each(|(name, text)| xml::push_text(out, name, text));
        out.push_str(&format!("</{name}>"));
    };
    match content {
        Content::Text(name, text) => xml::push_text(out, name, text),
        Content::Nested(name, fields) => nested(out, name, fields),
        Content::Article(fields) => {
            xml::push_number(out, "ArticleCount", 1);
            out.push_str("<Articles>");
            nested(out, "item", fields);
            out.push_str("</Articles>");
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
