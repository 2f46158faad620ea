//! The overview that the phone page draws.

use actix_web::get;
use actix_web::web::{Data, Json};
use saoma_wechat::callback::CallbackMode;
use serde_json::{Value, json};
use url::Url;

use super::authorizations::waiting;
use super::people::describe_all;
use crate::apps::OfficialAccount;
use crate::simulation::Simulation;
use crate::state::{QrCode, State};

/// How long the codes of mini programs are shown: WeChat knows no end of them.
const MINI_CODES_S: i64 = 600;

/// The number of codes that an overview shows, newest first.
const MAX_SHOWN: usize = 50;

#[get("/state")]
pub(super) async fn show(simulation: Data<Simulation>) -> Json<Value> {
    let (config, now) = (&simulation.shared.config, simulation.shared.now());
    Json(simulation.shared.read(|state| {
        let accounts = config.accounts.iter();
        let url_of = |account: &OfficialAccount| state.callback_urls.get(&account.name);
        let apps = config.apps().map(|app| {
            json!({
                "name": app.name,
                "kind": app.kind.as_str(),
                "app_id": app.app_id,
                "open_account": state.open_accounts.get(app.name),
            })
        });
        json!({
            "now": now,
            "service_url": accounts.clone().find_map(|account| service_url(url_of(account)?)),
            "accounts": accounts.map(|account| describe_account(account, url_of(account))).collect::<Vec<_>>(),
            "apps": apps.collect::<Vec<_>>(),
            "people": describe_all(config, state),
            "authorizations": waiting(state, now),
            "qr_codes": open_codes(state, now),
            "mini_codes": state.mini_codes.since(now - MINI_CODES_S).take(MAX_SHOWN).collect::<Vec<_>>(),
        })
    }))
}

fn describe_account(account: &OfficialAccount, callback_url: Option<&Url>) -> Value {
    let mode = match account.mode {
        CallbackMode::Plain => "plain",
        CallbackMode::Compat => "compat",
        CallbackMode::Secure => "secure",
    };
    json!({
        "name": account.name,
        "app_id": account.app_id,
        "original_id": account.original_id,
        "mode": mode,
        "callback_url": callback_url.map(Url::as_str),
    })
}

/// Returns where the service behind a callback URL (`…/wechat/<account>/callback`) has its API, without a slash
/// at the end; `None` for a URL of another form, which says nothing about the rest of the service.
fn service_url(callback: &Url) -> Option<String> {
    let mut parts = callback.as_str().trim_end_matches('/').rsplitn(4, '/');
    let (end, _account, start, base) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    (end == "callback" && start == "wechat").then(|| base.to_owned())
}

#[get("/qr-codes")]
pub(super) async fn qr_codes(simulation: Data<Simulation>) -> Json<Value> {
    let now = simulation.shared.now();
    Json(simulation.shared.read(|state| json!({ "now": now, "qr_codes": open_codes(state, now) })))
}

fn open_codes(state: &State, now: i64) -> Vec<&QrCode> {
    state.qr_codes.open(now).take(MAX_SHOWN).collect()
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
