//! `GET /sns/userinfo`

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::answer::{Errcode, Outcome, gate, write_plain};
use super::avatar::avatar_url;
use super::{Query, add_unionid, parameter};
use crate::simulation::Simulation;
use crate::world::{Api, UserTokenRefused, World};

/// What every virtual account is called, and whoever has no name.
const NOBODY: &str = "微信用户";

pub(super) async fn handle(
    simulation: web::Data<Simulation>,
    request: HttpRequest,
    query: Query,
) -> HttpResponse {
    let world = &simulation.world;
    // Behind a proxy with TLS the pictures are at https.
    let base = {
        let called = request.connection_info();
        format!("{}://{}", called.scheme(), called.host())
    };
    gate(&simulation, Api::SnsUserinfo, || write_plain(world, answer(world, &query, &base))).await
}

fn answer(world: &World, query: &Query, base: &str) -> Outcome {
    let token = parameter(query, "access_token").ok_or(Errcode::TOKEN_MISSING)?;
    let openid = parameter(query, "openid").ok_or(Errcode::OPENID_MISSING)?;
    let now = world.now();
    let grant = world.read(|state| state.user_tokens.judge(token, now)).map_err(|refused| match refused {
        UserTokenRefused::Unknown => Errcode::TOKEN_INVALID,
        UserTokenRefused::Expired => Errcode::TOKEN_EXPIRED,
    })?;
    if grant.openid() != openid {
        return Err(Errcode::OPENID_INVALID);
    }
    if !grant.scope.tells_profile() {
        return Err(Errcode::UNAUTHORIZED);
    }
    let name = if grant.snapshot { NOBODY } else { grant.person.as_str() };
    // Sex and region have been empty since 2021.
    let mut info = json!({
        "openid": openid,
        "nickname": name,
        "sex": 0,
        "language": "",
        "province": "",
        "city": "",
        "country": "",
        "headimgurl": avatar_url(base, name),
        "privilege": [],
    });
    add_unionid(&mut info, world.read(|state| state.unionid(&grant.app, &grant.subject())));
    Ok(info)
}
