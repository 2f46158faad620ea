//! Issuing the session: an answer that is lost on the way loses no login, and a login gets one session only.

use futures_util::future::join_all;

use crate::harness::{Answer, Device, Setup, eventually, register};

fn assert_same_token(answers: &[Answer]) -> String {
    let token = answers[0].token().to_owned();
    for answer in answers {
        assert_eq!((answer.says(), answer.token()), ("registered", token.as_str()));
    }
    token
}

#[tokio::test]
async fn sixteen_who_wait_get_the_same_session() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    let device = Device::start(&service).await;

    let scanned = async {
        service.waiting(16).await;
        ming.scan(device.qr()).await
    };
    let (answers, _) = tokio::join!(join_all((0..16).map(|_| device.wait(&service, 30, 1))), scanned);
    let token = assert_same_token(&answers);
    assert_eq!(device.session(&service, &token).await.status, 200);
}

#[tokio::test]
async fn an_answer_is_given_again_while_its_time_lasts() {
    let service = Setup::default().set("login.handover_s", 2).start().await;
    let (device, token) = register(&service, &service.person("ming")).await;
    assert_eq!(device.look(&service).await.token(), token, "a lost answer is asked for again");

    let closed = eventually("that time is over", async || {
        let answer = device.look(&service).await;
        let over = answer.status != 200;
        assert!(over || answer.token() == token, "never another token");
        over.then_some(answer)
    })
    .await;
    assert_eq!((closed.status.as_u16(), closed.problem()), (410, "login_closed"));
    assert_eq!(device.session(&service, &token).await.status, 200, "the session itself goes on");
}
