//! The endpoints, one file each.

mod assets;
mod endpoint;
pub(crate) mod logins;
pub(crate) mod oauth;
mod ops;
pub(crate) mod sessions;
pub(crate) mod wechat_callback;

pub(crate) use ops::{admin, openapi_json};

use actix_web::{HttpResponse, ResponseError, web};
use endpoint::Endpoint;

use crate::problem::{ErrorCode, Problem};

/// Registers every endpoint of the public listener.
pub(crate) fn public(config: &mut web::ServiceConfig, page_at_root: bool) {
    logins::register(config);
    oauth::register(config);
    sessions::register(config);
    wechat_callback::register(config);
    assets::register(config, page_at_root);
    ops::register(config);
}

/// Answers for a path that does not exist.
pub(crate) async fn not_found() -> HttpResponse {
    Problem::new(ErrorCode::NotFound, "no endpoint has this path").error_response()
}
