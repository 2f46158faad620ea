//! A phone that is elsewhere than the client that it lets in.

use std::{net::IpAddr, sync::Arc};

use saoma_domain::{
    login::{ConfirmNumber, ExpiryReason, LoginState, PhoneLink},
    nearness::WhenElsewhere,
    place::Place,
    ports::{AuditFilter, AuditKind, AuditTrail, PhoneAnswer, Places},
    services::{ConfirmBy, ScanReply, Services, StartedLogin},
};

use crate::{
    confirm::asked,
    settings::{keys, policy},
    world::{PHONE, World, app, browser, openid, request},
};

/// Knows that the browser of these tests (192.0.2.7) is in Guangdong, and who has 198.51.100.1 in Fujian.
struct TwoProvinces;

impl Places for TwoProvinces {
    fn place(&self, ip: IpAddr) -> Option<Place> {
        let province = match ip.to_string().split_once('.')?.0 {
            "192" => "广东省",
            "198" => "福建省",
            _ => return None,
        };
        let word = |word: &str| Some(word.to_owned());
        Some(Place { country: word("中国"), province: word(province), ..Place::default() })
    }
}

const HERE: &str = "192.168.7.1";
const ELSEWHERE: &str = "198.51.100.1";
const UNKNOWN: &str = "203.0.113.1";

struct Asking {
    world: World,
    node: Arc<Services>,
}

impl Asking {
    /// Returns a node on which a known person is asked.
    async fn of(by: ConfirmBy, rule: WhenElsewhere) -> Self {
        let world = World::new();
        world.registered("oAnna", PHONE).await;
        let mut ports = world.ports();
        ports.places = Arc::new(TwoProvinces);
        let mut policy = policy();
        policy.confirm = [(app("main"), by)].into();
        policy.elsewhere = [(app("main"), rule)].into();
        let node = Arc::new(Services::new(ports, keys(&[1]), policy));
        Self { world, node }
    }

    async fn scanned(&self) -> (StartedLogin, PhoneLink) {
        let started = self.node.start.with_qr(request("main")).await.unwrap();
        let reply = self.node.scans.take_scan(self.world.event(&started, "oAnna")).await.unwrap();
        (started, asked(reply).0)
    }

    async fn answer(&self, link: &PhoneLink, answer: PhoneAnswer, phone: &str) -> ScanReply {
        let phone = Some(phone.parse().unwrap());
        self.node.confirmation.answer(link.reveal(), answer, phone).await.unwrap().1
    }

    /// Returns the number that the waiting client shows.
    async fn shown(&self, started: &StartedLogin) -> Option<ConfirmNumber> {
        let state = self.node.waiting.look(&started.auth).await.unwrap().state;
        let LoginState::Scanned { question, .. } = state else {
            unreachable!("it waits for the phone: {state:?}")
        };
        question.number()
    }
}

#[tokio::test]
async fn a_tap_from_elsewhere_asks_for_the_number_that_the_client_shows_from_then_on() {
    let asking = Asking::of(ConfirmBy::Click, WhenElsewhere::AskNumber).await;
    let (started, link) = asking.scanned().await;
    assert_eq!(asking.shown(&started).await, None, "a tap is asked for");
    let again = asking.answer(&link, PhoneAnswer::Yes, ELSEWHERE).await;
    assert_eq!(again.as_str(), "asked");
    let login = asking.node.waiting.look(&started.auth).await.unwrap();
    assert_eq!(login.version, 3, "the waiting client hears of it");
    let number = asking.shown(&started).await.expect("the client shows a number");

    let plain = asking.answer(&link, PhoneAnswer::Yes, HERE).await;
    assert_eq!(plain.as_str(), "asked", "a phone that seems to come near is asked all the same");
    assert_eq!(asking.shown(&started).await, Some(number), "the number stays");
    let right = asking.answer(&link, PhoneAnswer::Number(Some(number)), ELSEWHERE).await;
    assert_eq!(right.as_str(), "logged_in");
    let login = asking.node.waiting.look(&started.auth).await.unwrap();
    let session = asking.node.session_issuer.issue(&started.auth, &login, browser()).await.unwrap().session;
    assert_eq!(session.auth_methods.to_string(), "wechat_qr confirm_number");
}

