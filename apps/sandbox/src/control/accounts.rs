//! WeChat's console: callback URLs, tokens, open platform accounts; and the clock.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::SandboxError;
use crate::simulation::Simulation;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallbackUrlRequest {
    url: String,
}

/// `PUT /sandbox/api/accounts/{name}/callback-url`
pub(super) async fn set_callback_url(
    simulation: Data<Simulation>,
    name: Path<String>,
    new: Json<CallbackUrlRequest>,
) -> Result<HttpResponse, SandboxError> {
    simulation.set_callback_url(&name, &new.url)?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /sandbox/api/accounts/{name}/check-url`
pub(super) async fn check_url(
    simulation: Data<Simulation>,
    name: Path<String>,
) -> Result<Json<Value>, SandboxError> {
    Ok(Json(json!({ "answers": simulation.check_callback_url(&name).await? })))
}

/// `POST /sandbox/api/accounts/{name}/kill-tokens`
pub(super) async fn kill_tokens(
    simulation: Data<Simulation>,
    name: Path<String>,
) -> Result<Json<Value>, SandboxError> {
    Ok(Json(json!({ "killed": simulation.kill_tokens(&name)? })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenAccountRequest {
    open_account: Option<String>,
}

/// `PUT /sandbox/api/apps/{name}/open-account`; `null` takes the app out of the one it is bound to.
pub(super) async fn bind_open_account(
    simulation: Data<Simulation>,
    name: Path<String>,
    new: Json<OpenAccountRequest>,
) -> Result<HttpResponse, SandboxError> {
    simulation.bind_open_account(&name, new.open_account.as_deref())?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdvanceRequest {
    seconds: u32,
}

/// `POST /sandbox/api/clock/advance`
pub(super) async fn advance_clock(simulation: Data<Simulation>, by: Json<AdvanceRequest>) -> Json<Value> {
    simulation.advance_clock(Duration::from_secs(by.seconds.into()));
    Json(json!({ "now": simulation.shared.now() }))
}
