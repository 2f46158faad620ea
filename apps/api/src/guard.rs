//! For routes of your own beside the service: who is logged in, and the way to the login page for who is not.
//!
//! [`LoggedIn`] is an extractor: a handler that asks for it runs for people with a session only; everybody
//! else gets a problem (401 `session_invalid`). [`required`] is a middleware that in addition sends browsers
//! to the login page, from which they come back. Both need [`Saoma::for_guards`](crate::Saoma::for_guards) in
//! the app:
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
//!     .configure(saoma.for_guards())
//!     .service(web::resource("/orders").wrap(from_fn(guard::required)).get(orders))
//!     .route("/api/orders", web::get().to(orders))
//!     .service(saoma.service());
//! # }
//! ```
//!
//! A session is shown by the cookie of the login page or as `Authorization: Bearer`. Calls by other methods
//! than GET and HEAD that are authorised by the cookie have to name an allowed `Origin`, as those of the
//! service itself do: 403 `origin_refused`.

use std::{fmt, future::Future, pin::Pin};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use saoma_domain::{account::Account, ports::ActiveSession, session::Session};

use crate::{
    http::{
        client::navigates,
        credentials, page,
        problem::{Code, Problem},
        return_to,
        shell::{REQUEST_ID, request_id},
    },
    state::State,
};

/// A person who is logged in, as an extractor; its error is [`Refused`].
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// Whose session it is.
    pub account: Account,
    /// The session; asking for it has let it slide.
    pub session: Session,
}

impl FromRequest for LoggedIn {
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refused>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            // The middleware has asked already.
            let known = request.extensions().get::<Self>().cloned();
            match known {
                Some(person) => Ok(person),
                None => find(&request).await,
            }
        })
    }
}

/// Lets people pass who are logged in. Browsers of others are sent to the login page, which leads them back
/// (`return_to`); scripts and programs get a problem.
///
/// # Errors
/// Those of what comes next; what this refuses by itself is an answer.
pub async fn required<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    match find(request.request()).await {
        Ok(person) => {
            request.extensions_mut().insert(person);
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(refused) => {
            let answer = refused.to_login(request.request()).unwrap_or_else(|| refused.error_response());
            Ok(request.into_response(answer).map_into_right_body())
        }
    }
}

async fn find(request: &HttpRequest) -> Result<LoggedIn, Refused> {
    let Some(state) = request.app_data::<Data<State>>().cloned() else {
        let problem = Problem::new(Code::Internal, "`Saoma::for_guards` is missing in the app");
        return Err(Refused::new(request, None, problem));
    };
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let checked = match changes {
        true => credentials::session_changing(&state, request).await,
        false => credentials::session(&state, request).await,
    };
    match checked {
        Ok(ActiveSession { session, account, .. }) => Ok(LoggedIn { account, session }),
        Err(problem) => Err(Refused::new(request, Some(&state), problem)),
    }
}

/// Why somebody was not let in: a problem as the service itself answers it, most often 401 `session_invalid`.
#[derive(Clone, Debug)]
pub struct Refused {
    problem: Problem,
    request_id: HeaderValue,
}

impl Refused {
    fn new(request: &HttpRequest, state: Option<&State>, problem: Problem) -> Self {
        let request_id = request_id(request.headers(), state);
        problem.log(request_id.to_str().unwrap_or_default(), "a guarded route");
        Self { problem, request_id }
    }

    /// Returns the stable word of the contract, such as `session_invalid`.
    pub fn code(&self) -> &'static str {
        self.problem.code().as_str()
    }

    /// Returns the way to the login page, for a browser that is led to a page.
    fn to_login(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let leads = matches!(*request.method(), Method::GET | Method::HEAD) && navigates(request);
        if !leads || self.problem.code() != Code::SessionInvalid {
            return None;
        }
        let config = &request.app_data::<Data<State>>()?.config;
        let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
        // With an address that is too long nobody could log in by WeChat's page at all.
        let can_be_kept = return_to::check(wanted, config).is_ok() && return_to::fits_a_cookie(wanted);
        let back = can_be_kept.then_some(("return_to", wanted));
        let address = page::address(&config.login.page_url, back.as_slice());
        let mut answer = HttpResponse::Found();
        answer.insert_header((header::LOCATION, address)).insert_header((header::CACHE_CONTROL, "no-store"));
        Some(answer.finish())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        self.problem.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        let body = self.problem.body(self.request_id.to_str().unwrap_or_default());
        let mut answer = self.problem.error_response().set_body(BoxBody::new(body));
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(REQUEST_ID, self.request_id.clone());
        answer
    }
}
