//! `GET /sns/jscode2session`

use saoma_domain::wechat::AppKind;
use serde_json::json;

use super::answer::ApiResult;
use super::call::{Call, add_unionid};
use super::errcode::Errcode;
use crate::state::{CodeRefused, openid};

pub(super) fn answer(call: &Call<'_>) -> ApiResult {
    let app = call.app_of_secret(&[AppKind::MiniProgram])?;
    let code = call.parameter("js_code").ok_or(Errcode::CODE_MISSING)?;
    let now = call.shared.now();
    call.shared.write(|state| {
        let login = state.login_codes.check(code, app.app_id, now).map_err(|refused| match refused {
            CodeRefused::Unknown | CodeRefused::Expired => Errcode::CODE_INVALID,
            CodeRefused::Used => Errcode::CODE_USED,
        })?;
        if !state.mini_sessions.may_log_in(app.app_id, &login.person, now) {
            return Err(Errcode::TOO_OFTEN);
        }
        // A high-risk user's code is used up as well.
        let _same = state.login_codes.redeem(code, app.app_id, now);
        if state.people.get(&login.person).is_ok_and(|person| person.high_risk) {
            return Err(Errcode::HIGH_RISK_USER);
        }
        let mut answer =
            json!({ "openid": openid(app.app_id, &login.person), "session_key": login.session_key });
        add_unionid(&mut answer, state.unionid(app.name, &login.person));
        Ok(answer)
    })
}
