//! `GET /cgi-bin/user/info`

use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use super::answer::{Errcode, Outcome, gate, write};
use super::{Query, account_of_token, add_unionid};
use crate::simulation::Simulation;
use crate::world::{Api, Following, World, openid};

pub(super) async fn handle(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    gate(&simulation, Api::UserInfo, || write(&simulation.world, answer(&simulation.world, &query))).await
}

fn answer(world: &World, query: &Query) -> Outcome {
    let account = account_of_token(world, query)?;
    let id = query.get("openid").filter(|id| !id.is_empty()).ok_or(Errcode::OPENID_MISSING)?;
    let found = world.read(|state| {
        let person = state.people.all().iter().find(|person| openid(&account.app_id, &person.name) == *id);
        person.map(|person| (person.name.clone(), person.follows.get(&account.name).cloned()))
    });
    let (name, following) = found.ok_or(Errcode::OPENID_INVALID)?;
    let mut info = match following {
        Some(following) => follower(id, &following),
        None => json!({ "subscribe": 0, "openid": id }),
    };
    let unionid = world.read(|state| state.unionid(&account.name, &name));
    add_unionid(&mut info, unionid);
    Ok(info)
}

/// No name and no picture: WeChat has told neither since 2021.
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
