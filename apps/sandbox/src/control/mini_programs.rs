//! What people do in mini programs.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::SandboxError;
use crate::open_data::{EncryptedData, PhoneData};
use crate::simulation::{ServiceAnswer, Simulation};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppRequest {
    app: String,
}

/// `POST /sandbox/api/people/{name}/wx-login`
pub(super) async fn wx_login(
    simulation: Data<Simulation>,
    name: Path<String>,
    of: Json<AppRequest>,
) -> Result<Json<Value>, SandboxError> {
    Ok(Json(json!({ "code": simulation.wx_login(&name, &of.app)? })))
}

/// `POST /sandbox/api/people/{name}/phone-code`
pub(super) async fn phone_code(
    simulation: Data<Simulation>,
    name: Path<String>,
    of: Json<AppRequest>,
) -> Result<Json<Value>, SandboxError> {
    Ok(Json(json!({ "code": simulation.phone_code(&name, &of.app)? })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EncryptedPhoneRequest {
    app: String,
    #[serde(default)]
    outdated_key: bool,
    watermark_app_id: Option<String>,
    #[serde(default)]
    age_s: u32,
}

/// `POST /sandbox/api/people/{name}/encrypted-phone`
pub(super) async fn encrypted_phone(
    simulation: Data<Simulation>,
    name: Path<String>,
    of: Json<EncryptedPhoneRequest>,
) -> Result<Json<EncryptedData>, SandboxError> {
    let EncryptedPhoneRequest { app, outdated_key, watermark_app_id, age_s } = of.into_inner();
    let data = PhoneData { outdated_key, watermark_app_id, age: Duration::from_secs(age_s.into()) };
    simulation.encrypted_phone(&name, &app, &data).map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HighRiskRequest {
    high_risk: bool,
}

/// `PUT /sandbox/api/people/{name}/high-risk`
pub(super) async fn set_high_risk(
    simulation: Data<Simulation>,
    name: Path<String>,
    new: Json<HighRiskRequest>,
) -> Result<HttpResponse, SandboxError> {
    simulation.set_high_risk(&name, new.high_risk)?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginRequest {
    app: String,
    service_url: String,
}

/// `POST /sandbox/api/people/{name}/mini-program/login`
pub(super) async fn login(
    simulation: Data<Simulation>,
    name: Path<String>,
    of: Json<LoginRequest>,
) -> Result<Json<ServiceAnswer>, SandboxError> {
    simulation.open_mini_program(&name, &of.app, &of.service_url).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhoneRequest {
    app: String,
    service_url: String,
    login: String,
    poll_token: String,
}

/// `POST /sandbox/api/people/{name}/mini-program/phone`
pub(super) async fn phone(
    simulation: Data<Simulation>,
    name: Path<String>,
    of: Json<PhoneRequest>,
) -> Result<Json<ServiceAnswer>, SandboxError> {
    let login = (of.login.as_str(), of.poll_token.as_str());
    simulation.give_phone(&name, &of.app, &of.service_url, login).await.map(Json)
}
