//! The endpoints. Each handler reads the call, calls one service, and maps its answer.

mod account;
mod api_doc;
mod api_examples;
mod api_polish;
mod assets;
mod check;
mod endpoint;
mod forward_auth;
mod health;
mod json;
mod logins;
mod metrics;
mod oauth;
mod openapi;
#[cfg(feature = "oidc")]
mod openid;
mod own_paths;
mod page_info;
mod phone_pages;
mod sessions;
mod site_api;
mod site_files;
mod tokens;
mod verify_files;
mod wechat_callback;

pub(crate) use assets::Assets;
pub(crate) use forward_auth::ForwardAuth;
pub(crate) use health::healthz;
pub(crate) use json::json;
pub(crate) use logins::read::LoginReading;
pub(crate) use openapi::openapi_json;
pub(crate) use own_paths::OwnPaths;
pub(crate) use page_info::PageInfo;
pub(crate) use phone_pages::{PhonePages, PhoneStyle};
pub(crate) use sessions::current::SessionReading;
pub(crate) use site_api::site_openapi_json;
pub(crate) use wechat_callback::take as take_callback;

use actix_web::{
    HttpResponse, ResponseError,
    web::{Data, ServiceConfig},
};
use endpoint::Endpoint;

use crate::{
    auth::{AdminHosts, SiteKeys},
    config::{Config, Part},
    problem::{ErrorCode, Problem},
};

/// Registers every endpoint of the public listener.
pub(crate) fn public(config: &mut ServiceConfig, assets: &Assets, settings: &Config) {
    logins::register(config);
    oauth::register(config);
    sessions::register(config);
    account::register(config);
    check::register(config);
    forward_auth::register(config);
    tokens::register(config);
    phone_pages::register(config);
    wechat_callback::register(config);
    #[cfg(feature = "oidc")]
    if !settings.oidc.is_empty() {
        openid::register(config);
    }
    assets.register(config);
    assets.page_info().register(config);
    verify_files::register(config, assets.verify_files());
    if settings.parts.has(Part::Health) {
        health::register(config);
    }
    if settings.parts.has(Part::Docs) {
        openapi::register(config, &settings.mount);
        #[cfg(feature = "docs")]
        assets::docs::register(config, &settings.mount);
    }
}

/// Registers every endpoint of the operator's listener.
pub(crate) fn admin(config: &mut ServiceConfig, hosts: AdminHosts, keys: SiteKeys) {
    config.app_data(Data::new(hosts));
    health::register(config);
    metrics::register(config);
    site_api::register(config, keys);
}

/// Answers for a path that does not exist.
pub(crate) async fn not_found() -> HttpResponse {
    Problem::new(ErrorCode::NotFound, "no endpoint has this path").error_response()
}
