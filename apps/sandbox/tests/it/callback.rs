//! How events are sent.

use std::time::Duration;

use saoma_sandbox::{
    CallbackFormat, CallbackMode, DeliveryOutcome, DeliveryPolicy, FAULT_NOTICE, OfficialAccount, Reaction,
    SandboxConfig, Speaker,
};
use saoma_wechat::callback::MessageKind;

use super::support::{Caller, ScriptedAnswer, config, sandbox, sandbox_and_receiver};

#[tokio::test]
async fn the_real_codec_accepts_an_event_in_every_form_and_its_reply_is_shown() {
    let modes = [CallbackMode::Plain, CallbackMode::Compat, CallbackMode::Secure];
    let forms = [CallbackFormat::Xml, CallbackFormat::Json].map(|format| modes.map(|mode| (mode, format)));
    for (mode, format) in forms.concat() {
        let accounts = vec![OfficialAccount { mode, format, ..OfficialAccount::demo() }];
        let (sandbox, receiver) = sandbox_and_receiver(SandboxConfig { accounts, ..config() }).await;
        receiver.will_answer([ScriptedAnswer::Text("登录 demo.example <确认>")]);
        let ming = sandbox.person("ming").unwrap();

        let reaction = ming.follow("main").await.unwrap();
        assert_eq!(reaction.reply(), Some("登录 demo.example <确认>"), "{mode:?} {format:?}");
        let said = ming.chat("main");
        assert_eq!(said.len(), 1);
        assert_eq!((said[0].from, said[0].text.as_str()), (Speaker::Account, "登录 demo.example <确认>"));

        let seen = &receiver.seen()[0];
        let message = seen.message.as_ref().unwrap();
        assert_eq!(message.from().as_str(), ming.openid("main").unwrap());
        assert!(matches!(message.kind(), MessageKind::Subscribe { scene: None, .. }), "{message:?}");
        assert_eq!(seen.query.openid.as_deref(), Some(ming.openid("main").unwrap().as_str()));
        assert_eq!(seen.query.msg_signature.is_some(), mode != CallbackMode::Plain);
        assert_eq!(seen.body.contains("FromUserName"), mode != CallbackMode::Secure, "{}", seen.body);
        assert_eq!(seen.body.starts_with('{'), format == CallbackFormat::Json, "{}", seen.body);
    }
}

#[tokio::test]
async fn a_status_that_is_not_200_is_tried_three_times_with_the_same_bytes_and_then_shown() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    receiver.will_answer([
        ScriptedAnswer::Status(503),
        ScriptedAnswer::Status(500),
        ScriptedAnswer::Status(404),
    ]);
    let ming = sandbox.person("ming").unwrap();

    let reaction = ming.follow("main").await.unwrap();
    let Reaction::Sent { deliveries, .. } = &reaction else { panic!("{reaction:?}") };
    let statuses = deliveries[0].attempts.iter().map(|attempt| attempt.status).collect::<Vec<_>>();
    assert_eq!(statuses, [Some(503), Some(500), Some(404)]);
    assert!(matches!(deliveries[0].outcome, DeliveryOutcome::Fault(_)));
    let said = ming.chat("main");
    assert_eq!((said[0].from, said[0].text.as_str()), (Speaker::Wechat, FAULT_NOTICE));

    let seen = receiver.seen();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|one| one.body == seen[0].body && one.query == seen[0].query));
}

#[tokio::test]
async fn a_second_attempt_can_have_a_signature_of_its_own_around_the_same_body() {
    let delivery = DeliveryPolicy { fresh_signature: true, ..DeliveryPolicy::default() };
    let (sandbox, receiver) = sandbox_and_receiver(SandboxConfig { delivery, ..config() }).await;
    receiver.will_answer([ScriptedAnswer::Status(503)]);
    sandbox.person("ming").unwrap().follow("main").await.unwrap();
    let seen = receiver.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].body, seen[1].body);
    assert_ne!(seen[0].query.nonce, seen[1].query.nonce);
    assert!(seen.iter().all(|one| one.message.is_ok()));
}

#[tokio::test]
async fn a_service_that_stays_silent_gets_a_second_chance() {
    let delivery = DeliveryPolicy { timeout: Duration::from_millis(300), ..DeliveryPolicy::default() };
    let (sandbox, receiver) = sandbox_and_receiver(SandboxConfig { delivery, ..config() }).await;
    receiver.will_answer([ScriptedAnswer::Never, ScriptedAnswer::Text("welcome")]);
    let reaction = sandbox.person("ming").unwrap().follow("main").await.unwrap();
    assert_eq!(reaction.reply(), Some("welcome"));
    let Reaction::Sent { deliveries, .. } = reaction else { panic!("nothing was sent") };
    assert_eq!(deliveries[0].attempts[0].error.as_deref(), Some("no answer in time"));
    assert_eq!(deliveries[0].attempts[1].status, Some(200));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    receiver.will_answer([ScriptedAnswer::Redirect, ScriptedAnswer::Redirect, ScriptedAnswer::Redirect]);
    let reaction = sandbox.person("ming").unwrap().follow("main").await.unwrap();
    assert!(matches!(reaction.outcomes()[..], [DeliveryOutcome::Fault(_)]));
    assert_eq!(receiver.seen().len(), 3);
}

