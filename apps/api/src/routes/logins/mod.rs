//! `/v1/logins`: the login resource.

pub(crate) mod bind_phone;
pub(crate) mod cancel;
pub(crate) mod create;
pub(crate) mod events;
pub(crate) mod read;
pub(crate) mod send_code;

use actix_web::{
    HttpRequest, HttpResponse,
    http::Method,
    web::{self, ServiceConfig},
};
use saoma_domain::login::{Login, LoginState};

use super::{get, resource};
use crate::{
    http::{
        client,
        credentials::{Holder, Shown},
        problem::Problem,
    },
    state::State,
    wire::LoginAnswer,
};

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(resource("/v1/logins", vec![(Method::POST, web::post().to(create::create))]))
        .service(resource(
            "/v1/logins/{id}",
            vec![(Method::GET, get().to(read::read)), (Method::DELETE, web::delete().to(cancel::cancel))],
        ))
        .service(resource("/v1/logins/{id}/events", vec![(Method::GET, get().to(events::events))]))
        .service(resource(
            "/v1/logins/{id}/sms-codes",
            vec![(Method::POST, web::post().to(send_code::send_code))],
        ))
        .service(resource(
            "/v1/logins/{id}/phone",
            vec![(Method::POST, web::post().to(bind_phone::bind_phone))],
        ));
}

/// Answers with how a login stands; a registered one hands over its session.
async fn answer(
    state: &State,
    request: &HttpRequest,
    holder: &Holder,
    login: &Login,
) -> Result<HttpResponse, Problem> {
    let now = state.flows.now();
    let body = LoginAnswer::new(login, now);
    match login.state {
        LoginState::Loop { .. } | LoginState::Unregistered { .. } | LoginState::Expired { .. } => {
            Ok(HttpResponse::Ok().json(body))
        }
        LoginState::Registered { .. } => {
            let asker = client::asker(request, &state.config.server.trusted_proxies);
            let granted = state.flows.hand_over(&holder.login, login, asker).await?;
            state.metrics.login("handed_over");
            let mut answer = HttpResponse::Ok();
            if holder.shown == Shown::Cookie {
                answer.cookie(state.cookies.session(granted.token.reveal().to_string()));
            }
            Ok(answer.json(body.with_session(&granted, now, holder.shown == Shown::Bearer)))
        }
    }
}
