//! `POST /cgi-bin/message/custom/send`

use serde_json::{Value, json};

use super::answer::ApiResult;
use super::call::Call;
use super::errcode::Errcode;
use crate::state::{Event, Speaker, openid};

/// How long after what a person did last an account may send messages.
const TAKEN_FOR_S: i64 = 48 * 3600;

pub(super) fn answer(call: &Call<'_>) -> ApiResult {
    let (account, body, now) = (call.official_account()?, call.json()?, call.shared.now());
    let to = body.get("touser").and_then(Value::as_str).ok_or(Errcode::OPENID_MISSING)?;
    if body.get("msgtype").and_then(Value::as_str) != Some("text") {
        return Err(Errcode::MESSAGE_TYPE_INVALID);
    }
    let text = body.pointer("/text/content").and_then(Value::as_str).filter(|text| !text.is_empty());
    let text = text.ok_or(Errcode::CONTENT_EMPTY)?;
    call.shared.write(|state| {
        let mut people = state.people.all().iter();
        let person = people.find(|person| openid(&account.app_id, &person.name) == to);
        let person = person.ok_or(Errcode::OPENID_INVALID)?;
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
