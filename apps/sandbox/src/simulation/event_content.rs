//! The message that reports what a person has done.

use saoma_wechat::callback::{CallbackFormat, message_xml};
use serde_json::{Map, Value, json};

use crate::apps::OfficialAccount;
use crate::state::{Event, EventKind, openid};

/// Who says that a person revoked what they allowed: not the person.
const PLATFORM: &str = "oWECHATPLATFORM0000000000001";

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

    /// A person took back what they allowed an app to know.
    pub(crate) fn revoke(app_id: &str, openid: &str) -> Self {
        let name = "user_authorization_revoke";
        let fields = [("Event", name), ("OpenID", openid), ("AppID", app_id), ("RevokeInfo", "301")];
        let fields = fields.map(|(field, value)| (field, value.to_owned())).to_vec();
        Self { kind: EventKind::Revoke, message_type: "event", fields }
    }

    fn event(kind: EventKind, name: &str, key: &str, ticket: Option<&str>) -> Self {
        let mut fields = vec![("Event", name.to_owned()), ("EventKey", key.to_owned())];
        fields.extend(ticket.map(|ticket| ("Ticket", ticket.to_owned())));
        Self { kind, message_type: "event", fields }
    }

    pub(crate) fn into_event(self, id: u64, person: &str, account: &OfficialAccount, now: i64) -> Event {
        let from = match self.kind {
            EventKind::Revoke => PLATFORM.to_owned(),
            EventKind::Subscribe
            | EventKind::Unsubscribe
            | EventKind::Scan
            | EventKind::Text
            | EventKind::Click
            | EventKind::Picture => openid(&account.app_id, person),
        };
        let at = now.to_string();
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
            body: match account.format {
                CallbackFormat::Xml => message_xml(&fields),
                CallbackFormat::Json => message_json(&fields),
            },
            deliveries: Vec::new(),
        }
    }
}

/// Writes a message from its fields, with the numbers that WeChat writes as such.
fn message_json(fields: &[(&str, &str)]) -> String {
    let value = |name: &str, text: &str| match text.parse::<i64>() {
        Ok(number) if matches!(name, "CreateTime" | "MsgId") => json!(number),
        Ok(_) | Err(_) => json!(text),
    };
    let fields: Map<String, Value> =
        fields.iter().map(|(name, text)| ((*name).to_owned(), value(name, text))).collect();
    Value::Object(fields).to_string()
}
