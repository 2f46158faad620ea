//! `POST /wxa/business/getuserphonenumber`

use serde_json::{Value, json};

use super::answer::ApiResult;
use super::call::Call;
use super::errcode::Errcode;
use crate::open_data::phone_info;
use crate::state::openid;

/// Every code that is not good, used up or not, is 40029.
pub(super) fn answer(call: &Call<'_>) -> ApiResult {
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
