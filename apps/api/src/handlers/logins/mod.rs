//! `/v1/logins`: the login resource.

pub(crate) mod bind_phone;
pub(crate) mod bind_wechat_phone;
pub(crate) mod cancel;
pub(crate) mod create;
pub(crate) mod events;
pub(crate) mod mini_program;
pub(crate) mod read;
mod respond;
pub(crate) mod send_code;

use actix_web::web::ServiceConfig;

use super::Endpoint;
use respond::respond;

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at("/v1/logins").post(create::create).done())
        .service(Endpoint::at("/v1/logins/{id}").get(read::read).delete(cancel::cancel).done())
        .service(Endpoint::at("/v1/logins/{id}/events").get(events::events).done())
        .service(Endpoint::at("/v1/logins/{id}/sms-codes").post(send_code::send_code).done())
        .service(Endpoint::at("/v1/logins/{id}/mini-program").post(mini_program::mini_program).done())
        .service(Endpoint::at("/v1/logins/{id}/phone").post(bind_phone::bind_phone).done())
        .service(
            Endpoint::at("/v1/logins/{id}/wechat-phone").post(bind_wechat_phone::bind_wechat_phone).done(),
        );
}
