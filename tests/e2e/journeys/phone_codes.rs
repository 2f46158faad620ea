//! Proving a phone number with the code of an SMS.

use std::time::Duration;

use saoma_sandbox::{Api, Fault};

use crate::harness::{PATIENCE, Setup, bind_own_phone, scanned_by_new};

#[tokio::test]
async fn a_code_grows_too_old() {
    let service = Setup::default().set("sms.code_ttl_s", 1).start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    let asked = device.send_code(&service, ming.phone()).await;
    assert_eq!((asked.status.as_u16(), &asked.json["expires_in"]), (202, &1.into()));
    let sms = ming.next_sms(0, PATIENCE).await.expect("the code arrives");
    // Nothing but time makes it old, and to try it would use it up.
    tokio::time::sleep(Duration::from_millis(1050)).await;
    let gone = device.bind(&service, ming.phone(), &sms.code).await;
    assert_eq!((gone.status.as_u16(), gone.problem()), (410, "sms_code_expired"));
}

#[tokio::test]
async fn a_code_that_the_gateway_did_not_take_can_be_asked_for_again() {
    let service = Setup::default().set("limits.sms_per_phone_gap_s", 0).start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    for fault in [Fault::Status { status: 500 }, Fault::Close] {
        service.sandbox.fail(Api::SmsWebhook, &fault, 1);
        let failed = device.send_code(&service, ming.phone()).await;
        assert_eq!((failed.status.as_u16(), failed.problem()), (503, "sms_unavailable"));
        assert!(failed.retry_after() >= 1);
    }
    assert_eq!(ming.sms(), []);
    bind_own_phone(&service, &device, &ming).await;
}
