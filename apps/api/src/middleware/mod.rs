//! What wraps every endpoint: the request's id, problems in one shape, the headers of every answer, and CORS.

mod cors;
mod finish_response;
mod hot_routes;
mod request_body;
mod request_id;
mod request_span;
mod security_headers;

pub(crate) use cors::cors;
pub(crate) use finish_response::{ResponseParts, finish_response};
pub(crate) use hot_routes::HotRoutes;
pub(crate) use request_id::{REQUEST_ID, RequestIds};
pub(crate) use security_headers::SecurityHeaders;
