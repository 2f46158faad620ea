//! What an event of the journal that is about no login would lead to if it came now.

use std::{collections::BTreeSet, sync::Arc};

use saoma_domain::{
    journal::JournalEntry,
    login::{ConfirmNumber, MessageCode},
    wechat::AppName,
};
use saoma_wechat::callback::{MessageKind, Reply};

use super::{Outcome, Replayed, entry::UNREADABLE};
use crate::{
    chat_replies::{ChatSite, Fields, StandingReplies, reply_to},
    relaying::Relaying,
};

/// Foresees what messages, menus and foreign scenes lead to.
pub(crate) struct Words {
    pub(crate) relaying: Arc<Relaying>,
    pub(crate) replies: Arc<StandingReplies>,
    pub(crate) site: Arc<ChatSite>,
    /// The apps whose logins begin with a message.
    pub(crate) by_message: BTreeSet<AppName>,
}

impl Words {
    /// Returns what an event would lead to in one word, and what it would be answered or why that cannot be told.
    pub(super) fn foresee(&self, told: &JournalEntry) -> (&'static str, String) {
        let refuse = |why: &str| (Replayed::NOT_REPLAYABLE, why.to_owned());
        if self.relaying.relays(&told.app) {
            return refuse(
                "it is for the system at `relay_url`: the journal does not keep the call as it came, so it cannot be handed on \
                 again",
            );
        }
        if told.kind == UNREADABLE {
            return refuse("it could not be read");
        }
        if told.kind == "text" && told.text.is_none() {
            return refuse("the journal did not keep what the person wrote: `journal.keep_text` was off");
        }
        if told.text.as_deref().is_some_and(|text| ConfirmNumber::parse(text.trim()).is_some()) {
            return refuse(
                "it may be the two digits that a phone is asked for, which only the person can give",
            );
        }
        let is_code = |text: &str| self.by_message.contains(&told.app) && MessageCode::parse(text).is_some();
        if told.text.as_deref().is_some_and(is_code) {
            return refuse("it may be the code of a login that is over");
        }
        // Names are looked up for a person who waits for the answer.
        let fields = Fields { site: &self.site.name, nickname: "{nickname}" };
        match reply_to(&self.replies.of(&told.app), &fields, &kind(told)) {
            Reply::Success => (Outcome::SUCCESS.0, "nothing would be answered".to_owned()),
            Reply::Text(text) => replied(&format!("the text: {}", text.as_str())),
            Reply::Image { media_id } => replied(&format!("the picture {media_id}")),
            Reply::News(article) => replied(&format!("the card: {}", article.title)),
        }
    }
}

fn replied(what: &str) -> (&'static str, String) {
    (Outcome::REPLIED.0, format!("would be answered with {what}"))
}

/// Returns what an entry says, as far as replies go by it.
fn kind(told: &JournalEntry) -> MessageKind {
    let (key, text) = (told.key.clone().unwrap_or_default(), told.text.clone().unwrap_or_default());
    match &*told.kind {
        "text" => MessageKind::Text { content: text },
        "click" => MessageKind::Click { key },
        "scan" => MessageKind::Scan { scene: key },
        "view" => MessageKind::View { url: key },
        "location" => MessageKind::Location,
        name => MessageKind::Other { name: name.to_owned(), key },
    }
}
