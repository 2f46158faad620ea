//! WeChat's own API, as the service behind an account calls it.

mod answer;
mod picture;
mod qrcode_create;
mod showqrcode;
mod stable_token;
mod token;
mod user_info;

use std::collections::BTreeMap;

use actix_web::web;

use crate::account::OfficialAccount;
use crate::world::{TokenState, World};

pub(crate) use answer::gate;
use answer::{Errcode, Outcome};

/// The parameters behind the question mark.
type Query = web::Query<BTreeMap<String, String>>;

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    let get_only = || web::to(answer::get_required);
    let post_only = || web::to(answer::post_required);
    config
        .service(
            web::resource("/cgi-bin/stable_token")
                .route(web::post().to(stable_token::handle))
                .default_service(post_only()),
        )
        .service(
            web::resource("/cgi-bin/token").route(web::get().to(token::handle)).default_service(get_only()),
        )
        .service(
            web::resource("/cgi-bin/qrcode/create")
                .route(web::post().to(qrcode_create::handle))
                .default_service(post_only()),
        )
        .service(
            web::resource("/cgi-bin/showqrcode")
                .route(web::get().to(showqrcode::handle))
                .default_service(get_only()),
        )
        .service(
            web::resource("/cgi-bin/user/info")
                .route(web::get().to(user_info::handle))
                .default_service(get_only()),
        );
}

/// Returns the account that an access token belongs to.
fn account_of_token<'w>(world: &'w World, query: &Query) -> Result<&'w OfficialAccount, Errcode> {
    let token = query.get("access_token").filter(|token| !token.is_empty());
    let token = token.ok_or(Errcode::TOKEN_MISSING)?;
    if !has_form_of_token(token) {
        return Err(Errcode::TOKEN_MALFORMED);
    }
    let now = world.now();
    match world.read(|state| state.tokens.judge(token, now)) {
        TokenState::Good(app_id) => world.account_by_app_id(&app_id).ok_or(Errcode::TOKEN_INVALID),
        TokenState::Expired => Err(Errcode::TOKEN_EXPIRED),
        TokenState::Unknown => Err(Errcode::TOKEN_INVALID),
    }
}

fn has_form_of_token(token: &str) -> bool {
    let in_token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    token.len() <= 512
        && token.bytes().all(in_token)
        && token.split_once('_').is_some_and(|(mark, rest)| {
            !mark.is_empty() && mark.bytes().all(|byte| byte.is_ascii_digit()) && rest.len() >= 100
        })
}

/// Checks app id and secret, as both token endpoints do.
fn account_of_secret<'w>(
    world: &'w World,
    app_id: Option<&str>,
    secret: Option<&str>,
) -> Result<&'w OfficialAccount, Errcode> {
    use secrecy::ExposeSecret as _;

    let app_id = app_id.filter(|text| !text.is_empty()).ok_or(Errcode::APPID_MISSING)?;
    let secret = secret.filter(|text| !text.is_empty()).ok_or(Errcode::SECRET_MISSING)?;
    let account = world.account_by_app_id(app_id).ok_or(Errcode::APPID_INVALID)?;
    if account.secret.expose_secret() != secret {
        return Err(Errcode::SECRET_INVALID);
    }
    Ok(account)
}

/// Checks `grant_type`.
fn check_grant(grant_type: Option<&str>) -> Result<(), Errcode> {
    if grant_type == Some("client_credential") { Ok(()) } else { Err(Errcode::GRANT_TYPE_INVALID) }
}

/// What a token endpoint answers.
fn token_answer(issued: Result<crate::world::Issued, crate::world::OverQuota>) -> Outcome {
    let issued = issued.map_err(|crate::world::OverQuota| Errcode::OVER_QUOTA)?;
    Ok(serde_json::json!({ "access_token": issued.value, "expires_in": issued.expires_in }))
}
