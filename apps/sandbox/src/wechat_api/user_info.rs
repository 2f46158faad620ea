//! `GET /cgi-bin/user/info`

use serde_json::{Value, json};

use super::answer::ApiResult;
use super::call::{Call, add_unionid};
use super::errcode::Errcode;
use crate::state::{Following, openid};

pub(super) fn answer(call: &Call<'_>) -> ApiResult {
    let account = call.official_account()?;
    let id = call.parameter("openid").ok_or(Errcode::OPENID_MISSING)?;
    call.shared.read(|state| {
        let mut people = state.people.all().iter();
        let person = people.find(|person| openid(&account.app_id, &person.name) == id);
        let person = person.ok_or(Errcode::OPENID_INVALID)?;
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
