//! Bodies and query strings, read strictly. A wrong one gets a precise problem that repeats no value.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header, web};
use serde::de::DeserializeOwned;

use crate::problem::{ErrorCode, Problem};

/// The body of a request, which the middleware has read.
pub(crate) struct WholeBody(pub(crate) web::Bytes);

/// A JSON body of the form `T`.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let is_json = request.headers().get(header::CONTENT_TYPE).is_some_and(|value| {
            let kind = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/json")
        });
        if !is_json {
            let detail = "expected a JSON body with `Content-Type: application/json`";
            return ready(Err(Problem::new(ErrorCode::BodyInvalid, detail)));
        }
        ready(parse(&body_of(request)).map(Json))
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    // The library reads a list as an object whose fields come in order.
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(Problem::new(ErrorCode::BodyInvalid, "expected a JSON object, not a list"));
    }
    serde_json::from_slice(body).map_err(|error| Problem::new(ErrorCode::BodyInvalid, describe(&error)))
}

/// A body as it was sent.
pub(crate) struct RawBody(pub(crate) web::Bytes);

impl FromRequest for RawBody {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(body_of(request))))
    }
}

/// Returns the body of a request, as it was sent.
pub(crate) fn body_of(request: &HttpRequest) -> web::Bytes {
    request.extensions().get::<WholeBody>().map(|WholeBody(body)| body.clone()).unwrap_or_default()
}

/// Says what is wrong with a body without repeating a value of it, which may be a phone number.
fn describe(error: &serde_json::Error) -> String {
    let (text, place) = (error.to_string(), format!("line {} column {}", error.line(), error.column()));
    let text = text.split(" at line ").next().unwrap_or_default();
    let shows_a_value = ["invalid type", "invalid value", "invalid length", "unknown variant"];
    let shows_a_value = shows_a_value.iter().any(|kind| text.starts_with(kind));
    match text.rsplit_once("expected ") {
        Some((_, expected)) if shows_a_value => format!("a value is not as expected: {expected}, {place}"),
        Some(_) | None if shows_a_value => format!("a value is not as expected, {place}"),
        Some(_) | None => format!("{}, {place}", text.chars().take(200).collect::<String>()),
    }
}

/// Reads a JSON body that may be left out.
///
/// # Errors
/// `body_invalid` for one of another form.
pub(crate) fn optional_json<T: DeserializeOwned + Default>(request: &HttpRequest) -> Result<T, Problem> {
    let body = body_of(request);
    if body.trim_ascii().is_empty() { Ok(T::default()) } else { parse(&body) }
}

/// Reads a query string of the form `T`.
pub(crate) fn query<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, Problem> {
    web::Query::<T>::from_query(request.query_string())
        .map(web::Query::into_inner)
        .map_err(|_| Problem::new(ErrorCode::BodyInvalid, "the query string is not of the expected form"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::{SendCode, StartRequest};

    fn refused<T: DeserializeOwned>(body: &str) -> String {
        describe(&serde_json::from_str::<T>(body).err().unwrap())
    }

    #[test]
    fn what_is_wrong_is_said_without_the_value() {
        for body in [r#"{"phone": 13800138000}"#, r#"{"phone": ["13800138000"]}"#] {
            let said = refused::<SendCode>(body);
            assert!(said.contains("a string") && !said.contains("13800138000"), "{said}");
        }
        let said = refused::<StartRequest>(r#"{"channel": "expected 13800138000"}"#);
        assert!(said.contains("official_account") && !said.contains("13800138000"), "{said}");
    }

    #[test]
    fn a_wrong_field_is_named() {
        assert!(refused::<SendCode>(r#"{"phone": "1", "fone": 1}"#).contains("`fone`"));
        assert!(refused::<SendCode>("{}").contains("`phone`"));
    }
}
