//! `DELETE /v1/logins/{id}`

use actix_web::{HttpResponse, web::Data};
use saoma_domain::services::Cancellation;

use crate::{
    auth::LoginCall,
    node::Metrics,
    problem::{Problem, ProblemBody},
};

/// Cancels a login.
#[utoipa::path(delete, path = "/v1/logins/{id}", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])),
    params(("id" = String, Path, description = "The login's id")), responses(
    (status = 204, description = "The login is expired, reason `cancelled`"),
    (status = "default", description = "`login_unknown`, `login_state`, `origin_refused`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn cancel(
    call: LoginCall,
    cancellation: Data<Cancellation>,
    metrics: Data<Metrics>,
) -> Result<HttpResponse, Problem> {
    let credential = call.changing()?;
    cancellation.cancel(&credential.login).await?;
    metrics.login_step("cancelled");
    Ok(HttpResponse::NoContent().finish())
}
