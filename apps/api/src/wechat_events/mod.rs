//! Takes what WeChat tells in its callback: scans, follows and unfollows.

mod callback_event;

use std::{sync::Arc, time::Duration};

use actix_web::http::{StatusCode, header::ContentType};
use saoma_domain::{
    ports::{Clock, Random, StoreError, random_bytes},
    services::{FollowService, NoticeService, ScanService, ScannedEvent, ServiceError},
    time::Timestamp,
};
use saoma_wechat::callback::{
    CallbackCodec, CallbackQuery, CallbackRefused, Reply, ReplyText, VerifiedMessage,
};

use crate::{
    chat_replies::chat_reply,
    config::{AppConfig, AppKind},
    node::{Metrics, detached},
    problem::{ErrorCode, Problem},
    wechat_apps::WechatApps,
};
use callback_event::CallbackEvent;

/// WeChat hangs up after 5 s and sends again, so a failure is answered before that.
const TIME_LIMIT: Duration = Duration::from_millis(4500);

/// An app with a callback.
pub(crate) struct CallbackApp<'a> {
    app: &'a AppConfig,
    codec: &'a CallbackCodec,
}

/// Takes what WeChat tells.
pub(crate) struct WechatEvents {
    pub(crate) scans: Arc<ScanService>,
    pub(crate) follows: Arc<FollowService>,
    pub(crate) notices: Arc<NoticeService>,
    pub(crate) apps: Arc<WechatApps>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) metrics: Arc<Metrics>,
    /// The name of the site, for the replies in the chat.
    pub(crate) site: String,
}

impl WechatEvents {
    /// Returns the app whose callback it is.
    ///
    /// # Errors
    /// `not_found` for any other name.
    pub(crate) fn app(&self, name: &str) -> Result<CallbackApp<'_>, Problem> {
        let app = self.apps.find(AppKind::OfficialAccount, Some(name));
        let app = app.and_then(|app| Some(CallbackApp { app, codec: app.callback.as_deref()? }));
        app.ok_or_else(|| Problem::new(ErrorCode::NotFound, "no official account of this name is configured"))
    }

    /// Checks WeChat's check of the URL, and returns the text to answer.
    ///
    /// # Errors
    /// `callback_refused` for a call that is not WeChat's.
    pub(crate) fn echo(&self, app: &CallbackApp<'_>, query: &CallbackQuery) -> Result<String, Problem> {
        app.codec.echo(query, self.clock.now()).map(str::to_owned).map_err(refused)
    }

    /// Takes a message, and returns the answer with its type.
    ///
    /// # Errors
    /// `callback_refused` for a call that is not WeChat's, `body_invalid`, `body_too_large`, and `store_unavailable`
    /// where what the message means is not known to be stored: WeChat then sends it again.
    pub(crate) async fn take(
        &self,
        app: &CallbackApp<'_>,
        query: &CallbackQuery,
        body: &[u8],
    ) -> Result<(ContentType, String), Problem> {
        let message = app.codec.open(query, body, self.clock.now()).map_err(refused)?;
        let reply = match CallbackEvent::of(&message) {
            CallbackEvent::Scan(scene) => self.take_scan(app.app, &message, scene.to_owned()).await?,
            CallbackEvent::FollowChange { follows } => {
                self.take_follow_change(app.app, &message, follows).await?;
                Reply::Success
            }
            CallbackEvent::Said => self.take_said(app.app, &message).await,
            CallbackEvent::Other => Reply::Success,
        };
        let answer = app.codec.answer(&message, &reply, self.clock.now(), &random_bytes(&*self.random));
        let kind = match reply {
            Reply::Success => ContentType::plaintext(),
            Reply::Text(_) => ContentType::xml(),
        };
        Ok((kind, answer))
    }

    async fn take_scan(
        &self,
        app: &AppConfig,
        message: &VerifiedMessage,
        scene: String,
    ) -> Result<Reply, Problem> {
        let event = ScannedEvent { app: app.name.clone(), openid: message.from().clone(), scene };
        let scans = Arc::clone(&self.scans);
        let reply = in_time(async move { scans.take_scan(event).await }).await?;
        self.metrics.scan(&reply);
        let text = chat_reply(app, &self.site, &reply).and_then(|text| ReplyText::new(&text));
        Ok(text.map_or(Reply::Success, Reply::Text))
    }

    /// Tells a person in the chat what waits to be told. A store that does not answer leaves it for the next time.
    async fn take_said(&self, app: &AppConfig, message: &VerifiedMessage) -> Reply {
        let (name, openid, notices) = (app.name.clone(), message.from().clone(), Arc::clone(&self.notices));
        let notice = in_time(async move { notices.take(&name, &openid).await }).await.ok().flatten();
        notice.and_then(|text| ReplyText::new(&text)).map_or(Reply::Success, Reply::Text)
    }

    async fn take_follow_change(
        &self,
        app: &AppConfig,
        message: &VerifiedMessage,
        follows: bool,
    ) -> Result<(), Problem> {
        let (app, openid, service) = (app.name.clone(), message.from().clone(), Arc::clone(&self.follows));
        let at = Timestamp::from_secs(message.create_time());
        let work = async move {
            match follows {
                true => service.take_subscribe(app, openid, at).await,
                false => service.take_unsubscribe(app, openid, at).await,
            }
        };
        in_time(work).await?;
        Ok(())
    }
}

/// Does the work of an event within the time that WeChat waits. Work that takes longer is not stopped.
async fn in_time<T: Send + 'static>(
    work: impl Future<Output = Result<T, ServiceError>> + Send + 'static,
) -> Result<T, ServiceError> {
    let late = |_| ServiceError::Store(StoreError::Unavailable("an event took too long".to_owned()));
    tokio::time::timeout(TIME_LIMIT, detached("taking an event", work)).await.map_err(late)?
}

fn refused(error: CallbackRefused) -> Problem {
    match error {
        CallbackRefused::Forbidden => Problem::new(
            ErrorCode::CallbackRefused,
            "this is not a call that WeChat made to this app just now",
        ),
        CallbackRefused::Malformed => {
            Problem::new(ErrorCode::BodyInvalid, "the body is not a message of WeChat's")
                .with_status(StatusCode::BAD_REQUEST)
        }
        CallbackRefused::TooLarge => Problem::new(ErrorCode::BodyTooLarge, "a message has at most 64 KiB"),
    }
}
