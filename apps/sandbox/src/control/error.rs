//! Refusals of the control API: `{"code", "message"}`.

use actix_web::error::JsonPayloadError;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde_json::json;

use crate::error::SandboxError;

impl ResponseError for SandboxError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::UnknownAccount(_)
            | Self::UnknownApp(_)
            | Self::UnknownPerson(_)
            | Self::UnknownPage
            | Self::UnknownEvent(_) => StatusCode::NOT_FOUND,
            Self::Config { .. } | Self::InvalidPerson(_) | Self::Authorize(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::TooManyPeople(_) | Self::NoMiniSession(_) => StatusCode::CONFLICT,
            Self::Service(_) => StatusCode::BAD_GATEWAY,
            Self::Bind { .. } | Self::Random | Self::Client(_) | Self::Stopped => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    fn error_response(&self) -> HttpResponse {
        let code = match self {
            Self::UnknownAccount(_) => "account_unknown",
            Self::UnknownApp(_) => "app_unknown",
            Self::UnknownPage => "authorization_unknown",
            Self::Authorize(_) => "authorization_refused",
            Self::NoMiniSession(_) => "not_logged_in",
            Self::Service(_) => "service_unavailable",
            Self::UnknownPerson(_) => "person_unknown",
            Self::UnknownEvent(_) => "event_unknown",
            Self::Config { .. } => "value_invalid",
            Self::InvalidPerson(_) => "person_invalid",
            Self::TooManyPeople(_) => "too_many_people",
            Self::Bind { .. } | Self::Random | Self::Client(_) | Self::Stopped => "internal",
        };
        HttpResponse::build(self.status_code()).json(json!({ "code": code, "message": self.to_string() }))
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
