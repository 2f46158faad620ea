//! Logins and phone numbers of mini programs.

use saoma_domain::wechat::AppKind;
use serde_json::{Value, json};

use super::answer::ApiResult;
use super::call::{Call, add_unionid};
use super::errcode::Errcode;
use crate::open_data::phone_info;
use crate::state::{CodeRefused, openid};

/// `GET /sns/jscode2session`
pub(super) fn jscode2session(call: &Call<'_>) -> ApiResult {
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

/// `POST /wxa/business/getuserphonenumber`; every code that is not good, used up or not, is 40029.
pub(super) fn phone_number(call: &Call<'_>) -> ApiResult {
    let app = call.mini_program()?;
    let body = call.json()?;
    let code = body.get("code").and_then(Value::as_str).ok_or(Errcode::CODE_INVALID)?;
    let now = call.shared.now();
    call.shared.write(|state| {
        let person = state.phone_codes.check(code, app.app_id, now).map_err(|_| Errcode::CODE_INVALID)?;
        let theirs = openid(app.app_id, &person);
        if body.get("openid").is_some_and(|openid| openid.as_str() != Some(&theirs)) {
            return Err(Errcode::OPENID_INVALID);
        }
        let _same = state.phone_codes.redeem(code, app.app_id, now);
        let phone = state.people.get(&person).map(|person| person.phone.as_str()).unwrap_or_default();
        let info = phone_info(phone, app.app_id, now);
        Ok(json!({ "errcode": 0, "errmsg": "ok", "phone_info": info }))
    })
}
