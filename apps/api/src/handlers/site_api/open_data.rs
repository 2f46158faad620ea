//! `POST /v1/admin/accounts/{id}/open-data`

use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, Path},
};
use saoma_domain::{
    services::{OpenData, SiteTrail},
    wechat::AppName,
};

use super::accounts::account_in;
use crate::{
    auth::{SiteCall, scope::AccountsRead},
    dto::OpenDataRequest,
    extract::Json,
    problem::{ErrorCode, Problem, ProblemBody},
};

/// Decrypts what a mini program got of the account's person, with the session key of their last login there.
#[utoipa::path(post, path = "/v1/admin/accounts/{id}/open-data", operation_id = "open_data", tag = "accounts", security(("key" = ["accounts:read"])),
    params(("id" = String, Path, description = "The account's id")), request_body = OpenDataRequest, responses(
    (status = 200, description = "The data as WeChat made it, with its watermark", body = Object),
    (status = "default", description = "`key_invalid`, `scope_missing`, `not_found`, `wechat_data_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn open_data(
    call: SiteCall<AccountsRead>,
    id: Path<String>,
    asked: Json<OpenDataRequest>,
    open_data: Data<OpenData>,
    trail: Data<SiteTrail>,
) -> Result<HttpResponse, Problem> {
    let OpenDataRequest { app, encrypted_data, iv } = asked.0;
    let unknown = |_| Problem::new(ErrorCode::AppUnknown, "no WeChat app of this name is configured");
    let app = AppName::parse(app).map_err(unknown)?;
    let account = account_in(&id)?;
    let data = open_data.open(account, &app, &encrypted_data, &iv).await?;
    trail.read(call.by(), &format!("open data of the mini program {app}"), &[account]).await?;
    Ok(HttpResponse::Ok().content_type(header::ContentType::json()).body(data))
}
