//! Every body of the fuzz targets for some seconds, on the stable compiler.

use std::time::Duration;

/// Of all bodies together: half a minute, since the runner has no more than a few at once.
const EACH: Duration = Duration::from_secs(3);

fn run(name: &str) {
    let bodies = saoma_fuzz::BODIES.iter().filter(|body| body.name == name);
    let runs: u64 = bodies.map(|body| body.run_for(EACH)).sum();
    assert!(runs > 0, "{name} never ran");
}

#[test]
fn callback_xml() {
    run("callback_xml");
}

#[test]
fn callback_json() {
    run("callback_json");
}

#[test]
fn aes_envelope() {
    run("aes_envelope");
}

#[test]
fn wechat_answers() {
    run("wechat_answers");
}

#[test]
fn cookies_and_tokens() {
    run("cookies_and_tokens");
}

#[test]
fn queries_and_forms() {
    run("queries_and_forms");
}

#[test]
fn forwarded_for() {
    run("forwarded_for");
}

#[test]
fn configuration() {
    run("configuration");
}

#[test]
fn phone_numbers() {
    run("phone_numbers");
}

#[test]
fn place_files() {
    run("place_files");
}

#[test]
fn openid_requests() {
    run("openid_requests");
}
