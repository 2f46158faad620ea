//! `GET /cgi-bin/token`

use actix_web::{HttpResponse, web};

use super::answer::{gate, write};
use super::{Query, WITH_TOKENS, app_of_secret, check_grant, token_answer};
use crate::simulation::Simulation;
use crate::world::Api;

pub(super) async fn handle(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    gate(&simulation, Api::Token, || {
        let world = &simulation.world;
        let field = |name| query.get(name).map(String::as_str);
        let app = check_grant(field("grant_type"), "client_credential")
            .and_then(|()| app_of_secret(world, field("appid"), field("secret"), WITH_TOKENS));
        let outcome = app.and_then(|app| {
            let (now, fresh) = (world.now(), world.random.access_token());
            token_answer(world.write(|state| state.tokens.legacy(app.app_id, now, fresh)))
        });
        write(world, outcome)
    })
    .await
}
