//! `GET /sns/oauth2/access_token`

use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use super::answer::{Errcode, Outcome, gate, write_plain};
use super::{Query, add_unionid, app_of_secret, check_grant, parameter};
use crate::app::AppKind;
use crate::simulation::Simulation;
use crate::world::{Api, CodeRefused, OauthScope, UserToken, World};

/// Who asks for authorizations.
const WITH_USERS: [AppKind; 2] = [AppKind::OfficialAccount, AppKind::Website];

pub(super) async fn exchange(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    let world = &simulation.world;
    gate(&simulation, Api::SnsAccessToken, || write_plain(world, exchanged(world, &query))).await
}

fn exchanged(world: &World, query: &Query) -> Outcome {
    let app = app_of_secret(world, parameter(query, "appid"), parameter(query, "secret"), WITH_USERS)?;
    check_grant(parameter(query, "grant_type"), "authorization_code")?;
    let code = parameter(query, "code").ok_or(Errcode::CODE_MISSING)?;
    let (now, fresh) = (world.now(), (world.random.access_token(), world.random.access_token()));
    world.write(|state| {
        let grant = state.oauth_codes.take(code, app.app_id, now).map_err(|refused| match refused {
            CodeRefused::Unknown => Errcode::CODE_INVALID,
            CodeRefused::Used => Errcode::CODE_USED,
            CodeRefused::Expired => Errcode::CODE_EXPIRED,
        })?;
        let told = match grant.scope {
            OauthScope::Login | OauthScope::Userinfo => state.unionid(&grant.app, &grant.subject()),
            OauthScope::Base => None,
        };
        let token = state.user_tokens.issue(grant, fresh, now);
        let mut answer = answer(&token, state.user_tokens.lifetime_s());
        add_unionid(&mut answer, told);
        if let Some(fields) = answer.as_object_mut().filter(|_| token.grant.snapshot) {
            fields.insert("is_snapshotuser".to_owned(), 1.into());
        }
        Ok(answer)
    })
}

fn answer(token: &UserToken, expires_in: i64) -> Value {
    json!({
        "access_token": token.access,
        "expires_in": expires_in,
        "refresh_token": token.refresh,
        "openid": token.grant.openid(),
        "scope": token.grant.scope.as_str(),
    })
}