#[tokio::test]
async fn a_number_that_was_asked_for_later_may_be_sent_in_the_chat() {
    let asking = Asking::of(ConfirmBy::Click, WhenElsewhere::AskNumber).await;
    let (started, link) = asking.scanned().await;
    asking.answer(&link, PhoneAnswer::Yes, ELSEWHERE).await;
    let number = asking.shown(&started).await.unwrap().to_string();
    let (app, openid) = (app("main"), openid("oAnna"));
    let said = asking.node.confirmation.answer_in_chat(&app, &openid, &number).await.unwrap();
    assert_eq!(said.map(|(_, reply)| reply.as_str()), Some("logged_in"));
}

#[tokio::test]
async fn a_yes_from_elsewhere_ends_the_login_where_the_site_refuses_it() {
    for by in [ConfirmBy::Click, ConfirmBy::Number] {
        let asking = Asking::of(by, WhenElsewhere::Refuse).await;
        let (started, link) = asking.scanned().await;
        let number = asking.shown(&started).await;
        let yes = if number.is_some() { PhoneAnswer::Number(number) } else { PhoneAnswer::Yes };
        assert_eq!(asking.answer(&link, yes, ELSEWHERE).await, ScanReply::Elsewhere);
        let login = asking.node.waiting.look(&started.auth).await.unwrap();
        assert!(matches!(login.state, LoginState::Expired { reason: ExpiryReason::Denied, .. }), "{login:?}");
        let filter = AuditFilter { account: None, kind: Some(AuditKind::LoginRefused) };
        let trail = asking.world.database.records(filter, None, 10).await.unwrap();
        assert_eq!(trail[0].note.outcome.as_deref(), Some("elsewhere"));
        assert_eq!(trail[0].note.client, browser(), "it says where the client is");
        let late = asking.answer(&link, yes, HERE).await;
        assert_eq!(late, ScanReply::Over(ExpiryReason::Denied));
        assert!(asking.node.start.with_qr(request("main")).await.is_ok(), "its person did not refuse");
    }
}

#[tokio::test]
async fn the_number_is_taken_on_the_page_alone_where_it_matters_where_the_phone_is() {
    let asking = Asking::of(ConfirmBy::Number, WhenElsewhere::Refuse).await;
    let started = asking.node.start.with_qr(request("main")).await.unwrap();
    let reply = asking.node.scans.take_scan(asking.world.event(&started, "oAnna")).await.unwrap();
    let (_, in_chat, _) = asked(reply);
    assert!(!in_chat, "the chat does not ask for it");
    let number = asking.shown(&started).await.unwrap().to_string();
    let (app, openid) = (app("main"), openid("oAnna"));
    let said = asking.node.confirmation.answer_in_chat(&app, &openid, &number).await.unwrap().unwrap().1;
    assert_eq!(said.as_str(), "asked", "it is answered with the way to the page");
    assert_eq!(asking.node.waiting.look(&started.auth).await.unwrap().version, 2);
}

#[tokio::test]
async fn what_is_near_or_not_known_is_not_held_against_a_person() {
    for rule in [WhenElsewhere::Say, WhenElsewhere::AskNumber, WhenElsewhere::Refuse] {
        for phone in [HERE, UNKNOWN] {
            let asking = Asking::of(ConfirmBy::Click, rule).await;
            let (_, link) = asking.scanned().await;
            let reply = asking.answer(&link, PhoneAnswer::Yes, phone).await;
            assert_eq!(reply.as_str(), "logged_in", "{rule:?} {phone}");
        }
    }
    let asking = Asking::of(ConfirmBy::Click, WhenElsewhere::Say).await;
    let (_, link) = asking.scanned().await;
    assert_eq!(asking.answer(&link, PhoneAnswer::Yes, ELSEWHERE).await.as_str(), "logged_in");
}
