//! The answer of the endpoints that say how a login stands.

use actix_web::HttpResponse;
use saoma_domain::login::{ClientInfo, Login};

use crate::{auth::LoginCredential, clients::ClientSessions, handlers::json, problem::Problem};

/// Answers how a login stands; a registered one gets its session, which keeps who collected it.
pub(super) async fn respond(
    sessions: &ClientSessions,
    credential: &LoginCredential,
    login: &Login,
    client: impl FnOnce() -> ClientInfo,
) -> Result<HttpResponse, Problem> {
    let (body, cookie) = sessions.answer(credential, login, client).await?;
    let mut answer = json(&body);
    if let Some(cookie) = cookie {
        // Fails only for a value that no header can have, and a token has letters and digits.
        let _ = answer.add_cookie(&cookie);
    }
    Ok(answer)
}
