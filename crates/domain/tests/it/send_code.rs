//! Sending codes.

use std::sync::{Arc, Mutex};

use saoma_domain::{
    login::AuthenticatedLogin,
    ports::{SmsError, SmsMessage, SmsReceipt, SmsSender},
    services::{CodeRequest, LimitPolicy, SentCode, ServiceError, UnusedCodes},
    sms::{CallingCode, SmsCountries},
};

use saoma_testing::SmsInbox;

use crate::{
    broken,
    world::{CLIENT, OTHER_PHONE, PHONE, World, client, number, secs, unlimited},
};

const HOUR: u64 = 3600;

async fn send(world: &World, auth: &AuthenticatedLogin, phone: &str) -> Result<SentCode, ServiceError> {
    world.services.phone_binding.send_code(auth, CodeRequest { phone, client: CLIENT }).await
}

fn limited(secs_left: u64) -> Result<SentCode, ServiceError> {
    Err(ServiceError::RateLimited { retry_after: secs(secs_left) })
}

#[tokio::test]
async fn a_code_goes_to_the_number_however_it_is_spelled() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let sent = send(&world, &auth, "+86 138-0013-8000").await;
    assert_eq!(sent, Ok(SentCode { resend_in: secs(60), expires_in: secs(180) }));
    let messages = world.inbox.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!((&messages[0].phone, messages[0].purpose), (&number(PHONE), "login"));
    assert_eq!(messages[0].expires_in, secs(180));
    assert_eq!(messages[0].code.reveal().len(), 6);
}

#[tokio::test]
async fn a_number_with_an_account_is_answered_like_any_other() {
    let world = World::new();
    world.registered("oBela", PHONE).await;
    world.pass(secs(60));
    let auth = world.unregistered("oAnna").await;
    assert_eq!(send(&world, &auth, PHONE).await, send(&world, &auth, OTHER_PHONE).await);
}

#[tokio::test]
async fn a_login_that_waits_for_a_number_gets_a_code_from_a_node_that_has_not_heard_of_its_scan() {
    let world = World::new();
    let started = world.start().await;
    let elsewhere = world.node(|ports| ports.login_cache = broken::login_cache());
    elsewhere.scans.take_scan(world.event(&started, "oAnna")).await.unwrap();
    assert_eq!(world.services.waiting.look(&started.auth).await.unwrap().state.name(), "loop");
    assert!(send(&world, &started.auth, PHONE).await.is_ok());
}

#[tokio::test]
async fn only_a_login_that_waits_for_a_number_gets_a_code() {
    let world = World::new();
    let waiting = world.start().await.auth;
    let cancelled = world.unregistered("oBela").await;
    world.services.cancellation.cancel(&cancelled).await.unwrap();
    let (registered, _) = world.registered("oAnna", PHONE).await;
    let sent = world.inbox.messages().len();
    for (auth, state) in [(&waiting, "loop"), (&cancelled, "expired"), (&registered, "registered")] {
        assert_eq!(send(&world, auth, OTHER_PHONE).await, Err(ServiceError::LoginState(state)));
    }
    let late = world.unregistered("oCora").await;
    world.pass(secs(600));
    assert_eq!(send(&world, &late, OTHER_PHONE).await, Err(ServiceError::LoginState("expired")));
    assert_eq!(world.inbox.messages().len(), sent);
}

#[tokio::test]
async fn what_is_no_mobile_number_is_refused() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    for phone in ["", "12345", "010-62552000", "1380013800x", "+86 138 0013 80000"] {
        assert_eq!(send(&world, &auth, phone).await, Err(ServiceError::PhoneInvalid), "{phone}");
    }
    assert!(world.inbox.messages().is_empty());
}

#[tokio::test]
async fn a_number_gets_one_code_a_minute_from_all_clients_together() {
    let world = World::new();
    let (first, second) = (world.unregistered("oAnna").await, world.unregistered("oBela").await);
    assert!(send(&world, &first, PHONE).await.is_ok());
    world.pass(secs(20));
    assert_eq!(send(&world, &second, "0086 138 0013 8000").await, limited(40));
    assert!(send(&world, &second, OTHER_PHONE).await.is_ok());
    world.pass(secs(40));
    assert!(send(&world, &second, PHONE).await.is_ok());
    assert_eq!(world.inbox.messages().len(), 3);
}

#[tokio::test]
async fn a_number_gets_five_codes_an_hour_and_ten_a_day() {
    let world = World::new();
    for round in 0..10 {
        let auth = world.unregistered(if round < 5 { "oAnna" } else { "oBela" }).await;
        assert!(send(&world, &auth, PHONE).await.is_ok(), "{round}");
        world.pass(secs(60));
        if round == 4 {
            assert_eq!(send(&world, &auth, PHONE).await, limited(HOUR - 300));
            world.pass(secs(HOUR));
        }
    }
    world.pass(secs(HOUR));
    let auth = world.unregistered("oCora").await;
    assert_eq!(send(&world, &auth, PHONE).await, limited(24 * HOUR - 2 * HOUR - 600));
    assert_eq!(world.inbox.messages().len(), 10);
}

