//! Messages of WeChat's callback that are about no login, on their way to the site's own system.

use std::fmt;

use crate::{
    digest::hash_of_parts,
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// Which message it is. A message that WeChat sends again has the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId([u8; 32]);

impl MessageId {
    /// Makes the id out of the app and what tells a message from others: a number of WeChat's, or what happened, to whom
    /// and when. Each part counts with its length.
    pub fn of(app: &AppName, parts: &[&[u8]]) -> Self {
        Self(hash_of_parts("message", &[&[app.as_str().as_bytes()], parts].concat()))
    }

    /// Makes the id out of the 32 bytes that a store kept.
    pub const fn from_store(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A call of WeChat's, byte for byte, so that another system can check it as if WeChat had called it.
#[derive(Clone, PartialEq, Eq)]
pub struct RawMessage {
    /// The query behind the URL, without the question mark.
    pub query: String,
    /// The `Content-Type`; empty where there was none.
    pub content_type: String,
    /// The body, at most 64 KiB; encrypted where it came so.
    pub body: Vec<u8>,
}

impl fmt::Debug for RawMessage {
    /// Shows sizes only: a message is what a person wrote, and its signature opens the other system's door.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawMessage").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// A message for the site's own system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayedMessage {
    /// Which message it is.
    pub id: MessageId,
    /// The app whose callback it came to.
    pub app: AppName,
    /// Who sent it.
    pub openid: OpenId,
    /// What came.
    pub raw: RawMessage,
    /// When it came.
    pub received_at: Timestamp,
}

/// What the site's own system answered, byte for byte.
#[derive(Clone, PartialEq, Eq)]
pub struct RelayAnswer {
    /// The `Content-Type`; empty where there was none.
    pub content_type: String,
    /// The body, at most 64 KiB.
    pub body: Vec<u8>,
}

impl fmt::Debug for RelayAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelayAnswer").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart_by_their_app_and_every_part() {
        let (main, shop) = (AppName::parse("main").unwrap(), AppName::parse("shop").unwrap());
        let id = MessageId::of(&main, &[b"ab", b"c"]);
        assert_eq!(id, MessageId::of(&main, &[b"ab", b"c"]));
        assert_ne!(id, MessageId::of(&shop, &[b"ab", b"c"]));
        assert_ne!(id, MessageId::of(&main, &[b"a", b"bc"]));
        assert_ne!(id, MessageId::of(&main, &[b"ab", b"c", b""]));
    }

    #[test]
    fn what_a_person_wrote_is_not_printed() {
        let raw = RawMessage {
            query: "signature=5ec".into(),
            content_type: String::new(),
            body: b"hello".to_vec(),
        };
        let answer = RelayAnswer { content_type: String::new(), body: b"hello".to_vec() };
        let printed = format!("{raw:?} {answer:?}");
        assert!(!printed.contains("hello") && !printed.contains("5ec"), "{printed}");
    }
}
