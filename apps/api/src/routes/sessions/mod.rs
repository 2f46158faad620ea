//! `/v1/session` and `/v1/sessions`.

pub(crate) mod current;
pub(crate) mod list;

use actix_web::{
    http::Method,
    web::{self, ServiceConfig},
};

use super::{get, resource};

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/v1/session",
            vec![
                (Method::GET, get().to(current::read)),
                (Method::DELETE, web::delete().to(current::log_out)),
            ],
        ))
        .service(resource(
            "/v1/sessions",
            vec![(Method::GET, get().to(list::list)), (Method::DELETE, web::delete().to(list::end_all))],
        ))
        .service(resource("/v1/sessions/{id}", vec![(Method::DELETE, web::delete().to(list::end))]));
}