#[tokio::test]
async fn a_client_gets_twenty_codes_an_hour_for_whatever_numbers() {
    let world = World::new();
    for line in 0..20 {
        let auth = world.unregistered(&format!("oPerson{line}")).await;
        assert!(send(&world, &auth, &format!("138001380{line:02}")).await.is_ok(), "{line}");
    }
    let auth = world.unregistered("oAnna").await;
    assert_eq!(send(&world, &auth, OTHER_PHONE).await, limited(HOUR));
    let request = CodeRequest { phone: OTHER_PHONE, client: client("192.0.2.8") };
    assert!(
        world.services.phone_binding.send_code(&auth, request).await.is_ok(),
        "another client is not concerned"
    );
}

#[tokio::test]
async fn a_login_gets_three_codes_for_whatever_numbers_from_whatever_addresses() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let from = async |line: usize| {
        let (phone, client) = (format!("138001380{line:02}"), client(&format!("192.0.2.{line}")));
        world.services.phone_binding.send_code(&auth, CodeRequest { phone: &phone, client }).await
    };
    for line in 0..3 {
        assert!(from(line).await.is_ok(), "{line}");
    }
    assert_eq!(from(3).await, limited(24 * HOUR));
    assert_eq!(world.inbox.messages().len(), 3);
}

#[tokio::test]
async fn a_person_gets_six_codes_a_day_over_all_logins() {
    let world = World::new();
    for line in 0..7 {
        let auth = world.unregistered("oAnna").await;
        let sent = send(&world, &auth, &format!("138001380{line:02}")).await;
        assert_eq!(sent.is_ok(), line < 6, "{line}: {sent:?}");
    }
    let other = world.unregistered("oBela").await;
    assert!(send(&world, &other, OTHER_PHONE).await.is_ok(), "another person is not concerned");
}

#[tokio::test]
async fn a_session_and_its_login_get_three_codes_together() {
    let world = World::new();
    let issued = world.session("oAnna", PHONE).await;
    let active = world.stored(&issued).await;
    for line in 1..4 {
        let request = CodeRequest { phone: &format!("138001380{line:02}"), client: CLIENT };
        let sent = world.services.accounts.send_new_phone_code(&active, request).await;
        assert_eq!(sent.is_ok(), line < 3, "{line}: the login was sent one before");
    }
}

#[tokio::test]
async fn codes_go_only_to_the_countries_of_the_settings_and_never_to_satellites() {
    let world = World::new();
    let china = world.node_with_policy(|policy| {
        policy.limits = unlimited();
        policy.sms.countries = SmsCountries::Only(vec![CallingCode::parse("86").unwrap()]);
    });
    let everywhere = world.node_with_policy(|policy| policy.limits = unlimited());
    let auth = world.unregistered("oAnna").await;
    for (phone, in_china, elsewhere) in [
        (PHONE, Ok(()), Ok(())),
        ("+60123456789", Err(ServiceError::SmsCountryRefused), Ok(())),
        ("+881612345678", Err(ServiceError::SmsCountryRefused), Err(ServiceError::SmsCountryRefused)),
        ("+870773111632", Err(ServiceError::SmsCountryRefused), Err(ServiceError::SmsCountryRefused)),
        ("+979123456789", Err(ServiceError::PhoneInvalid), Err(ServiceError::PhoneInvalid)),
    ] {
        for (node, expected) in [(&china, in_china), (&everywhere, elsewhere)] {
            let sent = node.phone_binding.send_code(&auth, CodeRequest { phone, client: CLIENT }).await;
            assert_eq!(sent.map(drop), expected, "{phone}");
        }
    }
    assert_eq!(world.inbox.messages().len(), 3);
}

/// Has a new person ask for a code from an address.
async fn new_person(world: &World, number: u32, address: &str) -> (AuthenticatedLogin, String, bool) {
    let (auth, phone) = (world.unregistered(&format!("oNew{number}")).await, format!("1380013{number:04}"));
    let request = CodeRequest { phone: &phone, client: client(address) };
    let sent = world.services.phone_binding.send_code(&auth, request).await.is_ok();
    (auth, phone, sent)
}

