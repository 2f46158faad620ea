//! For routes of your own beside the service: who is logged in, and the way to the login page.
//!
//! [`LoggedIn`] is an extractor: a handler that takes it runs only for people with a session; any other call
//! gets a problem (401 `session_invalid`). [`required`] is a middleware that in addition sends browsers
//! to the login page, from which they come back. Both need what [`Saoma::configure`](crate::Saoma::configure) adds to the
//! app, or [`Saoma::for_guards`](crate::Saoma::for_guards) where the app mounts the service by itself:
//!
//! ```
//! use actix_web::{App, middleware::from_fn, web};
//! use saoma_api::{Saoma, guard::{self, LoggedIn}};
//!
//! async fn orders(person: LoggedIn) -> String {
//!     format!("the orders of account {}", person.account.id)
//! }
//!
//! # fn mount(saoma: &Saoma) {
//! App::new()
//!     .configure(|config| saoma.configure(config))
//!     .service(web::resource("/orders").wrap(from_fn(guard::required)).get(orders))
//!     .route("/api/orders", web::get().to(orders));
//! # }
//! ```
//!
//! A session is shown by the cookie of the login page or as `Authorization: Bearer`. Calls by other methods
//! than GET and HEAD that are authorised by the cookie have to name an allowed `Origin`, as those of the
//! service itself do: 403 `origin_refused`.

mod person;
mod refused;
mod requirement;

pub use person::LoggedIn;
pub use refused::Refused;
pub use requirement::{Denied, Requirement, required_with};

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest, ResponseError,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
    web::Data,
};
use saoma_domain::{ports::Clock, session::SessionPolicy};

use crate::{
    auth::SessionCredentials,
    pages::{LoginPage, ReturnAddresses},
    problem::{ErrorCode, Problem},
};

/// What the guards use.
pub(crate) struct GuardParts {
    pub(crate) sessions: Arc<SessionCredentials>,
    pub(crate) return_addresses: Arc<ReturnAddresses>,
    pub(crate) login_page: Arc<LoginPage>,
    pub(crate) policy: SessionPolicy,
    pub(crate) clock: Arc<dyn Clock>,
}

impl FromRequest for LoggedIn {
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refused>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            // The middleware has looked already.
            let known = request.extensions().get::<Self>().cloned();
            match known {
                Some(person) => Ok(person),
                None => find(&request).await,
            }
        })
    }
}

/// Lets people pass who are logged in. Other browsers are sent to the login page, which leads them back
/// (`return_to`); scripts and programs get a problem.
///
/// # Errors
/// Those of what comes next; what this refuses by itself is an answer.
pub async fn required<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let found = find(request.request()).await;
    answer(found, request, next).await
}

/// Calls what comes next for a person, or answers what a refusal leads to.
async fn answer<B: MessageBody + 'static>(
    found: Result<LoggedIn, Refused>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    match found {
        Ok(person) => {
            request.extensions_mut().insert(person);
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(refused) => {
            let parts = request.app_data::<Data<GuardParts>>();
            let to_login = parts.and_then(|parts| refused.to_login(parts, request.request()));
            let answer = to_login.unwrap_or_else(|| refused.error_response());
            Ok(request.into_response(answer).map_into_right_body())
        }
    }
}

async fn find(request: &HttpRequest) -> Result<LoggedIn, Refused> {
    let Some(parts) = request.app_data::<Data<GuardParts>>() else {
        let problem = Problem::new(
            ErrorCode::Internal,
            "the app has neither `Saoma::configure` nor `Saoma::for_guards`",
        );
        return Err(Refused::new(request, problem));
    };
    let checked = match only_reads(request) {
        true => parts.sessions.reading(request).await,
        false => parts.sessions.changing(request).await,
    };
    match checked {
        Ok(active) => Ok(LoggedIn::new(active, &parts.policy)),
        Err(problem) => Err(Refused::new(request, problem)),
    }
}

fn only_reads(request: &HttpRequest) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}
