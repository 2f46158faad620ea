//! What is written of a call.

use std::{borrow::Cow, sync::Arc};

use saoma_domain::{
    journal::JournalEntry,
    login::{LoginId, LoginScene},
    services::ScanReply,
    time::Timestamp,
    wechat::{AppName, OpenId},
};
use saoma_wechat::callback::{MessageKind, VerifiedMessage};

use super::JournalWriter;

/// What a call led to, in one word of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome(pub(crate) &'static str);

impl Outcome {
    /// The site's own system answered.
    pub(crate) const RELAYED: Self = Self("relayed");
    /// The message waits for the site's own system.
    pub(crate) const KEPT: Self = Self("kept");
    /// The account answered in the chat.
    pub(crate) const REPLIED: Self = Self("replied");
    /// Nothing.
    pub(crate) const SUCCESS: Self = Self("success");

    /// Returns what a scan led to.
    pub(crate) const fn of_scan(reply: &ScanReply) -> Self {
        Self(reply.as_str())
    }

    /// Completes an entry that is about to be written.
    pub(crate) fn of_entry(self, entry: JournalEntry, now: Timestamp) -> JournalEntry {
        let mut entry = JournalEntry { outcome: self.0.into(), ..entry };
        entry.note_taken(now);
        entry
    }
}

/// The kind of a message that could not be read.
pub(super) const UNREADABLE: &str = "unreadable";

/// A call of WeChat's.
pub(crate) struct Called<'a> {
    /// The app whose callback it came to.
    pub(crate) app: &'a AppName,
    /// What came.
    pub(crate) message: &'a VerifiedMessage,
    /// When it came.
    pub(crate) received_at: Timestamp,
    /// The id of the request.
    pub(crate) request_id: String,
}

impl JournalWriter {
    /// Makes the entry of a call whose outcome is not known yet; `None` where no journal is kept.
    pub(crate) fn entry_of(&self, called: &Called<'_>) -> Option<JournalEntry> {
        let (kind, key, text) = told(called.message.kind());
        self.entry_about(called, kind, key, text).map(|entry| JournalEntry {
            login: key.and_then(LoginScene::read).map(|scene| scene.id),
            ..entry
        })
    }

    /// Makes the entry of a scan whose outcome is not known yet; `None` where no journal is kept. Of a code that was sent as a
    /// message, it has the scene that the code stands for.
    pub(crate) fn entry_of_scan(
        &self,
        called: &Called<'_>,
        scene: &str,
        login: Option<LoginId>,
    ) -> Option<JournalEntry> {
        let (kind, _, text) = told(called.message.kind());
        self.entry_about(called, kind, Some(scene), text).map(|entry| JournalEntry { login, ..entry })
    }

    fn entry_about(
        &self,
        called: &Called<'_>,
        kind: Cow<'static, str>,
        key: Option<&str>,
        text: Option<&str>,
    ) -> Option<JournalEntry> {
        let message = called.message;
        let entry = || JournalEntry {
            key: key.map(str::to_owned),
            text: text.filter(|_| self.policy.keep_text).map(str::to_owned),
            told_at: Timestamp::from_secs(message.create_time()),
            msg_id: message.msg_id().map(str::to_owned),
            request_id: called.request_id.clone(),
            ..self.new_entry(called.app, message.person(), kind, called.received_at)
        };
        self.is_kept().then(entry)
    }

    /// Makes the entry of a message that could not be read; `None` where no journal is kept.
    pub(crate) fn entry_of_unreadable(
        &self,
        app: &AppName,
        openid: &OpenId,
        received_at: Timestamp,
        request_id: String,
    ) -> Option<JournalEntry> {
        let entry =
            || JournalEntry { request_id, ..self.new_entry(app, openid, UNREADABLE.into(), received_at) };
        self.is_kept().then(entry)
    }

    /// Makes an entry of which nothing else is known.
    pub(super) fn new_entry(
        &self,
        app: &AppName,
        openid: &OpenId,
        kind: Cow<'static, str>,
        at: Timestamp,
    ) -> JournalEntry {
        JournalEntry {
            id: self.next_id(at),
            received_at: at,
            told_at: at,
            app: app.clone(),
            openid: openid.clone(),
            kind: shortened(kind),
            login: None,
            key: None,
            text: None,
            msg_id: None,
            outcome: Cow::default(),
            node: Arc::clone(&self.node),
            request_id: String::new(),
            took_ms: 0,
            replay_of: None,
        }
    }
}

/// Returns what is told of a message: its kind, what it is about, and what the person wrote.
fn told(kind: &MessageKind) -> (Cow<'static, str>, Option<&str>, Option<&str>) {
    match kind {
        MessageKind::Subscribe { scene } => ("subscribe".into(), scene.as_deref(), None),
        MessageKind::Scan { scene } => ("scan".into(), Some(scene), None),
        MessageKind::Unsubscribe => ("unsubscribe".into(), None, None),
        MessageKind::Click { key } => ("click".into(), Some(key), None),
        // What stands in a query may be a secret.
        MessageKind::View { url } => ("view".into(), url.split('?').next(), None),
        MessageKind::AuthorizationChanged { name, .. } => (name.clone().into(), None, None),
        MessageKind::Location => ("location".into(), None, None),
        MessageKind::Text { content } => ("text".into(), None, Some(content)),
        MessageKind::Other { name, key } => {
            (name.clone().into(), Some(key.as_str()).filter(|key| !key.is_empty()), None)
        }
    }
}

/// Returns as much of a kind as is kept.
fn shortened(kind: Cow<'static, str>) -> Cow<'static, str> {
    match kind.char_indices().nth(JournalEntry::KIND_CHARS) {
        Some((end, _)) => kind.get(..end).unwrap_or_default().to_owned().into(),
        None => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_kind_is_cut_at_a_character() {
        assert_eq!(shortened("扫".repeat(100).into()), "扫".repeat(100));
        assert_eq!(shortened("扫".repeat(101).into()), "扫".repeat(100));
        assert_eq!(shortened("scan".into()), "scan");
    }
}
