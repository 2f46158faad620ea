//! The pages that the phone which scanned gets in the chat: `/c/<link>`, whether it lets the client in, and `/n/<link>`, that
//! its person did not mean to log in.
//!
//! Both are pages for people, in Chinese or English, without a script. Nothing changes by GET, so a preview of the link or a
//! page in between does nothing.

mod page;
mod texts;

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path, ServiceConfig},
};
use saoma_domain::{
    login::{ConfirmNumber, LoginId, PhoneLinkKind},
    ports::{PhoneAnswer, Places},
    services::{PhoneConfirmation, ScanReply, ServiceError},
};
use serde::Deserialize;
use url::form_urlencoded;
use utoipa::ToSchema;

use super::Endpoint;
use crate::{
    chat_replies::ChatSite,
    extract::{Caller, body_of},
    login_watch::LoginWatch,
    node::Metrics,
    wechat_events::answered,
};
use page::{Page, Words};

pub(super) fn register(config: &mut ServiceConfig) {
    config.service(Endpoint::at("/c/{link}").get(confirm_page).post(confirm).done());
    config.service(Endpoint::at("/n/{link}").get(not_me_page).post(not_me).done());
}

/// The pages for the phone that scanned.
pub(crate) struct PhonePages {
    confirmation: Arc<PhoneConfirmation>,
    places: Arc<dyn Places>,
    site: Arc<ChatSite>,
    style: page::Style,
}

impl PhonePages {
    pub(crate) fn new(
        confirmation: Arc<PhoneConfirmation>,
        places: Arc<dyn Places>,
        site: Arc<ChatSite>,
    ) -> Self {
        Self { confirmation, places, site, style: page::Style::new() }
    }

    fn words(&self, request: &HttpRequest) -> Words<'_> {
        Words { texts: texts::of(request), site: &self.site.name, style: &self.style, places: &*self.places }
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
pub(super) async fn confirm_page(
    request: HttpRequest,
    link: Path<String>,
    pages: Data<PhonePages>,
    caller: Caller,
) -> HttpResponse {
    let words = pages.words(&request);
    match pages.confirmation.look(PhoneLinkKind::Confirm, &link).await {
        Ok(seen) => words.question(&seen, &caller).answer(),
        Err(error) => words.failed(&error).answer(),
    }
}

/// Takes the answer of the phone: with `yes` (and the right digits, where they are asked for) the client is let in, with `no`
/// its login ends as `denied`.
#[utoipa::path(post, path = "/c/{link}", operation_id = "confirm_login", tag = "phone", params(("link" = String, Path)),
    request_body(content = AnswerForm, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, description = "A page that says what it led to", content_type = "text/html"),
    (status = 404, description = "There is no such link", content_type = "text/html"),
    (status = 503, description = "It is not known to be stored: try again", content_type = "text/html"),
    (status = "default", description = "A page that says what is wrong", content_type = "text/html"),
))]
pub(super) async fn confirm(
    request: HttpRequest,
    link: Path<String>,
    pages: Data<PhonePages>,
    watch: Data<LoginWatch>,
    metrics: Data<Metrics>,
    caller: Caller,
) -> HttpResponse {
    let words = pages.words(&request);
    let Some(answer) = AnswerForm::of(&request).read() else {
        return confirm_page(request, link, pages, caller).await;
    };
    match pages.confirmation.answer(&link, answer).await {
        Ok((login, reply)) => {
            note(&request, &watch, &metrics, login, &reply).await;
            let page = if let ScanReply::Asked { tries_left, .. } = reply {
                pages.ask_again(&words, &link, &caller, tries_left).await
            } else {
                words.outcome(&reply, &pages.site)
            };
            page.answer()
        }
        Err(error) => words.failed(&error).answer(),
    }
}

impl PhonePages {
    async fn ask_again(&self, words: &Words<'_>, link: &str, caller: &Caller, tries_left: u8) -> Page {
        match self.confirmation.look(PhoneLinkKind::Confirm, link).await {
            Ok(seen) => words.wrong_number(&seen, caller, tries_left),
            Err(error) => words.failed(&error),
        }
    }
}

/// Writes down what an answer did to its login.
async fn note(
    request: &HttpRequest,
    watch: &LoginWatch,
    metrics: &Metrics,
    login: LoginId,
    reply: &ScanReply,
) {
    let watched = watch.find(login).await;
    watch.answered(request, &watched, answered(reply));
    metrics.phone_answer(reply);
}

/// Asks whether the person did not mean to log in. Changes nothing.
#[utoipa::path(get, path = "/n/{link}", operation_id = "not_me_page", tag = "phone", params(("link" = String, Path)), responses(
    (status = 200, description = "The page", content_type = "text/html"),
    (status = 404, description = "There is no such link", content_type = "text/html"),
    (status = "default", description = "A page that says what is wrong", content_type = "text/html"),
))]
pub(super) async fn not_me_page(
    request: HttpRequest,
    link: Path<String>,
    pages: Data<PhonePages>,
    caller: Caller,
) -> HttpResponse {
    let words = pages.words(&request);
    match pages.confirmation.look(PhoneLinkKind::NotMe, &link).await {
        Ok(seen) => words.not_me_question(&seen, &caller).answer(),
        Err(error) => words.failed(&error).answer(),
    }
}

/// Ends the login and its session, on every node within a second, and refuses its client's address new codes for ten minutes.
#[utoipa::path(post, path = "/n/{link}", operation_id = "disown_login", tag = "phone", params(("link" = String, Path)), responses(
    (status = 200, description = "A page that says so", content_type = "text/html"),
    (status = 404, description = "There is no such link, or a day has passed", content_type = "text/html"),
    (status = 503, description = "It is not known to be stored: try again", content_type = "text/html"),
    (status = "default", description = "A page that says what is wrong", content_type = "text/html"),
))]
pub(super) async fn not_me(
    request: HttpRequest,
    link: Path<String>,
    pages: Data<PhonePages>,
    metrics: Data<Metrics>,
) -> HttpResponse {
    let words = pages.words(&request);
    match pages.confirmation.not_me(&link).await {
        Ok(()) => {
            metrics.not_me();
            words.disowned().answer()
        }
        Err(error) => words.failed(&error).answer(),
    }
}

/// Returns whether trying again may help.
const fn may_pass(error: &ServiceError) -> bool {
    matches!(error, ServiceError::Store(_))
}
