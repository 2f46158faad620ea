//! WeChat's own API, as the service behind an account calls it.

mod answer;
mod avatar;
mod jscode2session;
mod phone_number;
mod picture;
mod qrcode_create;
mod showqrcode;
mod sns_token;
mod sns_userinfo;
mod stable_token;
mod user_info;

use std::collections::BTreeMap;

use actix_web::web;
use serde_json::Value;

use crate::account::OfficialAccount;
use crate::app::{App, AppKind};
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
        )
        .configure(user_routes)
        .configure(mini_program_routes);
}

/// What needs a code or a token of a user instead of an app's access token.
fn user_routes(config: &mut web::ServiceConfig) {
    let mut get = |path: &str, route: actix_web::Route| {
        config.service(web::resource(path).route(route).default_service(web::to(answer::get_required)));
    };
    get("/sns/oauth2/access_token", web::get().to(sns_token::exchange));
    get("/sns/userinfo", web::get().to(sns_userinfo::handle));
    get("/sandbox/avatars/{name}/{size}", web::get().to(avatar::handle));
    get("/sandbox/codes", web::get().to(showqrcode::in_sight));
}

fn mini_program_routes(config: &mut web::ServiceConfig) {
    let mut get = |path: &str, route: actix_web::Route| {
        config.service(web::resource(path).route(route).default_service(web::to(answer::get_required)));
    };
    get("/sns/jscode2session", web::get().to(jscode2session::handle));
    config.service(
        web::resource("/wxa/business/getuserphonenumber")
            .route(web::post().to(phone_number::handle))
            .default_service(web::to(answer::post_required)),
    );
}

/// Returns the official account that an access token belongs to.
fn account_of_token<'w>(world: &'w World, query: &Query) -> Result<&'w OfficialAccount, Errcode> {
    let app = app_of_token(world, query)?;
    world.account(app.name).map_err(|_other_kind| Errcode::UNAUTHORIZED)
}

/// Returns the mini program that an access token belongs to.
fn mini_program_of_token<'w>(world: &'w World, query: &Query) -> Result<App<'w>, Errcode> {
    let app = app_of_token(world, query)?;
    if app.kind == AppKind::MiniProgram { Ok(app) } else { Err(Errcode::UNAUTHORIZED) }
}

fn app_of_token<'w>(world: &'w World, query: &Query) -> Result<App<'w>, Errcode> {
    let token = query.get("access_token").filter(|token| !token.is_empty());
    let token = token.ok_or(Errcode::TOKEN_MISSING)?;
    if !has_form_of_token(token) {
        return Err(Errcode::TOKEN_MALFORMED);
    }
    let now = world.now();
    match world.read(|state| state.tokens.judge(token, now)) {
        TokenState::Good(app_id) => world.app_by_id(&app_id).ok_or(Errcode::TOKEN_INVALID),
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

/// Checks app id and secret; an app of another kind than one of these is as good as unknown.
fn app_of_secret<'w>(
    world: &'w World,
    app_id: Option<&str>,
    secret: Option<&str>,
    kinds: [AppKind; 2],
) -> Result<App<'w>, Errcode> {
    let app_id = app_id.filter(|text| !text.is_empty()).ok_or(Errcode::APPID_MISSING)?;
    let secret = secret.filter(|text| !text.is_empty()).ok_or(Errcode::SECRET_MISSING)?;
    let app = world.app_by_id(app_id).filter(|app| kinds.contains(&app.kind));
    let app = app.ok_or(Errcode::APPID_INVALID)?;
    if app.has_secret(secret) { Ok(app) } else { Err(Errcode::SECRET_INVALID) }
}

/// Who has access tokens.
const WITH_TOKENS: [AppKind; 2] = [AppKind::OfficialAccount, AppKind::MiniProgram];

/// Checks `grant_type`.
fn check_grant(grant_type: Option<&str>, wanted: &str) -> Result<(), Errcode> {
    if grant_type == Some(wanted) { Ok(()) } else { Err(Errcode::GRANT_TYPE_INVALID) }
}

/// Returns a parameter that has a value.
fn parameter<'q>(query: &'q Query, name: &str) -> Option<&'q str> {
    query.get(name).map(String::as_str).filter(|text| !text.is_empty())
}

/// Adds a unionid, where there is one.
fn add_unionid(answer: &mut Value, unionid: Option<String>) {
    if let Some((fields, unionid)) = answer.as_object_mut().zip(unionid) {
        fields.insert("unionid".to_owned(), unionid.into());
    }
}

/// What a token endpoint answers.
fn token_answer(issued: Result<crate::world::Issued, crate::world::OverQuota>) -> Outcome {
    let issued = issued.map_err(|crate::world::OverQuota| Errcode::OVER_QUOTA)?;
    Ok(serde_json::json!({ "access_token": issued.value, "expires_in": issued.expires_in }))
}
