//! What an app learns by an authorization.

use saoma_domain::wechat::AppKind;
use serde_json::json;

use super::answer::ApiResult;
use super::avatar::avatar_url;
use super::call::{Call, add_unionid, check_grant};
use super::errcode::Errcode;
use crate::state::{CodeRefused, TokenRefused};

/// How long a refresh token is good; using it does not make it good for longer.
const REFRESH_TOKEN_S: i64 = 30 * 86_400;

/// The name of every virtual account.
const VIRTUAL_NAME: &str = "微信用户";

/// The kinds of app that ask for authorizations.
const KINDS: [AppKind; 3] = [AppKind::OfficialAccount, AppKind::Website, AppKind::MobileApp];

/// `GET /sns/oauth2/access_token`
pub(super) fn access_token(call: &Call<'_>) -> ApiResult {
    let app = call.app_of_secret(&KINDS)?;
    let code = call.parameter("code").ok_or(Errcode::CODE_MISSING)?;
    let random = &call.shared.random;
    let (now, access_token, refresh_token) =
        (call.shared.now(), random.access_token(), random.access_token());
    call.shared.write(|state| {
        let grant = state.oauth_codes.redeem(code, app.app_id, now).map_err(|refused| match refused {
            CodeRefused::Unknown => Errcode::CODE_INVALID,
            CodeRefused::Used => Errcode::CODE_USED,
            CodeRefused::Expired => Errcode::CODE_EXPIRED,
        })?;
        let mut answer = json!({
            "access_token": access_token,
            "expires_in": state.token_lifetime_s,
            "refresh_token": refresh_token,
            "openid": grant.openid(),
            "scope": grant.scope.as_str(),
        });
        if grant.scope.has_consent() {
            add_unionid(&mut answer, state.unionid(&grant.app, &grant.subject()));
        }
        if let Some(fields) = answer.as_object_mut().filter(|_| grant.snapshot) {
            fields.insert("is_snapshotuser".to_owned(), 1.into());
        }
        state.refresh_tokens.issue(refresh_token, grant.clone(), now + REFRESH_TOKEN_S);
        state.user_tokens.issue(access_token, grant, now + state.token_lifetime_s);
        Ok(answer)
    })
}

/// `GET /sns/oauth2/refresh_token`: another token of the user; the refresh token stays as it is.
pub(super) fn refresh_token(call: &Call<'_>) -> ApiResult {
    let app_id = call.parameter("appid").ok_or(Errcode::APPID_MISSING)?;
    check_grant(call.parameter("grant_type"), "refresh_token")?;
    let refresh_token = call.parameter("refresh_token").ok_or(Errcode::REFRESH_TOKEN_MISSING)?;
    let (now, access_token) = (call.shared.now(), call.shared.random.access_token());
    call.shared.write(|state| {
        let grant = state.refresh_tokens.check(refresh_token, now).map_err(|refused| match refused {
            TokenRefused::Unknown => Errcode::REFRESH_TOKEN_INVALID,
            TokenRefused::Expired => Errcode::REFRESH_TOKEN_EXPIRED,
        })?;
        if grant.app_id != app_id {
            return Err(Errcode::REFRESH_TOKEN_INVALID);
        }
        let grant = grant.clone();
        let answer = json!({
            "access_token": access_token,
            "expires_in": state.token_lifetime_s,
            "refresh_token": refresh_token,
            "openid": grant.openid(),
            "scope": grant.scope.as_str(),
        });
        state.user_tokens.issue(access_token, grant, now + state.token_lifetime_s);
        Ok(answer)
    })
}

/// `GET /sns/userinfo`
pub(super) fn userinfo(call: &Call<'_>) -> ApiResult {
    let token = call.parameter("access_token").ok_or(Errcode::TOKEN_MISSING)?;
    let openid = call.parameter("openid").ok_or(Errcode::OPENID_MISSING)?;
    let now = call.shared.now();
    // Behind a proxy with TLS the pictures are at https.
    let called = call.request.connection_info();
    let base = format!("{}://{}", called.scheme(), called.host());
    call.shared.read(|state| {
        let grant = state.user_tokens.check(token, now)?;
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
