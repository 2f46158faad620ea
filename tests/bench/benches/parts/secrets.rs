//! Ids and tokens.

use divan::{Bencher, black_box};
use saoma_domain::{
    keys::{KeyRing, ServerKey},
    login::{LoginId, PollToken},
    session::SessionToken,
    time::Timestamp,
};

pub(crate) const POLL_TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn keys() -> KeyRing {
    KeyRing::new(ServerKey::new([0x5a; 32]), Vec::new())
}

#[divan::bench]
fn login_id_is_issued(bencher: Bencher<'_, '_>) {
    let (keys, token, deadline) =
        (keys(), PollToken::parse(POLL_TOKEN).unwrap(), Timestamp::from_secs(1_800_000_000));
    bencher.bench(|| LoginId::issue(black_box(&token), deadline, &keys));
}

#[divan::bench]
fn login_id_is_verified_with_its_poll_token(bencher: Bencher<'_, '_>) {
    let keys = keys();
    let token = PollToken::parse(POLL_TOKEN).unwrap();
    let id = LoginId::issue(&token, Timestamp::from_secs(1_800_000_000), &keys).to_string();
    bencher.bench(|| {
        let token = PollToken::parse(black_box(POLL_TOKEN)).unwrap();
        LoginId::verify(black_box(&id), &keys).unwrap().is_committed_to(&token)
    });
}

#[divan::bench]
fn session_token_is_refused_without_a_look_up(bencher: Bencher<'_, '_>) {
    let keys = keys();
    bencher.bench(|| SessionToken::verify(black_box(POLL_TOKEN), &keys).is_none());
}
