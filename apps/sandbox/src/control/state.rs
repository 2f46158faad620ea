//! The overview that the phone page draws.

use actix_web::web::{Data, Json};
use serde_json::{Value, json};

use crate::simulation::Simulation;
use crate::world::{PersonRecord, QrCode, World, openid, unionid};

/// `GET /sandbox/api/state`
pub(super) async fn show(simulation: Data<Simulation>) -> Json<Value> {
    let world = &simulation.world;
    let urls = world.read(|state| state.callback_urls.clone());
    let accounts = world.config.accounts.iter().map(|account| {
        json!({
            "name": account.name,
            "app_id": account.app_id,
            "original_id": account.original_id,
            "mode": account.mode,
            "callback_url": urls.get(&account.name).map(url::Url::as_str),
        })
    });
    let people = world.read(|state| state.people.all().to_vec());
    Json(json!({
        "now": world.now(),
        "accounts": accounts.collect::<Vec<_>>(),
        "people": people.iter().map(|person| describe(world, person)).collect::<Vec<_>>(),
        "qr_codes": open_codes(world),
    }))
}

/// `GET /sandbox/api/qr-codes`
pub(super) async fn qr_codes(simulation: Data<Simulation>) -> Json<Value> {
    Json(json!({ "now": simulation.world.now(), "qr_codes": open_codes(&simulation.world) }))
}

/// Returns what is known of a person, with the ids that services know them by.
pub(super) fn describe(world: &World, person: &PersonRecord) -> Value {
    let ids = world.config.accounts.iter();
    let ids = ids.map(|account| (account.name.clone(), openid(&account.app_id, &person.name).into()));
    json!({
        "name": person.name,
        "phone": person.phone,
        "unionid": unionid(&person.name),
        "openids": ids.collect::<serde_json::Map<_, Value>>(),
        "follows": person.follows.keys().collect::<Vec<_>>(),
    })
}

/// How many codes an overview shows, newest first.
const MAX_SHOWN: usize = 50;

fn open_codes(world: &World) -> Vec<QrCode> {
    let now = world.now();
    world.read(|state| state.codes.open(now).take(MAX_SHOWN).cloned().collect())
}
