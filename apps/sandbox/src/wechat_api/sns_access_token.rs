//! `GET /sns/oauth2/access_token`

use saoma_domain::wechat::AppKind;
use serde_json::json;

use super::answer::ApiResult;
use super::call::{Call, add_unionid};
use super::errcode::Errcode;
use crate::state::CodeRefused;

/// The kinds of app that ask for authorizations.
const KINDS: [AppKind; 2] = [AppKind::OfficialAccount, AppKind::Website];

pub(super) fn answer(call: &Call<'_>) -> ApiResult {
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
        state.user_tokens.issue(access_token, grant, now + state.token_lifetime_s);
        Ok(answer)
    })
}
