//! A call of a phone: its link, and who calls.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, dev::Payload, error::ErrorInternalServerError, web::Data,
};
use saoma_domain::{
    login::PhoneLinkKind,
    ports::PhoneAnswer,
    services::{LoginOnPhone, ScanReply, ServiceError, TakenBack},
};

use super::{
    PhonePages, answered,
    page::{Page, Words},
};
use crate::extract::Caller;

/// A call of a phone.
pub(in crate::handlers) struct PhoneCall {
    pub(super) request: HttpRequest,
    pub(super) caller: Caller,
    link: String,
    pages: Data<PhonePages>,
}

impl FromRequest for PhoneCall {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(pages) = request.app_data::<Data<PhonePages>>().cloned() else {
            return ready(Err(ErrorInternalServerError("the pages of the phone are not registered")));
        };
        let link = request.match_info().query("link").to_owned();
        ready(Ok(Self { request: request.clone(), caller: Caller::of(request), link, pages }))
    }
}

impl PhoneCall {
    /// Finds the login of the link.
    pub(super) async fn look(&self, kind: PhoneLinkKind) -> Result<LoginOnPhone, ServiceError> {
        self.pages.confirmation.look(kind, &self.link).await
    }

    /// Takes an answer, and writes down what it did to its login.
    pub(super) async fn answer(&self, answer: PhoneAnswer) -> Result<ScanReply, ServiceError> {
        let phone = Some(Caller::address(&self.request));
        let (login, reply) = self.pages.confirmation.answer(&self.link, answer, phone).await?;
        let watched = self.pages.watch.find(login).await;
        self.pages.watch.answered(&self.request, &watched, answered(&reply));
        self.pages.metrics.phone_answer(&reply);
        Ok(reply)
    }

    /// Takes that the person did not mean to log in.
    pub(super) async fn not_me(&self) -> Result<TakenBack, ServiceError> {
        let taken_back = self.pages.confirmation.not_me(&self.link).await?;
        self.pages.metrics.not_me();
        Ok(taken_back)
    }

    /// Answers with a page in the words of the phone's language, or with one that says what failed.
    pub(super) fn page(&self, page: impl FnOnce(&Words<'_>) -> Result<Page, ServiceError>) -> HttpResponse {
        let words = self.pages.words(&self.request);
        page(&words).unwrap_or_else(|error| words.failed(&error)).answer()
    }
}
