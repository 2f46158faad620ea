//! The embedder's own code behind an app, called as another system behind it would be.

use std::{sync::Arc, time::Duration};

use actix_web::web::Query;
use async_trait::async_trait;
use saoma_domain::{
    chat::{ChatReply, IncomingMessage, MessageContent},
    message::{RawMessage, RelayAnswer},
    ports::{Accounts, Clock, OnMessage, Random, Relay, RelayError, random_bytes},
    time::Timestamp,
    wechat::AppName,
};
use saoma_wechat::callback::{
    Article, CallbackCodec, CallbackFormat, CallbackQuery, MessageKind, Opened, Reply, ReplyText, SUCCESS,
    VerifiedMessage,
};

use crate::wechat_apps::WechatApps;

/// As long as another system may take.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Hands messages to the embedder's own code, and those that it does not hear to the system behind the app.
pub(crate) struct HookedRelay {
    pub(crate) hook: Arc<dyn OnMessage>,
    pub(crate) relay: Arc<dyn Relay>,
    pub(crate) apps: Arc<WechatApps>,
    pub(crate) accounts: Arc<dyn Accounts>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
}

#[async_trait]
impl Relay for HookedRelay {
    fn relays(&self, app: &AppName) -> bool {
        self.hook.hears(app) || self.relay.relays(app)
    }

    fn relays_logins(&self, app: &AppName) -> bool {
        !self.hook.hears(app) && self.relay.relays_logins(app)
    }

    async fn forward(&self, app: &AppName, raw: &RawMessage) -> Result<RelayAnswer, RelayError> {
        if !self.hook.hears(app) {
            return self.relay.forward(app, raw).await;
        }
        let taken = tokio::time::timeout(TIME_LIMIT, self.take(app, raw)).await;
        taken.unwrap_or_else(|_| Err(failed("the hook `OnMessage` did not answer within 30 s")))
    }
}

impl HookedRelay {
    async fn take(&self, app: &AppName, raw: &RawMessage) -> Result<RelayAnswer, RelayError> {
        let codec = self.apps.with_callback().find(|(found, _)| found.name == *app).map(|(_, codec)| codec);
        let codec = codec.ok_or_else(|| failed("the app has no callback any more"))?;
        // What cannot be read says nothing to the hook, and WeChat is told that it was taken.
        let Some(message) = reopen(codec, raw)? else {
            return Ok(answer("text/plain; charset=utf-8", SUCCESS));
        };
        let identity = self.accounts.identity_of(app, message.person()).await;
        let account = identity.map_err(|error| failed(&error.to_string()))?.and_then(|found| found.account);
        let incoming = incoming(app, &message).with_account(account);
        let taken = self.hook.take(incoming).await;
        let reply = taken.map_err(|error| failed(&format!("the hook `OnMessage` failed: {error}")))?;
        let reply = reply.map_or(Reply::Success, passive);
        let body = codec.answer(&message, &reply, self.clock.now(), &random_bytes(&*self.random));
        let kind = match (&reply, message.is_json()) {
            (Reply::Success, _) => "text/plain; charset=utf-8",
            (Reply::Text(_) | Reply::Image { .. } | Reply::News(_), true) => "application/json",
            (Reply::Text(_) | Reply::Image { .. } | Reply::News(_), false) => {
                "application/xml; charset=utf-8"
            }
        };
        Ok(answer(kind, &body))
    }
}

fn failed(reason: &str) -> RelayError {
    RelayError { reason: reason.to_owned() }
}

fn answer(content_type: &str, body: &str) -> RelayAnswer {
    RelayAnswer { content_type: content_type.to_owned(), body: body.as_bytes().to_vec() }
}

/// Reads a message that was checked when it came.
fn reopen(codec: &CallbackCodec, raw: &RawMessage) -> Result<Option<VerifiedMessage>, RelayError> {
    let query = Query::<CallbackQuery>::from_query(&raw.query);
    let query = query.map_err(|_| failed("the query of a message cannot be read"))?.into_inner();
    let is_json = raw.content_type.to_ascii_lowercase().starts_with("application/json");
    let format = if is_json { CallbackFormat::Json } else { CallbackFormat::Xml };
    // Only after a change of the app's token or key it can fail.
    let opened = codec.reopen(&query, format, &raw.body);
    match opened.map_err(|_| failed("a message does not fit the app's token and key any more"))? {
        Opened::Message(message) => Ok(Some(message)),
        Opened::Unreadable => Ok(None),
    }
}

fn incoming(app: &AppName, message: &VerifiedMessage) -> IncomingMessage {
    let content = match message.kind().clone() {
        MessageKind::Text { content } => MessageContent::Text { text: content },
        MessageKind::Subscribe { scene } => MessageContent::Subscribe { scene },
        MessageKind::Unsubscribe => MessageContent::Unsubscribe,
        MessageKind::Scan { scene } => MessageContent::Scan { scene },
        MessageKind::Click { key } => MessageContent::Click { key },
        MessageKind::View { url } => MessageContent::View { url },
        MessageKind::AuthorizationChanged { is_revoked: true, .. } => MessageContent::AuthorizationRevoked,
        MessageKind::AuthorizationChanged { is_revoked: false, name, .. } => {
            MessageContent::Other { name, key: String::new() }
        }
        MessageKind::Location => MessageContent::Other { name: "LOCATION".to_owned(), key: String::new() },
        MessageKind::Other { name, key } => MessageContent::Other { name, key },
    };
    let (openid, sent_at) = (message.person().clone(), Timestamp::from_secs(message.create_time()));
    IncomingMessage::new(message.id(app), app.clone(), openid, content, sent_at)
}

/// Returns a reply as WeChat takes it.
fn passive(reply: ChatReply) -> Reply {
    match reply {
        ChatReply::Text(text) => ReplyText::new(&text).map_or(Reply::Success, Reply::Text),
        ChatReply::Image { media_id } => Reply::Image { media_id },
        ChatReply::News { title, description, picture, url } => {
            Reply::News(Article { title, description, picture, url })
        }
    }
}
