//! The answer of the endpoints that say how a login stands.

use actix_web::HttpResponse;
use saoma_domain::login::Login;

use crate::{auth::LoginCredential, clients::ClientSessions, extract::Caller, problem::Problem};

/// Answers how a login stands; a registered one gets its session.
pub(super) async fn respond(
    sessions: &ClientSessions,
    credential: &LoginCredential,
    login: &Login,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let (body, cookie) = sessions.answer(credential, login, caller.client_info).await?;
    let mut answer = HttpResponse::Ok();
    if let Some(cookie) = cookie {
        answer.cookie(cookie);
    }
    Ok(answer.json(body))
}
