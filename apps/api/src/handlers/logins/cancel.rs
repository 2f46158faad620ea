//! `DELETE /v1/logins/{id}`

use actix_web::{HttpResponse, web::Data};
use saoma_domain::services::Cancellation;

use crate::{
    auth::LoginCall,
    login_watch::LoginWatch,
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
    watch: Data<LoginWatch>,
) -> Result<HttpResponse, Problem> {
    let credential = call.changing()?;
    let watched = watch.find(credential.login.id()).await;
    let cancelled = cancellation.cancel(&credential.login).await;
    watch.cancelled(call.request(), &watched, cancelled)?;
    Ok(HttpResponse::NoContent().finish())
}
