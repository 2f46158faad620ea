//! Followers of official accounts: what is told of them, and messages to them.

use serde_json::{Value, json};

use super::answer::ApiResult;
use super::call::{Call, add_unionid};
use super::errcode::Errcode;
use crate::state::{Api, Event, Following, Speaker};

/// How long after what a person did last an account may send messages.
const TAKEN_FOR_S: i64 = 48 * 3600;

/// `GET /cgi-bin/user/info`
pub(super) fn user_info(call: &Call<'_>) -> ApiResult {
    let account = call.verified_account()?;
    let id = call.parameter("openid").ok_or(Errcode::OPENID_MISSING)?;
    call.shared.read(|state| {
        let person = state.people.by_openid(&account.app_id, id).ok_or(Errcode::OPENID_INVALID)?;
        let mut info = match person.follows.get(&account.name) {
            Some(following) => follower(id, following),
            None => json!({ "subscribe": 0, "openid": id }),
        };
        add_unionid(&mut info, state.unionid(&account.name, &person.name));
        Ok(info)
    })
}

/// The answer has no name and no picture: WeChat has told neither since 2021.
fn follower(openid: &str, following: &Following) -> Value {
    let way = if following.scene.is_some() { "ADD_SCENE_QR_CODE" } else { "ADD_SCENE_SEARCH" };
    json!({
        "subscribe": 1,
        "openid": openid,
        "language": "zh_CN",
        "subscribe_time": following.since,
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": way,
        "qr_scene": 0,
        "qr_scene_str": following.scene.as_deref().unwrap_or_default(),
    })
}

/// `GET /cgi-bin/ticket/getticket`: the same ticket for each account, for as long as the sandbox runs.
pub(super) fn ticket(call: &Call<'_>) -> ApiResult {
    let account = call.official_account()?;
    if call.parameter("type") != Some("jsapi") {
        return Err(Errcode::ARGUMENTS_INVALID);
    }
    Ok(json!({ "ticket": format!("sandbox_ticket_{}", account.app_id), "expires_in": 7200 }))
}

/// `POST /cgi-bin/openapi/quota/get`: what is left of an API for today.
pub(super) fn quota(call: &Call<'_>) -> ApiResult {
    call.official_account()?;
    let body = call.json()?;
    let path = body.get("cgi_path").and_then(Value::as_str).unwrap_or_default();
    let (api, daily_limit) = match path {
        "/cgi-bin/qrcode/create" => (Api::QrcodeCreate, 100_000),
        "/cgi-bin/user/info" => (Api::UserInfo, 5_000_000),
        "/cgi-bin/message/custom/send" => (Api::CustomSend, 500_000),
        _ => return Err(Errcode::CGI_PATH_INVALID),
    };
    let used = call.shared.read(|state| state.faults.calls.get(&api).copied().unwrap_or(0));
    let remain = u64::saturating_sub(daily_limit, used);
    Ok(json!({ "quota": { "daily_limit": daily_limit, "used": used, "remain": remain } }))
}

/// `POST /cgi-bin/message/custom/send`
pub(super) fn custom_send(call: &Call<'_>) -> ApiResult {
    let (account, body, now) = (call.official_account()?, call.json()?, call.shared.now());
    let to = body.get("touser").and_then(Value::as_str).ok_or(Errcode::OPENID_MISSING)?;
    if body.get("msgtype").and_then(Value::as_str) != Some("text") {
        return Err(Errcode::MESSAGE_TYPE_INVALID);
    }
    let text = body.pointer("/text/content").and_then(Value::as_str).filter(|text| !text.is_empty());
    let text = text.ok_or(Errcode::CONTENT_EMPTY)?;
    call.shared.write(|state| {
        let person = state.people.by_openid(&account.app_id, to).ok_or(Errcode::OPENID_INVALID)?;
        if !person.follows.contains_key(&account.name) {
            return Err(Errcode::NOT_FOLLOWING);
        }
        let name = person.name.clone();
        let is_theirs = |event: &&Event| event.person == name && event.account == account.name;
        let last = state.events.iter().filter(is_theirs).map(|event| event.created_at).max();
        if last.is_none_or(|last| last + TAKEN_FOR_S < now) {
            return Err(Errcode::OUT_OF_TIME);
        }
        state.say((&name, &account.name), (Speaker::Account, text), now, None);
        Ok(json!({}))
    })
}
