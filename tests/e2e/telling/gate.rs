//! The gate: the site's own system says who is admitted.

use std::time::Duration;

use super::receiver::{Receiver, Script};
use crate::harness::{Device, Setup, code_for, register};

fn gated(receiver: &Receiver, on_failure: &str) -> Setup {
    Setup::default().set("gate.url", receiver.gate_url()).set("gate.on_failure", on_failure)
}

#[tokio::test]
async fn whom_the_gate_refuses_is_told_so_on_the_page_and_in_the_chat() {
    let receiver = Receiver::start();
    let service = gated(&receiver, "refuse").start().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    receiver.always(Some(Script::Fail(403)));
    let device = Device::start(&service).await;
    assert_eq!(ming.scan(device.qr()).await.unwrap().reply(), Some("仅限会员。"));
    let refused = device.look(&service).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (403, "login_refused"));
    assert_eq!(
        (&refused.json["detail"], &refused.json["refusal"]),
        (&"Members only.".into(), &"not_a_member".into())
    );
    receiver.always(None);
    assert_eq!(device.look(&service).await.says(), "registered", "the gate may think better of it");
}

#[tokio::test]
async fn no_account_is_made_for_whom_the_gate_refuses() {
    let receiver = Receiver::start();
    let service = gated(&receiver, "refuse").start().await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    ming.scan(device.qr()).await.unwrap();
    let code = code_for(&service, &device, &ming).await;
    receiver.always(Some(Script::Fail(403)));
    let refused = device.bind(&service, ming.phone(), &code).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (403, "login_refused"));
    assert_eq!(device.look(&service).await.says(), "unregistered");
}

#[tokio::test]
async fn a_gate_that_does_not_decide_refuses_or_admits_as_configured() {
    for (on_failure, script, admits) in [
        ("refuse", Script::Fail(500), false),
        ("refuse", Script::Late(Duration::from_secs(3)), false),
        ("admit", Script::Fail(500), true),
    ] {
        let receiver = Receiver::start();
        let service = gated(&receiver, on_failure).start().await;
        let ming = service.person("ming");
        register(&service, &ming).await;
        receiver.always(Some(script));
        let device = Device::start(&service).await;
        ming.scan(device.qr()).await.unwrap();
        let answer = device.look(&service).await;
        assert_eq!(answer.status.is_success(), admits, "{on_failure} {script:?}: {}", answer.text);
    }
}
