//! Whole calls in this process, beside maps: what is left is router, credentials, services, JSON and QR code.

use std::{cell::Cell, sync::Arc};

use actix_web::{body::to_bytes, dev::Service, rt::Runtime, test::TestRequest};
use divan::Bencher;
use saoma_testing::SeededRandom;

use crate::in_process::{from_somewhere, poll, service};

/// So many logins are polled in turn: a client may poll one five times a second.
const LOGINS: u64 = 4000;

/// How often a call is made in all, as samples and the calls of each.
const SAMPLES: u32 = 100;
const CALLS: u32 = 100;

/// Measures one kind of call, which is given the number of a login.
fn call(bencher: Bencher<'_, '_>, request: fn(u64) -> TestRequest) {
    let runtime = Runtime::new().unwrap();
    let service = runtime.block_on(service(Arc::new(SeededRandom::new(1))));
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
