//! One signature of a callback is good for one body.

use std::time::Duration;

use saoma_domain::services::ServiceError;

use crate::{
    broken,
    world::{World, app},
};

const SIGNATURE: &str = "f464b24fc39322e44b38aa78f5edd27bd1441696";

#[tokio::test]
async fn a_signature_that_was_seen_is_good_for_the_same_body_only_on_every_node() {
    let world = World::new();
    let other_node = world.node(|_| {});
    let admit =
        async |body: &[u8]| world.services.callback_signatures.admit(&app("main"), SIGNATURE, body).await;
    for _ in 0..3 {
        assert_eq!(admit(b"first").await, Ok(true), "WeChat repeats an event up to three times");
    }
    assert_eq!(admit(b"forged").await, Ok(false));
    assert_eq!(admit(b"").await, Ok(false));
    let elsewhere = &other_node.callback_signatures;
    assert_eq!(elsewhere.admit(&app("main"), SIGNATURE, b"forged").await, Ok(false));
    assert_eq!(elsewhere.admit(&app("main"), SIGNATURE, b"first").await, Ok(true));
    assert_eq!(elsewhere.admit(&app("other"), SIGNATURE, b"forged").await, Ok(true), "another app's");
    world.pass(Duration::from_secs(600));
    assert_eq!(admit(b"forged").await, Ok(false), "for longer than any time in it is fresh");
}

#[tokio::test]
async fn a_signature_that_cannot_be_remembered_admits_nothing() {
    let world = World::new();
    let node = world.node(|ports| ports.one_time_codes = broken::one_time_codes());
    let admitted = node.callback_signatures.admit(&app("main"), SIGNATURE, b"body").await;
    assert!(matches!(admitted, Err(ServiceError::Store(_))));
}
