//! Messages that go on to the site's own system.

use std::sync::Arc;

use actix_web::{HttpRequest, http::header};
use saoma_domain::{
    journal::JournalEntry,
    message::{MessageId, RawMessage, RelayedMessage},
    time::Timestamp,
    wechat::{AppName, OpenId},
};
use saoma_wechat::callback::{CallbackQuery, VerifiedMessage};

use super::{CallbackAnswer, WechatEvents, in_time, request_id};
use crate::{journal::Outcome, problem::Problem};

/// Stands for the person of a message that does not say who sent it.
const SOMEONE: &str = "unknown";

/// Returns a message as it goes on.
pub(super) fn message(
    app: &AppName,
    request: &HttpRequest,
    message: &VerifiedMessage,
    body: &[u8],
    received_at: Timestamp,
) -> RelayedMessage {
    let (id, openid) = (message.id(app), message.person().clone());
    RelayedMessage { id, app: app.clone(), openid, raw: raw(request, body), received_at }
}

/// Returns a message that could not be read, as it goes on.
fn unreadable(
    app: &AppName,
    request: &HttpRequest,
    query: &CallbackQuery,
    body: &[u8],
    received_at: Timestamp,
) -> Option<RelayedMessage> {
    let named = query.openid.as_deref().unwrap_or(SOMEONE);
    let openid = OpenId::parse(named).or_else(|_| OpenId::parse(SOMEONE)).ok()?;
    let id = MessageId::of(app, &[b"unreadable", body]);
    Some(RelayedMessage { id, app: app.clone(), openid, raw: raw(request, body), received_at })
}

fn raw(request: &HttpRequest, body: &[u8]) -> RawMessage {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    RawMessage {
        query: request.query_string().to_owned(),
        content_type: content_type.unwrap_or_default().to_owned(),
        body: body.to_vec(),
    }
}

impl WechatEvents {
    /// Takes a message that could not be read: the site's own system may be able to.
    ///
    /// # Errors
    /// As [`WechatEvents::hand_on`].
    pub(super) async fn take_unreadable(
        &self,
        app: &AppName,
        request: &HttpRequest,
        query: &CallbackQuery,
        body: &[u8],
    ) -> Result<CallbackAnswer, Problem> {
        self.metrics.callback(app, "unreadable");
        let received_at = self.clock.now();
        let Some(message) = unreadable(app, request, query, body, received_at) else {
            return Ok(CallbackAnswer::success());
        };
        let entry = self.journal.entry_of_unreadable(app, &message.openid, received_at, request_id(request));
        if !self.relaying.relays(app) {
            self.write_down(entry, Outcome::SUCCESS).await?;
            return Ok(CallbackAnswer::success());
        }
        let answer = self.hand_on(message, entry).await?;
        Ok(answer.unwrap_or_else(CallbackAnswer::success))
    }

    /// Hands a message on to the system of its app and writes it into the journal, both at the same time; returns that system's
    /// answer if it came in time.
    ///
    /// Nearly every message is answered, so that is what the entry says from the beginning. It is mended before WeChat is answered
    /// where the message was kept. What it says counts once WeChat was answered: what was not, WeChat sends again.
    ///
    /// # Errors
    /// `store_unavailable` where the message was neither taken nor kept, or is not in the journal: WeChat then sends it again.
    pub(super) async fn hand_on(
        &self,
        message: RelayedMessage,
        entry: Option<JournalEntry>,
    ) -> Result<Option<CallbackAnswer>, Problem> {
        let written = entry.as_ref().map(|entry| (entry.id, entry.received_at));
        let handed = in_time(Arc::clone(&self.relaying).hand_on(message));
        let (answer, noted) = tokio::join!(handed, self.write_down(entry, Outcome::RELAYED));
        let answer = answer?;
        noted?;
        if let (None, Some((id, received_at))) = (&answer, written) {
            let journal = Arc::clone(&self.journal);
            in_time(async move { journal.mend(id, Outcome::KEPT, received_at).await }).await?;
        }
        Ok(answer.map(CallbackAnswer::from))
    }

    /// Keeps a message for its app's system, which is told of it in the background.
    ///
    /// # Errors
    /// As [`WechatEvents::hand_on`].
    pub(super) async fn keep(&self, message: RelayedMessage) -> Result<(), Problem> {
        if self.relaying.relays(&message.app) {
            let relaying = Arc::clone(&self.relaying);
            in_time(async move { relaying.keep(message).await }).await?;
        }
        Ok(())
    }
}
