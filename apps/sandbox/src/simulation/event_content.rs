//! The message that reports what a person has done.

use saoma_wechat::callback::message_xml;

use crate::apps::OfficialAccount;
use crate::state::{Event, EventKind, openid};

/// The part of an event that depends on its kind.
pub(crate) struct EventContent {
    kind: EventKind,
    message_type: &'static str,
    fields: Vec<(&'static str, String)>,
}

impl EventContent {
    pub(crate) fn subscribe(key: &str, ticket: Option<&str>) -> Self {
        Self::event(EventKind::Subscribe, "subscribe", key, ticket)
    }

    pub(crate) fn unsubscribe() -> Self {
        Self::event(EventKind::Unsubscribe, "unsubscribe", "", None)
    }

    pub(crate) fn scan(scene: &str, ticket: &str) -> Self {
        Self::event(EventKind::Scan, "SCAN", scene, Some(ticket))
    }

    pub(crate) fn text(text: &str, id: &str) -> Self {
        let fields = vec![("Content", text.to_owned()), ("MsgId", format!("249{id:0>14}"))];
        Self { kind: EventKind::Text, message_type: "text", fields }
    }

    pub(crate) fn click(key: &str) -> Self {
        Self::event(EventKind::Click, "CLICK", key, None)
    }

    pub(crate) fn picture(id: &str) -> Self {
        let (message_id, media_id) = (format!("249{id:0>14}"), format!("media-{id}"));
        let picture = format!("http://mmbiz.qpic.cn/mmbiz_jpg/{id}/0");
        let fields = vec![("PicUrl", picture), ("MsgId", message_id), ("MediaId", media_id)];
        Self { kind: EventKind::Picture, message_type: "image", fields }
    }

    fn event(kind: EventKind, name: &str, key: &str, ticket: Option<&str>) -> Self {
        let mut fields = vec![("Event", name.to_owned()), ("EventKey", key.to_owned())];
        fields.extend(ticket.map(|ticket| ("Ticket", ticket.to_owned())));
        Self { kind, message_type: "event", fields }
    }

    pub(crate) fn into_event(self, id: u64, person: &str, account: &OfficialAccount, now: i64) -> Event {
        let (from, at) = (openid(&account.app_id, person), now.to_string());
        let mut fields = vec![
            ("ToUserName", account.original_id.as_str()),
            ("FromUserName", from.as_str()),
            ("CreateTime", at.as_str()),
            ("MsgType", self.message_type),
        ];
        fields.extend(self.fields.iter().map(|(name, text)| (*name, text.as_str())));
        Event {
            id,
            person: person.to_owned(),
            account: account.name.clone(),
            kind: self.kind,
            created_at: now,
            body: message_xml(&fields),
            deliveries: Vec::new(),
        }
    }
}
