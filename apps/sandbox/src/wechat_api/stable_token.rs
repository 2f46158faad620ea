//! `POST /cgi-bin/stable_token`

use saoma_domain::wechat::AppKind;
use serde_json::{Value, json};

use super::answer::ApiResult;
use super::call::{Call, app_of_secret, check_grant};
use super::errcode::Errcode;
use crate::state::OverQuota;

/// The kinds of app that have access tokens.
const KINDS: [AppKind; 2] = [AppKind::OfficialAccount, AppKind::MiniProgram];

pub(super) fn answer(call: &Call<'_>) -> ApiResult {
    let body = call.json()?;
    let field = |name| body.get(name).and_then(Value::as_str);
    let force = match body.get("force_refresh") {
        None => false,
        Some(value) => value.as_bool().ok_or(Errcode::JSON_INVALID)?,
    };
    check_grant(field("grant_type"), "client_credential")?;
    let app = app_of_secret(call.shared, field("appid"), field("secret"), &KINDS)?;
    let (now, fresh) = (call.shared.now(), call.shared.random.access_token());
    let issued = call.shared.write(|state| {
        if force {
            state.access_tokens.forced(app.app_id, now, fresh)
        } else {
            Ok(state.access_tokens.stable(app.app_id, now, fresh))
        }
    });
    let issued = issued.map_err(|OverQuota| Errcode::OVER_QUOTA)?;
    Ok(json!({ "access_token": issued.value, "expires_in": issued.expires_in }))
}
