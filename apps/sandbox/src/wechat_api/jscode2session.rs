//! `GET /sns/jscode2session`

use actix_web::{HttpResponse, web};
use serde_json::json;

use super::answer::{Errcode, Outcome, gate, write_plain};
use super::{Query, add_unionid, app_of_secret, check_grant, parameter};
use crate::app::AppKind;
use crate::simulation::Simulation;
use crate::world::{Api, CodeRefused, World, openid};

pub(super) async fn handle(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    let world = &simulation.world;
    gate(&simulation, Api::Jscode2session, || write_plain(world, answer(world, &query))).await
}

fn answer(world: &World, query: &Query) -> Outcome {
    let kinds = [AppKind::MiniProgram; 2];
    let app = app_of_secret(world, parameter(query, "appid"), parameter(query, "secret"), kinds)?;
    check_grant(parameter(query, "grant_type"), "authorization_code")?;
    let code = parameter(query, "js_code").ok_or(Errcode::CODE_MISSING)?;
    let now = world.now();
    world.write(|state| {
        let login = state.login_codes.judge(code, app.app_id, now).map_err(|refused| match refused {
            CodeRefused::Unknown | CodeRefused::Expired => Errcode::CODE_INVALID,
            CodeRefused::Used => Errcode::CODE_USED,
        })?;
        if !state.mini_sessions.may_log_in(app.app_id, &login.person, now) {
            return Err(Errcode::TOO_OFTEN);
        }
        // Whatever comes of it, the code has been seen.
        let _same = state.login_codes.take(code, app.app_id, now);
        if state.people.get(&login.person).is_some_and(|person| person.high_risk) {
            return Err(Errcode::HIGH_RISK_USER);
        }
        let mut answer =
            json!({ "openid": openid(app.app_id, &login.person), "session_key": login.session_key });
        add_unionid(&mut answer, state.unionid(app.name, &login.person));
        Ok(answer)
    })
}
