//! The overview that the phone page draws.

use actix_web::web::{Data, Json};
use serde_json::{Value, json};
use url::Url;

use super::authorizations::waiting;
use crate::app::DEFAULT_OPEN_ACCOUNT;
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
            "callback_url": urls.get(&account.name).map(Url::as_str),
        })
    });
    let bound = world.read(|state| state.open_accounts.clone());
    let apps = world.config.apps().map(|app| {
        json!({
            "name": app.name,
            "kind": app.kind,
            "app_id": app.app_id,
            "open_account": bound.get(app.name),
        })
    });
    let people = world.read(|state| state.people.all().to_vec());
    Json(json!({
        "now": world.now(),
        "service_url": world.config.accounts.iter().find_map(|account| service_url(urls.get(&account.name)?)),
        "accounts": accounts.collect::<Vec<_>>(),
        "apps": apps.collect::<Vec<_>>(),
        "people": people.iter().map(|person| describe(world, person)).collect::<Vec<_>>(),
        "authorizations": waiting(world),
        "qr_codes": open_codes(world),
    }))
}

/// Returns where the service behind a callback URL (`…/wechat/<account>/callback`) has its API, without a slash
/// at the end; `None` for a URL of another form, which says nothing about the rest of the service.
fn service_url(callback: &Url) -> Option<String> {
    let mut parts = callback.as_str().trim_end_matches('/').rsplitn(4, '/');
    let (end, _account, start, base) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    (end == "callback" && start == "wechat").then(|| base.to_owned())
}

/// `GET /sandbox/api/qr-codes`
pub(super) async fn qr_codes(simulation: Data<Simulation>) -> Json<Value> {
    Json(json!({ "now": simulation.world.now(), "qr_codes": open_codes(&simulation.world) }))
}

/// Returns what is known of a person, with the ids that services know them by.
pub(super) fn describe(world: &World, person: &PersonRecord) -> Value {
    let ids = world.config.apps();
    let ids = ids.map(|app| (app.name.to_owned(), openid(app.app_id, &person.name).into()));
    let unionids = world.read(|state| {
        let unionid = |app: &str| state.unionid(app, &person.name).into();
        world.config.apps().map(|app| (app.name.to_owned(), unionid(app.name))).collect()
    });
    json!({
        "name": person.name,
        "phone": person.phone,
        "unionid": unionid(DEFAULT_OPEN_ACCOUNT, &person.name),
        "unionids": Value::Object(unionids),
        "openids": ids.collect::<serde_json::Map<_, Value>>(),
        "follows": person.follows.keys().collect::<Vec<_>>(),
        "high_risk": person.high_risk,
    })
}

/// How many codes an overview shows, newest first.
const MAX_SHOWN: usize = 50;

fn open_codes(world: &World) -> Vec<QrCode> {
    let now = world.now();
    world.read(|state| state.codes.open(now).take(MAX_SHOWN).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_is_where_its_callback_is() {
        let of = |url: &str| service_url(&Url::parse(url).unwrap());
        let local = of("http://127.0.0.1:8080/wechat/main/callback");
        assert_eq!(local.as_deref(), Some("http://127.0.0.1:8080"));
        let below = of("https://demo.example/login/wechat/main/callback");
        assert_eq!(below.as_deref(), Some("https://demo.example/login"));
        assert_eq!(of("http://127.0.0.1:8080/callback"), None);
        assert_eq!(of("http://127.0.0.1:8080/hooks/main/callback"), None);
    }
}
