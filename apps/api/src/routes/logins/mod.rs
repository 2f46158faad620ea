//! `/v1/logins`: the login resource.

pub(crate) mod begin;
pub(crate) mod bind_phone;
pub(crate) mod bind_wechat_phone;
pub(crate) mod cancel;
pub(crate) mod create;
pub(crate) mod events;
pub(crate) mod read;
pub(crate) mod send_code;

use actix_web::{HttpResponse, web::ServiceConfig};
use saoma_domain::login::{Login, LoginState};

use super::Endpoint;
use crate::{
    http::{
        client::Caller,
        credentials::{CredentialSource, LoginCredential},
        problem::Problem,
    },
    state::State,
    wire::LoginAnswer,
};

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at("/v1/logins").post(create::create).done())
        .service(Endpoint::at("/v1/logins/{id}").get(read::read).delete(cancel::cancel).done())
        .service(Endpoint::at("/v1/logins/{id}/events").get(events::events).done())
        .service(Endpoint::at("/v1/logins/{id}/sms-codes").post(send_code::send_code).done())
        .service(Endpoint::at("/v1/logins/{id}/phone").post(bind_phone::bind_phone).done())
        .service(
            Endpoint::at("/v1/logins/{id}/wechat-phone").post(bind_wechat_phone::bind_wechat_phone).done(),
        );
}

/// Answers with how a login stands; a registered one hands over its session.
async fn answer(
    state: &State,
    caller: Caller,
    credential: &LoginCredential,
    login: &Login,
) -> Result<HttpResponse, Problem> {
    let body = LoginAnswer::new(login, state.now());
    match login.state {
        LoginState::Loop { .. } | LoginState::Unregistered { .. } | LoginState::Expired { .. } => {
            Ok(HttpResponse::Ok().json(body))
        }
        LoginState::Registered { .. } => {
            let granted =
                state.services.session_issuer.issue(&credential.login, login, caller.client_info).await?;
            let mut answer = HttpResponse::Ok();
            if credential.source == CredentialSource::Cookie {
                answer.cookie(state.cookies.session(granted.token.reveal().to_string()));
            }
            // The session may have begun only now: read earlier, the clock would give it too much time.
            let now = state.now();
            Ok(answer.json(body.with_session(&granted, now, credential.source == CredentialSource::Bearer)))
        }
    }
}
