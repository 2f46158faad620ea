//! Refusals of the control API: `{"code", "message"}`.

use actix_web::error::JsonPayloadError;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde_json::json;

use crate::error::SandboxError;

impl ResponseError for SandboxError {
    fn error_response(&self) -> HttpResponse {
        let (status, code) = match self {
            Self::UnknownAccount(_) => (StatusCode::NOT_FOUND, "account_unknown"),
            Self::UnknownApp(_) => (StatusCode::NOT_FOUND, "app_unknown"),
            Self::UnknownPerson(_) => (StatusCode::NOT_FOUND, "person_unknown"),
            Self::UnknownPage => (StatusCode::NOT_FOUND, "authorization_unknown"),
            Self::UnknownCode => (StatusCode::NOT_FOUND, "code_unknown"),
            Self::UnknownEvent(_) => (StatusCode::NOT_FOUND, "event_unknown"),
            Self::Config { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "value_invalid"),
            Self::InvalidPerson(_) => (StatusCode::UNPROCESSABLE_ENTITY, "person_invalid"),
            Self::Authorize(_) => (StatusCode::UNPROCESSABLE_ENTITY, "authorization_refused"),
            Self::TooManyPeople(_) => (StatusCode::CONFLICT, "too_many_people"),
            Self::NoMiniSession(_) => (StatusCode::CONFLICT, "not_logged_in"),
            Self::Service(_) => (StatusCode::BAD_GATEWAY, "service_unavailable"),
            Self::Bind { .. } | Self::Random | Self::Client(_) | Self::Tls(_) | Self::Stopped => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal")
            }
        };
        HttpResponse::build(status).json(json!({ "code": code, "message": self.to_string() }))
    }
}

pub(super) fn bad_json(error: JsonPayloadError, _request: &HttpRequest) -> actix_web::Error {
    let answer = HttpResponse::build(error.status_code())
        .json(json!({ "code": "body_invalid", "message": error.to_string() }));
    actix_web::error::InternalError::from_response(error, answer).into()
}

pub(super) async fn not_found() -> HttpResponse {
    HttpResponse::NotFound().json(json!({ "code": "not_found", "message": "no such path or method" }))
}
