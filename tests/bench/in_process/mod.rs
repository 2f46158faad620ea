//! The service in this process, beside maps: for what is measured of it, and for what is counted.

use std::{sync::Arc, time::Duration};

use actix_http::Request;
use actix_web::{
    App, Error,
    dev::{Service, ServiceResponse},
    test::{TestRequest, init_service},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_api::{Adapters, build, config::Config};
use saoma_domain::{
    keys::{KeyRing, ServerKey},
    login::{LoginId, PollToken},
    ports::{NoEvents, NoRelay, Random},
};
use saoma_testing::Fakes;

/// Starts the service with a source of randomness.
pub(crate) async fn service(
    random: Arc<dyn Random>,
) -> impl Service<Request, Response = ServiceResponse, Error = Error> {
    let fakes = Fakes::new();
    let adapters = Adapters {
        ports: saoma_domain::services::Ports { random, ..fakes.ports() },
        relay: Arc::new(NoRelay),
        messages: fakes.database.clone(),
        outbox: fakes.database.clone(),
        audit: fakes.database.clone(),
        funnel: fakes.database.clone(),
        schema: "",
        journal: fakes.database.clone(),
        events: Arc::new(NoEvents),
        webhooks: Vec::new(),
        database: fakes.login_cache.clone(),
        store: fakes.login_cache.clone(),
        pruning: Vec::new(),
    };
    let settings = [
        ("SERVER__KEY", "5a".repeat(32)),
        ("LIMITS__LOGINS_PER_IP_BURST", "0".to_owned()),
        ("LIMITS__LOGINS_PER_NETWORK_PER_MIN", "0".to_owned()),
        ("LIMITS__LOGINS_PER_DAY", "0".to_owned()),
        ("WECHAT__APPS__0__NAME", "main".to_owned()),
        ("WECHAT__APPS__0__KIND", "official_account".to_owned()),
        ("WECHAT__APPS__0__APP_ID", "wx0000000000000001".to_owned()),
        ("WECHAT__APPS__0__SECRET", "secret".to_owned()),
        ("WECHAT__APPS__0__TOKEN", "token".to_owned()),
        ("WECHAT__APPS__0__ENCODING_AES_KEY", "a".repeat(43)),
    ];
    let settings = settings.map(|(name, value)| (format!("SAOMA__{name}"), value));
    let saoma = build(Config::load(None, settings).unwrap(), adapters);
    init_service(App::new().service(saoma.service())).await
}

/// Returns a poll of a login with its poll token, of a login that the service would have issued.
pub(crate) fn poll(number: u64) -> TestRequest {
    let mut secret = [7; 32];
    secret[..8].copy_from_slice(&number.to_be_bytes());
    let token = URL_SAFE_NO_PAD.encode(secret);
    let keys = KeyRing::new(ServerKey::new([0x5a; 32]), Vec::new());
    let deadline = Fakes::START.plus(Duration::from_secs(100));
    let id = LoginId::issue(&PollToken::parse(&token).unwrap(), deadline, &keys);
    from_somewhere(TestRequest::get().uri(&format!("/v1/logins/{id}")))
        .insert_header(("Authorization", format!("Bearer {token}")))
}

/// Says where a request comes from.
pub(crate) fn from_somewhere(request: TestRequest) -> TestRequest {
    request.peer_addr(([10, 0, 0, 1], 4711).into())
}
