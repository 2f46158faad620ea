//! What is told of something that a person does.

use saoma_wechat::callback::message_xml;

use crate::account::OfficialAccount;
use crate::world::{Event, EventKind, openid};

/// What is special about one kind of event.
pub(super) struct Happening {
    pub(super) kind: EventKind,
    pub(super) message_type: &'static str,
    pub(super) fields: Vec<(&'static str, String)>,
}

impl Happening {
    pub(super) fn event(kind: EventKind, name: &str, key: &str, ticket: Option<&str>) -> Self {
        let mut fields = vec![("Event", name.to_owned()), ("EventKey", key.to_owned())];
        fields.extend(ticket.map(|ticket| ("Ticket", ticket.to_owned())));
        Self { kind, message_type: "event", fields }
    }

    pub(super) fn into_event(self, id: u64, person: &str, account: &OfficialAccount, now: i64) -> Event {
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
