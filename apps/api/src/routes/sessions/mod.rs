//! `/v1/session` and `/v1/sessions`.

pub(crate) mod current;
pub(crate) mod list;

use actix_web::web::ServiceConfig;

use super::Endpoint;

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at("/v1/session").get(current::read).delete(current::log_out).done())
        .service(Endpoint::at("/v1/sessions").get(list::list).delete(list::end_all).done())
        .service(Endpoint::at("/v1/sessions/{id}").delete(list::end).done());
}
