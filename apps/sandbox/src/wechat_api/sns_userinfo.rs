//! `GET /sns/userinfo`

use serde_json::json;

use super::answer::ApiResult;
use super::avatar::avatar_url;
use super::call::{Call, add_unionid};
use super::errcode::Errcode;
use crate::state::UserTokenRefused;

/// The name of every virtual account.
const VIRTUAL_NAME: &str = "微信用户";

pub(super) fn answer(call: &Call<'_>) -> ApiResult {
    let token = call.parameter("access_token").ok_or(Errcode::TOKEN_MISSING)?;
    let openid = call.parameter("openid").ok_or(Errcode::OPENID_MISSING)?;
    let now = call.shared.now();
    // Behind a proxy with TLS the pictures are at https.
    let called = call.request.connection_info();
    let base = format!("{}://{}", called.scheme(), called.host());
    call.shared.read(|state| {
        let grant = state.user_tokens.check(token, now).map_err(|refused| match refused {
            UserTokenRefused::Unknown => Errcode::TOKEN_INVALID,
            UserTokenRefused::Expired => Errcode::TOKEN_EXPIRED,
        })?;
        if grant.openid() != openid {
            return Err(Errcode::OPENID_INVALID);
        }
        if !grant.scope.has_consent() {
            return Err(Errcode::UNAUTHORIZED);
        }
        let name = if grant.snapshot { VIRTUAL_NAME } else { grant.person.as_str() };
        // Sex and region have been empty since 2021.
        let mut info = json!({
            "openid": openid,
            "nickname": name,
            "sex": 0,
            "language": "",
            "province": "",
            "city": "",
            "country": "",
            "headimgurl": avatar_url(&base, name),
            "privilege": [],
        });
        add_unionid(&mut info, state.unionid(&grant.app, &grant.subject()));
        Ok(info)
    })
}
