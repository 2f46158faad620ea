//! `DELETE /v1/logins/{id}`

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};

use crate::{
    http::{
        credentials::LoginCredential,
        problem::{Problem, ProblemBody},
    },
    state::State,
};

/// Gives a login up.
#[utoipa::path(delete, path = "/v1/logins/{id}", tag = "logins", security(("poll_token" = []), ("login_cookie" = [])),
    params(("id" = String, Path, description = "The login's id")), responses(
    (status = 204, description = "The login is expired, reason `cancelled`"),
    (status = "default", description = "`login_unknown`, `login_state`, `origin_refused`",
     body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn cancel(
    state: Data<State>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let credential = LoginCredential::changing(&state, &request, &id)?;
    state.services.cancellation.cancel(&credential.login).await?;
    state.metrics.login("cancelled");
    Ok(HttpResponse::NoContent().finish())
}
