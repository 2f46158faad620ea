//! Whole calls in this process, beside maps: what is left is router, credentials, services, JSON and QR code.

use std::{cell::Cell, sync::Arc};

use actix_http::Request;
use actix_web::{
    App, Error,
    body::to_bytes,
    dev::{Service, ServiceResponse},
    rt::Runtime,
    test::{TestRequest, init_service},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use divan::Bencher;
use saoma_api::{Adapters, build, config::Config};
use saoma_domain::{
    keys::{KeyRing, ServerKey},
    login::{LoginId, PollToken},
    ports::NoRelay,
};
use saoma_testing::Fakes;

/// So many logins are polled in turn: a client may poll one five times a second.
const LOGINS: u64 = 4000;

/// How often a call is made in all, as samples and the calls of each.
const SAMPLES: u32 = 100;
const CALLS: u32 = 100;

/// Measures one kind of call, which is given the number of a login.
fn call(bencher: Bencher<'_, '_>, request: fn(u64) -> TestRequest) {
    let runtime = Runtime::new().unwrap();
    let service = runtime.block_on(service());
    let next = Cell::new(0);
    bencher
        .with_inputs(|| {
            let number = next.replace(next.get() + 1);
            request(number % LOGINS).to_request()
        })
        .bench_local_values(|request| {
            runtime.block_on(async {
                let answer = service.call(request).await.unwrap();
                to_bytes(answer.into_body()).await.unwrap().len()
            })
        });
}

async fn service() -> impl Service<Request, Response = ServiceResponse, Error = Error> {
    let fakes = Fakes::new();
    let adapters = Adapters {
        ports: fakes.ports(),
        relay: Arc::new(NoRelay),
        messages: fakes.database.clone(),
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

fn poll(number: u64) -> TestRequest {
    let mut secret = [7; 32];
    secret[..8].copy_from_slice(&number.to_be_bytes());
    let token = URL_SAFE_NO_PAD.encode(secret);
    let keys = KeyRing::new(ServerKey::new([0x5a; 32]), Vec::new());
    let deadline = Fakes::START.plus(std::time::Duration::from_secs(100));
    let id = LoginId::issue(&PollToken::parse(&token).unwrap(), deadline, &keys);
    from_somewhere(TestRequest::get().uri(&format!("/v1/logins/{id}")))
        .insert_header(("Authorization", format!("Bearer {token}")))
}

fn from_somewhere(request: TestRequest) -> TestRequest {
    request.peer_addr(([10, 0, 0, 1], 4711).into())
}

#[divan::bench(sample_count = SAMPLES, sample_size = CALLS)]
fn poll_of_a_login(bencher: Bencher<'_, '_>) {
    call(bencher, poll);
}

#[divan::bench(sample_count = SAMPLES, sample_size = CALLS)]
fn session_that_this_service_did_not_issue(bencher: Bencher<'_, '_>) {
    let request = |_| {
        from_somewhere(TestRequest::get().uri("/v1/session"))
            .insert_header(("Cookie", format!("saoma_session={}", crate::secrets::POLL_TOKEN)))
    };
    call(bencher, request);
}

#[divan::bench(sample_count = SAMPLES, sample_size = CALLS)]
fn new_login_with_its_qr_code(bencher: Bencher<'_, '_>) {
    let request = |_| {
        from_somewhere(TestRequest::post().uri("/v1/logins"))
            .insert_header(("Content-Type", "application/json"))
            .set_payload(r#"{"channel":"official_account","client":"device"}"#)
    };
    call(bencher, request);
}

#[divan::bench(sample_count = SAMPLES, sample_size = CALLS)]
fn health(bencher: Bencher<'_, '_>) {
    call(bencher, |_| from_somewhere(TestRequest::get().uri("/healthz")));
}
