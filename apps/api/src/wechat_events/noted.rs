//! Messages that are about no login, for those who hear of them (`wechat.event`).

use saoma_domain::{
    event::{Event, EventKind},
    services::ServiceError,
    time::Timestamp,
};
use saoma_wechat::callback::{MessageKind, VerifiedMessage};
use serde_json::{Map, Value, json};

use super::{WechatEvents, in_time};
use crate::config::AppConfig;

impl WechatEvents {
    /// Keeps a message that is about no login for those who hear of such, with the account of its person where there is
    /// one. Nothing is read where no system does.
    pub(super) async fn note(&self, app: &AppConfig, message: &VerifiedMessage) -> Result<(), ServiceError> {
        if !self.telling.is_heard(EventKind::WechatEvent) {
            return Ok(());
        }
        let (accounts, telling) = (self.accounts.clone(), self.telling.clone());
        let (name, openid, said) = (app.name.clone(), message.person().clone(), said(message));
        let at = Timestamp::from_secs(message.create_time()).min(self.clock.now());
        in_time(async move {
            let identity = accounts.identity_of(&name, &openid).await?;
            let event = Event {
                account: identity.as_ref().and_then(|identity| identity.account),
                identity: identity.map(|identity| identity.id),
                app: Some(name),
                detail: Some(said),
                ..Event::new(EventKind::WechatEvent, at)
            };
            Ok(telling.note(event).await?)
        })
        .await
    }
}

/// Returns what a message says, as JSON.
fn said(message: &VerifiedMessage) -> String {
    let mut event = Map::from_iter([
        ("openid".to_owned(), json!(message.person().as_str())),
        ("create_time".to_owned(), json!(message.create_time())),
    ]);
    let mut add = |name: &str, value: &str| event.insert(name.to_owned(), json!(value));
    if let Some(id) = message.msg_id() {
        add("msg_id", id);
    }
    match message.kind() {
        MessageKind::Subscribe { scene } => {
            add("kind", "subscribe");
            if let Some(scene) = scene {
                add("scene", scene);
            }
        }
        MessageKind::Scan { scene } => {
            add("kind", "scan");
            add("scene", scene);
        }
        MessageKind::Unsubscribe => drop(add("kind", "unsubscribe")),
        MessageKind::Click { key } => {
            add("kind", "click");
            add("key", key);
        }
        MessageKind::View { url } => {
            add("kind", "view");
            add("url", url);
        }
        MessageKind::AuthorizationChanged { name, .. } => drop(add("kind", name)),
        MessageKind::Location => drop(add("kind", "location")),
        MessageKind::Text { content } => {
            add("kind", "text");
            add("text", content);
        }
        MessageKind::Other { name, key } => {
            add("kind", name);
            add("key", key);
        }
    }
    Value::Object(event).to_string()
}