#[tokio::test]
async fn a_service_that_is_not_there_is_a_fault() {
    let sandbox = sandbox().await;
    sandbox.set_callback_url("main", "http://127.0.0.1:1/callback").unwrap();
    let ming = sandbox.person("ming").unwrap();
    ming.follow("main").await.unwrap();
    assert_eq!(ming.chat("main")[0].text, FAULT_NOTICE);
}

#[tokio::test]
async fn an_answer_with_status_200_ends_the_attempts_whatever_it_says() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    receiver.will_answer([
        ScriptedAnswer::Raw("{\"ok\":true}"),
        ScriptedAnswer::Raw(""),
        ScriptedAnswer::Success,
    ]);
    let ming = sandbox.person("ming").unwrap();
    ming.follow("main").await.unwrap();
    assert_eq!(ming.chat("main").len(), 1, "the notice");
    ming.unfollow("main").await.unwrap();
    ming.follow("main").await.unwrap();
    assert_eq!(ming.chat("main").len(), 1, "nothing is shown of an empty answer and of success");
    assert_eq!(receiver.seen().len(), 3);
}

#[tokio::test]
async fn duplicates_carry_the_same_message_and_their_reply_is_shown_once() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    receiver.will_answer(std::iter::repeat_n(ScriptedAnswer::Text("登录成功"), 9));
    let ming = sandbox.person("ming").unwrap();
    let url = Caller::new(&sandbox).code_url("login:web:abc").await;

    let reaction = ming.scan_in_copies(&url, 8).await.unwrap();
    assert_eq!(reaction.outcomes().len(), 8);
    let Reaction::Sent { event, .. } = reaction else { panic!("nothing was sent") };
    assert_eq!(sandbox.resend(event, 1).await.unwrap().reply(), Some("登录成功"));

    let seen = receiver.seen();
    assert_eq!(seen.len(), 9);
    let kinds = seen.iter().map(|one| one.message.as_ref().unwrap().kind().clone()).collect::<Vec<_>>();
    assert!(kinds.iter().all(|kind| *kind == kinds[0]));
    assert_eq!(ming.chat("main").len(), 1);
    assert_eq!(sandbox.events(0)[0].deliveries.len(), 9);
    assert!(sandbox.resend(99, 1).await.is_err());
}

#[tokio::test]
async fn the_check_of_the_url_wants_the_echo_back() {
    let (sandbox, _receiver) = sandbox_and_receiver(config()).await;
    assert!(sandbox.check_callback_url("main").await.unwrap());
    sandbox.advance_clock(Duration::from_secs(301));
    assert!(!sandbox.check_callback_url("main").await.unwrap(), "the service finds the timestamp stale");
    assert!(sandbox.set_callback_url("main", "ftp://127.0.0.1/").is_err());
    assert!(sandbox.set_callback_url("none", "http://127.0.0.1/").is_err());
}

#[tokio::test]
async fn attempts_are_lost_before_the_service_gets_them_or_after() {
    let delivery = DeliveryPolicy { one_lost_in: 1, attempts: 40, ..DeliveryPolicy::default() };
    let (sandbox, receiver) = sandbox_and_receiver(SandboxConfig { delivery, ..config() }).await;
    let reaction = sandbox.person("ming").unwrap().follow("main").await.unwrap();
    assert!(matches!(reaction.outcomes()[..], [DeliveryOutcome::Fault(_)]), "{reaction:?}");
    let seen = receiver.seen().len();
    assert!(0 < seen && seen < 40, "{seen} of 40 came");
}

#[tokio::test]
async fn events_come_in_two_copies() {
    let delivery = DeliveryPolicy { one_twice_in: 1, ..DeliveryPolicy::default() };
    let (sandbox, receiver) = sandbox_and_receiver(SandboxConfig { delivery, ..config() }).await;
    let reaction = sandbox.person("ming").unwrap().follow("main").await.unwrap();
    assert_eq!((reaction.outcomes().len(), receiver.seen().len()), (2, 2));
}

#[tokio::test]
async fn who_revokes_is_named_in_an_event_of_the_platform() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    let ming = sandbox.person("ming").unwrap();
    ming.revoke("main").await.unwrap();
    let message = receiver.seen().pop().unwrap().message.unwrap();
    let openid = ming.openid("main").unwrap();
    assert!(
        matches!(message.kind(), MessageKind::AuthorizationChanged { is_revoked: true, .. }),
        "{message:?}"
    );
    assert_eq!(message.person().as_str(), openid);
    assert_ne!(message.from().as_str(), openid);
}
