//! Takes what WeChat tells in its callback: scans, follows and unfollows.

mod answering;
mod callback_answer;
mod callback_event;
mod codes;
mod digits;
mod noted;
mod refusals;
mod relayed;
mod scans;

use std::{sync::Arc, time::Duration};

use actix_web::{HttpMessage, HttpRequest, http::StatusCode};
use saoma_domain::{
    journal::JournalEntry,
    ports::{Clock, LoginSteps, Random, StoreError, random_bytes},
    services::{
        AccountService, CallbackSignatures, FollowService, MessageCodeService, NoticeService,
        PhoneConfirmation, RevocationService, ScanService, ServiceError,
    },
    time::Timestamp,
    wechat::OpenId,
};
use saoma_wechat::callback::{
    CallbackCodec, CallbackFormat, CallbackQuery, CallbackRefused, NotWechat, Opened, Reply, ReplyText,
    VerifiedMessage,
};

use crate::{
    chat_replies::{ChatSite, OwnTexts, StandingReplies},
    config::AppConfig,
    journal::{Called, JournalWriter, Outcome},
    login_watch::LoginWatch,
    node::{Metrics, detached},
    problem::{ErrorCode, Problem},
    relaying::Relaying,
    telling::Telling,
    wechat_apps::WechatApps,
};
pub(crate) use callback_answer::CallbackAnswer;
use callback_event::CallbackEvent;
use codes::{Said, WrongCode};
pub(crate) use refusals::{RefusalLog, RefusedCallback};
pub(crate) use scans::{answered, scanned};

/// WeChat hangs up after 5 s and sends again, so a failure is answered before that.
const TIME_LIMIT: Duration = Duration::from_millis(4500);

/// An app with a callback.
pub(crate) struct CallbackApp<'a> {
    app: &'a AppConfig,
    codec: &'a CallbackCodec,
}

/// Whether a message goes on to the site's own system, where there is one.
enum Onward {
    /// It is about a login, and that system is not told of logins.
    Nowhere,
    /// It is told in the background: WeChat gets our answer.
    Later,
    /// It is told at once, and its answer is the answer.
    Now,
}

/// What a message led to.
struct Taken {
    reply: Reply,
    onward: Onward,
    /// In one word, for the journal.
    outcome: Outcome,
    /// Whether it is in the journal already.
    is_written: bool,
    /// Whether it was about a login, which those who hear of messages are not told.
    is_login: bool,
}

impl Taken {
    /// What is about no login, and is answered by another system at once, where there is one.
    fn of_words() -> Self {
        let (reply, outcome) = (Reply::Success, Outcome::SUCCESS);
        Self { reply, onward: Onward::Now, outcome, is_written: false, is_login: false }
    }
}

/// Takes what WeChat tells.
pub(crate) struct WechatEvents {
    pub(crate) signatures: Arc<CallbackSignatures>,
    pub(crate) scans: Arc<ScanService>,
    pub(crate) codes: Arc<MessageCodeService>,
    pub(crate) confirmation: Arc<PhoneConfirmation>,
    pub(crate) follows: Arc<FollowService>,
    pub(crate) revocations: Arc<RevocationService>,
    pub(crate) notices: Arc<NoticeService>,
    pub(crate) relaying: Arc<Relaying>,
    pub(crate) telling: Arc<Telling>,
    pub(crate) journal: Arc<JournalWriter>,
    pub(crate) steps: Arc<dyn LoginSteps>,
    pub(crate) replies: Arc<StandingReplies>,
    pub(crate) accounts: Arc<AccountService>,
    pub(crate) own_texts: OwnTexts,
    pub(crate) apps: Arc<WechatApps>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) watch: Arc<LoginWatch>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) refusals: RefusalLog,
    /// The site, for the replies in the chat.
    pub(crate) site: Arc<ChatSite>,
}

