//! One return that is loaded often at the same time is exchanged once.
//!
//! Fifty writers at once may be too many for a slow disk; a load that is not stored in time says so, and is repeated.

use futures_util::future::join_all;
use saoma_sandbox::Api;

use crate::harness::{Answer, Browser, Service, Setup, eventually};

const LOADS: usize = 50;

/// Asks until the service is not too busy to answer: it says 503 then, and that nothing was lost.
async fn until_answered(mut ask: impl AsyncFnMut() -> Answer) -> Answer {
    eventually("the service answers", async || {
        let answer = ask().await;
        let busy = answer.status == 503 && answer.problem() == "store_unavailable";
        (!busy).then_some(answer)
    })
    .await
}

/// Loads an address of the service as often as it takes to be answered.
async fn load(service: &Service, browser: &mut Browser, address: &str) -> Answer {
    until_answered(async || browser.visit(service, address).await).await
}

#[tokio::test]
async fn fifty_loads_of_one_return_are_one_exchange_and_fifty_same_redirects() {
    let service = Setup::every_channel().start().await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let page = browser.authorize(&service, "channel=website&return_to=/a").await;
    let back = ming.allow(&page).unwrap();
    let loads = (0..LOADS).map(|_| {
        let mut browser = browser.clone();
        let (service, back) = (&service, &back);
        async move { load(service, &mut browser, back.as_str()).await }
    });
    let answers = join_all(loads).await;
    let expected = answers[0].location().to_owned();
    for answer in &answers {
        assert_eq!(answer.location(), expected);
    }
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), 1);
}
