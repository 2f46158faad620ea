//! A guard that asks for more than a session.

use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use actix_web::{
    Error, HttpRequest,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web::Data,
};

use super::{GuardParts, LoggedIn, Refused, answer, find};
use crate::problem::{ErrorCode, Problem};

/// Why a person may not pass; the text is shown to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied(pub String);

/// Decides whether a person who is logged in may pass.
type Check = Arc<dyn Fn(&LoggedIn) -> Result<(), Denied> + Send + Sync>;

/// What [`required_with`] asks for, besides a session.
#[derive(Clone, Default)]
pub struct Requirement {
    login_within: Option<Duration>,
    checks: Vec<Check>,
}

impl Requirement {
    /// Asks for a session, and for nothing else.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for a login not longer ago than this, as for a payment. A browser is sent to log in again and
    /// comes back, other clients get 401 `login_too_old`.
    #[must_use]
    pub fn login_within(self, time: Duration) -> Self {
        Self { login_within: Some(time), ..self }
    }

    /// Lets only those pass for whom this says so; others get 403 `forbidden`.
    #[must_use]
    pub fn check(mut self, check: impl Fn(&LoggedIn) -> Result<(), Denied> + Send + Sync + 'static) -> Self {
        self.checks.push(Arc::new(check));
        self
    }

    fn refusal(&self, person: &LoggedIn, parts: &GuardParts) -> Option<Problem> {
        let is_old = |time: Duration| person.session.created_at.plus(time) <= parts.clock.now();
        if self.login_within.is_some_and(is_old) {
            return Some(Problem::new(ErrorCode::RecentLoginRequired, "the login is too long ago for this"));
        }
        let denied = self.checks.iter().find_map(|check| check(person).err());
        denied.map(|Denied(detail)| Problem::new(ErrorCode::Forbidden, detail))
    }

    async fn find(&self, request: &HttpRequest) -> Result<LoggedIn, Refused> {
        let person = find(request).await?;
        let parts = request.app_data::<Data<GuardParts>>();
        match parts.and_then(|parts| self.refusal(&person, parts)) {
            None => Ok(person),
            Some(problem) => Err(Refused::new(request, problem)),
        }
    }
}

impl fmt::Debug for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requirement")
            .field("login_within", &self.login_within)
            .field("checks", &self.checks.len())
            .finish()
    }
}

/// What a guard answers.
type Guarded<B> = Pin<Box<dyn Future<Output = Result<ServiceResponse<EitherBody<B, BoxBody>>, Error>>>>;

/// Does what [`required`](super::required) does, for people who fulfil a requirement:
///
/// ```
/// use std::time::Duration;
///
/// use actix_web::{middleware::from_fn, web};
/// use saoma_api::guard::{Denied, Requirement, required_with};
///
/// // The site keeps `{"staff": true}` with the accounts of its staff.
/// let for_staff = Requirement::new().login_within(Duration::from_secs(600)).check(|person| {
///     if person.attributes()["staff"] == true { Ok(()) } else { Err(Denied("for the staff".to_owned())) }
/// });
/// let resource = web::resource("/accounts").wrap(from_fn(required_with(for_staff)));
/// # drop(resource);
/// ```
pub fn required_with<B: MessageBody + 'static>(
    requirement: Requirement,
) -> impl Fn(ServiceRequest, Next<B>) -> Guarded<B> + Clone {
    move |request, next| {
        let requirement = requirement.clone();
        Box::pin(async move {
            let found = requirement.find(request.request()).await;
            answer(found, request, next).await
        })
    }
}
