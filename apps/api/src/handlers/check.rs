//! `GET /v1/check`: what a client has to do to show that it is no machine.

use actix_web::{
    HttpResponse,
    web::{Data, ServiceConfig},
};

use super::{Endpoint, json};
use crate::{clients::MachineGuard, dto::CheckBody, extract::Caller, problem::ProblemBody};

pub(super) fn register(config: &mut ServiceConfig) {
    config.service(Endpoint::at("/v1/check").get(check).done());
}

/// Returns what a client has to do to show that it is no machine: for logins of channel `sms`, and for SMS codes once
/// `check_failed` asks for it.
#[utoipa::path(get, path = "/v1/check", operation_id = "read_check", tag = "logins", responses(
    (status = 200, description = "A challenge that is good once, for ten minutes, for the client's network", body = CheckBody),
    (status = "default", description = "`internal`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn check(caller: Caller, machines: Data<MachineGuard>) -> HttpResponse {
    json(&machines.ask(caller.subject))
}
