//! The pages that the phone which scanned gets in the chat: `/c/<link>`, whether it lets the client in, and `/n/<link>`, that
//! its person did not mean to log in.
//!
//! Both are pages for people, in Chinese or English, without a script. Nothing changes by GET, so a preview of the link or a
//! page in between does nothing.

mod call;
mod page;
mod texts;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web::ServiceConfig};
use saoma_domain::{
    login::{ConfirmNumber, PhoneLinkKind, WRONG_NUMBERS},
    ports::{PhoneAnswer, Places},
    services::{PhoneConfirmation, ScanReply},
};
use serde::Deserialize;
use url::form_urlencoded;
use utoipa::ToSchema;

use super::Endpoint;
use crate::{
    chat_replies::ChatSite, extract::body_of, login_watch::LoginWatch, node::Metrics, wechat_events::answered,
};
use call::PhoneCall;
pub(crate) use page::Style as PhoneStyle;
use page::Words;

pub(super) fn register(config: &mut ServiceConfig) {
    config.service(Endpoint::at("/c/{link}").get(confirm_page).post(confirm).done());
    config.service(Endpoint::at("/n/{link}").get(not_me_page).post(not_me).done());
}

/// The pages for the phone that scanned.
pub(crate) struct PhonePages {
    pub(crate) confirmation: Arc<PhoneConfirmation>,
    pub(crate) places: Arc<dyn Places>,
    pub(crate) site: Arc<ChatSite>,
    pub(crate) watch: Arc<LoginWatch>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) style: PhoneStyle,
}

impl PhonePages {
    fn words(&self, request: &HttpRequest) -> Words<'_> {
        Words { texts: texts::of(request), site: &self.site, style: &self.style, places: &*self.places }
    }

    /// Returns the page that says what the opening of a login by a link led to, where the phone is not asked.
    pub(crate) fn told(&self, request: &HttpRequest, reply: &ScanReply) -> HttpResponse {
        self.words(request).outcome(reply).answer()
    }
}

/// What the page `/c/<link>` sends.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct AnswerForm {
    /// `yes` or `no`.
    answer: String,
    /// The two digits that the client shows, where they are asked for.
    number: Option<String>,
}

impl AnswerForm {
    /// Reads the form, or the same as JSON.
    fn of(request: &HttpRequest) -> Self {
        let body = body_of(request);
        if body.trim_ascii_start().first() == Some(&b'{') {
            return serde_json::from_slice(&body).unwrap_or_default();
        }
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(&body) {
            match name.as_ref() {
                "answer" => form.answer = value.into_owned(),
                "number" => form.number = Some(value.into_owned()),
                _ => {}
            }
        }
        form
    }

    /// Returns the answer; `None` of what is neither yes nor no.
    fn read(&self) -> Option<PhoneAnswer> {
        let number = self.number.as_deref().map(|number| ConfirmNumber::parse(number.trim()));
        match self.answer.as_str() {
            "yes" => Some(number.map_or(PhoneAnswer::Yes, PhoneAnswer::Number)),
            "no" => Some(PhoneAnswer::No),
            _ => None,
        }
    }
}

/// Shows who asks to be let in, and two buttons. Changes nothing.
#[utoipa::path(get, path = "/c/{link}", operation_id = "confirm_page", tag = "phone", params(("link" = String, Path)), responses(
    (status = 200, description = "The page, or that the login is over", content_type = "text/html"),
    (status = 404, description = "There is no such link", content_type = "text/html"),
    (status = "default", description = "A page that says what is wrong", content_type = "text/html"),
))]
pub(super) async fn confirm_page(call: PhoneCall) -> HttpResponse {
    let seen = call.look(PhoneLinkKind::Confirm).await;
    call.page(|words| Ok(words.question(&seen?, &call.caller)))
}

/// Takes the answer of the phone: with `yes` (and the right digits, where they are asked for) the client is let in, with `no`
/// its login ends as `denied`. Where the phone is in another place than the client, the site may ask for the digits first
/// (`elsewhere`).
#[utoipa::path(post, path = "/c/{link}", operation_id = "confirm_login", tag = "phone", params(("link" = String, Path)),
    request_body(content = AnswerForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, description = "A page that says what it led to", content_type = "text/html"),
    (status = 404, description = "There is no such link", content_type = "text/html"),
    (status = 503, description = "It is not known to be stored: try again", content_type = "text/html"),
    (status = "default", description = "A page that says what is wrong", content_type = "text/html"),
))]
pub(super) async fn confirm(call: PhoneCall) -> HttpResponse {
    let Some(answer) = AnswerForm::of(&call.request).read() else { return confirm_page(call).await };
    let answered = call.answer(answer).await;
    match &answered {
        Ok(ScanReply::Asked { tries_left, .. }) => {
            let seen = call.look(PhoneLinkKind::Confirm).await;
            let is_wrong = *tries_left < WRONG_NUMBERS;
            call.page(|words| Ok(words.ask_again(&seen?, &call.caller, is_wrong.then_some(*tries_left))))
        }
        Ok(reply) => call.page(|words| Ok(words.outcome(reply))),
        Err(error) => call.page(|words| Ok(words.failed(error))),
    }
}

/// Asks whether the person did not mean to log in. Changes nothing.
#[utoipa::path(get, path = "/n/{link}", operation_id = "not_me_page", tag = "phone", params(("link" = String, Path)), responses(
    (status = 200, description = "The page", content_type = "text/html"),
    (status = 404, description = "There is no such link", content_type = "text/html"),
    (status = "default", description = "A page that says what is wrong", content_type = "text/html"),
))]
pub(super) async fn not_me_page(call: PhoneCall) -> HttpResponse {
    let seen = call.look(PhoneLinkKind::NotMe).await;
    call.page(|words| Ok(words.not_me_question(&seen?, &call.caller)))
}

/// Ends the login and its session, on every node within a second, and refuses its client's address new codes for ten minutes.
#[utoipa::path(post, path = "/n/{link}", operation_id = "disown_login", tag = "phone", params(("link" = String, Path)), responses(
    (status = 200, description = "A page that says so", content_type = "text/html"),
    (status = 404, description = "There is no such link, or a day has passed", content_type = "text/html"),
    (status = 503, description = "It is not known to be stored: try again", content_type = "text/html"),
    (status = "default", description = "A page that says what is wrong", content_type = "text/html"),
))]
pub(super) async fn not_me(call: PhoneCall) -> HttpResponse {
    let ended = call.not_me().await;
    call.page(|words| Ok(words.disowned(ended?)))
}