#[tokio::test]
async fn while_most_codes_are_not_used_an_address_gets_a_quarter_and_nobody_is_stopped() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| {
        policy.limits.logins_per_ip_burst = 0;
        policy.limits.logins_per_network_per_min = 0;
    });
    let watch = world.services.sms_watch.clone();
    for number in 0..100 {
        assert_eq!(watch.too_many_unused(), None, "{number} say nothing yet");
        assert!(new_person(&world, number, &format!("203.0.113.{number}")).await.2);
    }
    assert_eq!(watch.too_many_unused(), Some(UnusedCodes { sent: 100, unused: 100 }));
    let mut asked = Vec::new();
    for number in 100..106 {
        asked.push(new_person(&world, number, "192.0.2.7").await);
    }
    assert_eq!(asked.iter().filter(|(.., sent)| *sent).count(), 5, "of twenty an hour");

    for number in 200..240 {
        let (auth, phone, sent) = new_person(&world, number, &format!("198.51.100.{number}")).await;
        assert!(sent, "an address that has asked for none is not stopped");
        let code = world.inbox.last_code(&self::number(&phone)).unwrap();
        world.services.phone_binding.bind(&auth, &phone, code.reveal()).await.unwrap();
    }
    assert_eq!(watch.too_many_unused(), Some(UnusedCodes { sent: 145, unused: 105 }));
    for (auth, phone, _) in &asked[..5] {
        let code = world.inbox.last_code(&self::number(phone)).unwrap();
        world.services.phone_binding.bind(auth, phone, code.reveal()).await.unwrap();
    }
    assert_eq!(watch.too_many_unused(), None);
    assert!(new_person(&world, 106, "192.0.2.7").await.2);
}

#[tokio::test]
async fn codes_of_more_than_an_hour_ago_and_of_a_switched_off_watch_say_nothing() {
    let mut world = World::new();
    for (permille, watched) in [(700, true), (0, false)] {
        world.services = world.node_with_policy(|policy| {
            policy.limits = LimitPolicy { sms_unused_permille: permille, ..unlimited() };
        });
        for number in 0..100 {
            assert!(new_person(&world, number, "192.0.2.7").await.2);
        }
        let watch = world.services.sms_watch.clone();
        world.pass(secs(HOUR - 300));
        assert_eq!(watch.too_many_unused().is_some(), watched);
        world.pass(secs(300));
        assert_eq!(watch.too_many_unused(), None);
    }
}

#[tokio::test]
async fn the_service_as_a_whole_can_be_stopped() {
    let mut world = World::new();
    world.services = world.node_with_policy(|policy| {
        policy.limits = unlimited();
        policy.limits.sms_per_day = 3;
    });
    let auth = world.unregistered("oAnna").await;
    for _ in 0..3 {
        assert!(send(&world, &auth, PHONE).await.is_ok(), "the other limits are off");
    }
    assert_eq!(send(&world, &auth, OTHER_PHONE).await, limited(24 * HOUR));
}

#[tokio::test]
async fn nothing_is_sent_that_cannot_be_counted_or_checked() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let request = CodeRequest { phone: PHONE, client: CLIENT };
    let uncounted = world.node(|ports| ports.limits = broken::limits());
    assert_eq!(uncounted.phone_binding.send_code(&auth, request).await, Err(broken::store_error()));
    let forgetful = world.node(|ports| ports.sms_codes = broken::sms_codes());
    assert_eq!(forgetful.phone_binding.send_code(&auth, request).await, Err(broken::store_error()));
    assert!(world.inbox.messages().is_empty());
}

#[tokio::test]
async fn a_message_that_the_gateway_refused_counts_all_the_same() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let failure = SmsInbox::failure("the gateway is away");
    world.inbox.fail_next(failure.clone());
    let failed = ServiceError::Sms { error: failure, retry_after: secs(60) };
    assert_eq!(send(&world, &auth, PHONE).await, Err(failed));
    assert_eq!(send(&world, &auth, PHONE).await, limited(60));
}

#[tokio::test]
async fn the_next_provider_gets_another_code_and_only_that_one_is_right() {
    let world = World::new();
    let auth = world.unregistered("oAnna").await;
    let slow = Arc::new(TwoProviders::default());
    let node = world.node(|ports| ports.sms_sender = slow.clone());
    node.phone_binding.send_code(&auth, CodeRequest { phone: PHONE, client: CLIENT }).await.unwrap();
    let sent = slow.0.lock().unwrap().clone();
    let [(first, 0), (second, 1)] = &sent[..] else { panic!("{sent:?}") };
    assert_ne!(first, second, "no code is in two messages");
    let wrong = node.phone_binding.bind(&auth, PHONE, first).await;
    assert!(matches!(wrong, Err(ServiceError::SmsCodeWrong { .. })), "{wrong:?}");
    node.phone_binding.bind(&auth, PHONE, second).await.unwrap();
}

/// A first provider that is too slow and a second one that takes everything, with the codes that they were given.
#[derive(Default)]
struct TwoProviders(Mutex<Vec<(String, usize)>>);

#[async_trait::async_trait]
impl SmsSender for TwoProviders {
    async fn send(&self, message: SmsMessage, attempt: usize) -> Result<SmsReceipt, SmsError> {
        self.0.lock().unwrap().push((message.code.reveal().to_owned(), attempt));
        if attempt == 0 {
            return Err(SmsError { try_next: true, ..SmsInbox::failure("too slow") });
        }
        Ok(SmsReceipt { provider: "second" })
    }
}
