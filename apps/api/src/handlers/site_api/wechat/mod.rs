//! `/v1/admin/wechat/{app}/…`: WeChat for the site's other systems.

pub(super) mod calls;
pub(super) mod codes;
pub(super) mod token;

use actix_web::web::ServiceConfig;
use saoma_domain::wechat::AppName;

use super::super::Endpoint;
use crate::problem::{ErrorCode, Problem};

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at("/v1/admin/wechat/{app}/access-token").post(token::access_token).done())
        .service(Endpoint::at("/v1/admin/wechat/{app}/js-config").post(calls::js_config).done())
        .service(Endpoint::at("/v1/admin/wechat/{app}/users/{openid}").get(calls::user).done())
        .service(Endpoint::at("/v1/admin/wechat/{app}/qrcodes").post(codes::make).done());
}

/// Reads the name of an app.
///
/// # Errors
/// `app_unknown` for what no app can be called.
fn app_name(text: &str) -> Result<AppName, Problem> {
    AppName::parse(text)
        .map_err(|_| Problem::new(ErrorCode::AppUnknown, "no WeChat app of this name is configured"))
}