impl WechatEvents {
    /// Returns the app whose callback it is.
    ///
    /// # Errors
    /// `not_found` for any other name.
    pub(crate) fn app(&self, name: &str) -> Result<CallbackApp<'_>, Problem> {
        let app = self.apps.with_callback().find(|(app, _)| app.name.as_str() == name);
        app.map(|(app, codec)| CallbackApp { app, codec })
            .ok_or_else(|| Problem::new(ErrorCode::NotFound, "no app of this name has a callback"))
    }

    /// Checks WeChat's check of the URL, and returns the text to answer.
    ///
    /// # Errors
    /// `callback_refused` for a call that is not WeChat's.
    pub(crate) async fn echo(
        &self,
        app: &CallbackApp<'_>,
        request: &HttpRequest,
        query: &CallbackQuery,
    ) -> Result<String, Problem> {
        let refused = |error| self.refused(app, request, error);
        let echo = app.codec.echo(query, self.clock.now()).map_err(refused)?;
        if app.codec.takes_unsigned_bodies() && !self.admits(app, query, echo.as_bytes()).await? {
            return Err(refused(NotWechat::Signature.into()));
        }
        let name = &app.app.name;
        tracing::info!(app = %name, callback = "echo", "WeChat checked the callback of {name}: URL and Token are right");
        Ok(echo.to_owned())
    }

    /// Takes a message, and returns the answer with its type.
    ///
    /// # Errors
    /// `callback_refused` for a call that is not WeChat's, `body_invalid`, `body_too_large`, and `store_unavailable`
    /// where what the message means is not known to be stored: WeChat then sends it again.
    pub(crate) async fn take(
        &self,
        app: &CallbackApp<'_>,
        request: &HttpRequest,
        query: &CallbackQuery,
        body: &[u8],
    ) -> Result<CallbackAnswer, Problem> {
        let received_at = self.clock.now();
        let is_json = request.content_type().eq_ignore_ascii_case("application/json");
        let format = if is_json { CallbackFormat::Json } else { CallbackFormat::Xml };
        let opened = app.codec.open(query, format, body, self.clock.now());
        let message = match opened.map_err(|error| self.refused(app, request, error))? {
            Opened::Message(message) => message,
            Opened::Unreadable => return self.take_unreadable(&app.app.name, request, query, body).await,
        };
        if !message.is_signed() && !self.admits(app, query, body).await? {
            return Err(self.refused(app, request, NotWechat::Signature.into()));
        }
        tracing::debug!(app = %app.app.name, callback = "message", "WeChat sent a message");
        self.metrics.callback(&app.app.name, if message.is_damaged() { "damaged" } else { "taken" });
        let called =
            Called { app: &app.app.name, message: &message, received_at, request_id: request_id(request) };
        let Taken { reply, onward, outcome, is_written, is_login } =
            self.take_verified(app.app, request, &called).await?;
        if !is_login {
            self.note(app.app, &message).await?;
        }
        let relayed = || relayed::message(&app.app.name, request, &message, body, self.clock.now());
        let entry = if is_written { None } else { self.journal.entry_of(&called) };
        match onward {
            Onward::Now if self.relaying.relays(&app.app.name) => {
                if let Some(answer) = self.hand_on(relayed(), entry).await? {
                    return Ok(answer);
                }
            }
            Onward::Now | Onward::Nowhere => self.write_down(entry, outcome).await?,
            Onward::Later => {
                self.keep(relayed()).await?;
                self.write_down(entry, outcome).await?;
            }
        }
        let answer = app.codec.answer(&message, &reply, self.clock.now(), &random_bytes(&*self.random));
        Ok(CallbackAnswer::ours(&reply, is_json, answer))
    }

    /// Takes what a message means to us, and returns our answer and whether the message goes on.
    async fn take_verified(
        &self,
        app: &AppConfig,
        request: &HttpRequest,
        called: &Called<'_>,
    ) -> Result<Taken, Problem> {
        let message = called.message;
        match CallbackEvent::of(app.kind, message) {
            CallbackEvent::Scan(scene) => self.take_scan(app, request, called, scene.to_owned()).await,
            CallbackEvent::FollowChange { follows } => {
                self.take_follow_change(app, message, follows).await?;
                let outcome = Outcome(if follows { "followed" } else { "unfollowed" });
                Ok(Taken { outcome, ..self.answered(app, message).await })
            }
            CallbackEvent::Said => match self.take_digits(app, request, message).await? {
                Some(taken) => Ok(taken),
                None => match self.read_code(app, request, called).await? {
                    Said::Code(taken) => Ok(taken),
                    Said::WrongCode(wrong) => self.take_words(app, message, Some(wrong)).await,
                    Said::Words => self.take_words(app, message, None).await,
                },
            },
            CallbackEvent::AuthorizationChanged { openid, profile_only } => {
                self.take_revocation(app, message, openid.clone(), profile_only).await?;
                let outcome = Outcome(if profile_only { "profile_changed" } else { "revoked" });
                Ok(Taken { outcome, ..Taken::of_words() })
            }
            CallbackEvent::Other => Ok(self.answered(app, message).await),
        }
    }

    /// Takes what a person wrote or tapped: what waits to be told comes before other answers.
    async fn take_words(
        &self,
        app: &AppConfig,
        message: &VerifiedMessage,
        wrong: Option<WrongCode>,
    ) -> Result<Taken, Problem> {
        match (self.take_said(app, message).await, wrong) {
            (None, None) => Ok(self.answered(app, message).await),
            (None, Some(wrong)) => Ok(self.answered_to_code(app, message, wrong).await),
            // A message has one answer, and the person has to be told this one.
            (Some(notice), _) => {
                let (reply, outcome) = (Reply::Text(notice), Outcome::REPLIED);
                Ok(Taken { reply, onward: Onward::Later, outcome, ..Taken::of_words() })
            }
        }
    }

    /// Returns whether a signature that covers no body is good for this one.
    async fn admits(
        &self,
        app: &CallbackApp<'_>,
        query: &CallbackQuery,
        body: &[u8],
    ) -> Result<bool, ServiceError> {
        let (signatures, name) = (Arc::clone(&self.signatures), app.app.name.clone());
        let (signature, body) = (query.signature.clone(), body.to_vec());
        in_time(async move { signatures.admit(&name, &signature, &body).await }).await
    }

    /// Counts a refusal, and has it logged.
    fn refused(&self, app: &CallbackApp<'_>, request: &HttpRequest, refused: CallbackRefused) -> Problem {
        let name = &app.app.name;
        problem(refused).warned(self.refusals.note(name, request, refused, self.clock.now()))
    }

    /// Tells a person in the chat what waits to be told. A store that does not answer leaves it for the next time.
    async fn take_said(&self, app: &AppConfig, message: &VerifiedMessage) -> Option<ReplyText> {
        let (name, openid, notices) = (app.name.clone(), message.from().clone(), Arc::clone(&self.notices));
        let notice = in_time(async move { notices.take(&name, &openid).await }).await.ok().flatten();
        notice.and_then(|text| ReplyText::new(&text))
    }

    /// Writes into the journal what a message led to.
    async fn write_down(&self, entry: Option<JournalEntry>, outcome: Outcome) -> Result<(), ServiceError> {
        let Some(entry) = entry else { return Ok(()) };
        let entry = outcome.of_entry(entry, self.clock.now());
        let journal = Arc::clone(&self.journal);
        in_time(async move { journal.write(entry).await }).await
    }

    async fn take_revocation(
        &self,
        app: &AppConfig,
        message: &VerifiedMessage,
        openid: OpenId,
        profile_only: bool,
    ) -> Result<(), Problem> {
        let (app, service) = (app.name.clone(), Arc::clone(&self.revocations));
        let at = Timestamp::from_secs(message.create_time());
        in_time(async move { service.take(app, openid, profile_only, at).await }).await?;
        Ok(())
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

/// Returns the id that the client gave the request, if it did.
fn request_id(request: &HttpRequest) -> String {
    let id = request.headers().get("x-request-id").and_then(|value| value.to_str().ok());
    id.unwrap_or_default().chars().take(64).collect()
}

fn problem(refused: CallbackRefused) -> Problem {
    match refused {
        CallbackRefused::Forbidden(_) => Problem::new(
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
