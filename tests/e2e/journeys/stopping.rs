//! A process that is told to stop.

use std::time::Duration;

use futures_util::future::join_all;
use saoma_sandbox::{Api, Fault};
use serde_json::json;

use crate::harness::{Device, PATIENCE, Setup, eventually};

#[tokio::test]
async fn all_who_wait_are_answered_at_once_when_the_process_is_told_to_stop() {
    let mut service = Setup::default().set("server.shutdown_grace_s", 25).start().await;
    let device = Device::start(&service).await;
    let mut stream = device.events(&service, None).await;
    assert_eq!(stream.next().await.unwrap().says(), "loop");

    let told = async {
        service.waiting(9).await;
        service.tell_to_stop().await;
    };
    let waiters = join_all((0..8).map(|_| device.wait(&service, 60, 1)));
    let all = async { tokio::join!(waiters, told) };
    let (answers, ()) = tokio::time::timeout(PATIENCE, all).await.expect("no client waits on");
    for answer in answers {
        assert_eq!((answer.status.as_u16(), answer.says()), (200, "loop"));
    }
    assert!(stream.next().await.is_none(), "the stream ends in order");
    let ended = tokio::time::timeout(Duration::from_secs(20), service.ended()).await;
    assert_eq!(ended.expect("idle connections do not delay it"), Some(0));
    let log = service.log();
    assert!(!log.contains("panicked"), "{log}");
}

#[tokio::test]
async fn a_process_that_stops_is_not_ready_but_ends_what_it_has_begun() {
    let mut service = Setup::default().set("wechat.timeout_ms", 20_000).start().await;
    assert!(service.is_ready().await);
    service.sandbox.fail(Api::QrcodeCreate, &Fault::Delay { delay_ms: 2000 }, 1);
    let mut begun = Box::pin(Device::ask(&service, json!({})));
    let not_ready = async {
        eventually("WeChat is asked", async || (service.sandbox.calls(Api::QrcodeCreate) == 1).then_some(()))
            .await;
        service.tell_to_stop().await;
        eventually("it is not ready", async || (!service.is_ready().await).then_some(())).await;
    };
    tokio::select! {
        biased;
        early = &mut begun => panic!("it is not ready only after it has ended: {}", early.text),
        () = not_ready => {}
    }
    let answer = begun.await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(service.ended().await, Some(0));
}
