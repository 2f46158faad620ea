//! The service in this process, beside maps: for what is measured of it, and for what is counted.

use std::{sync::Arc, time::Duration};

use actix_http::Request;
use actix_web::{
    App, Error,
    dev::{Service, ServiceResponse},
    test::{TestRequest, init_service},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_api::{
    Adapters, build,
    config::{Config, Credentials},
};
use saoma_domain::{
    keys::{KeyRing, ServerKey},
    login::{LoginId, PollToken},
    ports::Random,
};
use saoma_testing::Fakes;

/// Starts the service with a source of randomness.
pub(crate) async fn service(
    random: Arc<dyn Random>,
) -> impl Service<Request, Response = ServiceResponse, Error = Error> {
    let fakes = Fakes::new();
    let ports = saoma_domain::services::Ports { random, ..fakes.ports() };
    let adapters = Adapters::in_process(ports, &fakes.database);
    let account = Credentials::new("wx0000000000000001", "secret").with_callback("token", "a".repeat(43));
    let config = Config::builder("http://127.0.0.1:8080", "5a".repeat(32))
        .official_account("main", account)
        .set("limits.logins_per_ip_burst", 0)
        .set("limits.logins_per_network_per_min", 0)
        .set("limits.logins_per_day", 0);
    let saoma = build(config.build().unwrap(), adapters);
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
