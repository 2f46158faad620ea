//! `/v1/session` and `/v1/sessions`.

pub(crate) mod current;
pub(crate) mod identities;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod phone;

use actix_web::web::ServiceConfig;

use super::Endpoint;

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at("/v1/session").get(current::read).delete(current::log_out).done())
        .service(Endpoint::at("/v1/session/identities").post(identities::add).done())
        .service(Endpoint::at("/v1/session/identities/{id}").delete(identities::remove).done())
        .service(Endpoint::at("/v1/session/sms-codes").post(phone::send_code).done())
        .service(Endpoint::at("/v1/session/phone").put(phone::change).done())
        .service(Endpoint::at("/v1/session/merge").post(merge::by_number).done())
        .service(Endpoint::at("/v1/session/merges/{id}/undo").post(merge::undo).done())
        .service(Endpoint::at("/v1/logins/{id}/merge").post(merge::by_login).done())
        .service(Endpoint::at("/v1/sessions").get(list::list).delete(list::end_all).done())
        .service(Endpoint::at("/v1/sessions/{id}").delete(list::end).done());
}
