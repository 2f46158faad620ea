//! Signs that codes are relayed: each is noted once a day.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use saoma_domain::{
    account::IdentityId,
    login::{ClientInfo, LoginId, ScenePurpose},
    ports::{AuditFilter, AuditKind, AuditTrail, LoginStep, LoginSteps, PhoneAnswer},
    services::{ConfirmBy, Policy, Ports, ScanReply, Services, Suspicions},
    suspicion::Suspicion,
    wechat::AppName,
};

use crate::world::{World, app, keys, policy, request};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Remembers what is suspected.
#[derive(Default)]
struct Counted(Mutex<Vec<Suspicion>>);

impl LoginSteps for Counted {
    fn is_counting(&self) -> bool {
        false
    }

    fn count(&self, _: LoginStep, _: Option<&'static str>, _: &AppName, _: &ScenePurpose) {}

    fn suspect(&self, suspicion: Suspicion) {
        self.0.lock().unwrap().push(suspicion);
    }
}

struct CheckedNodes {
    world: World,
    counted: Arc<Counted>,
    node: Arc<Services>,
    /// The same, where phones are asked.
    asking: Arc<Services>,
}

impl CheckedNodes {
    fn new() -> Self {
        let (world, counted) = (World::new(), Arc::new(Counted::default()));
        let node = world.node(|ports| ports.steps = counted.clone());
        let ports = Ports { steps: counted.clone(), ..world.ports() };
        let asking = Policy { confirm: [(app("main"), ConfirmBy::Click)].into(), ..policy() };
        let asking = Arc::new(Services::new(ports, keys(&[1]), asking));
        Self { world, counted, node, asking }
    }

    /// Lets something be noticed, and returns what is in the trail by now, the youngest first.
    async fn noticed(&self, notice: impl FnOnce(&Suspicions)) -> Vec<(String, Option<LoginId>, String)> {
        notice(&self.node.suspicions);
        while self.world.background.pending() > 0 {
            self.world.background.run().await.unwrap();
        }
        let filter = AuditFilter { account: None, kind: Some(AuditKind::LoginSuspected) };
        let records = self.world.database.records(filter, None, 100).await.unwrap();
        let notes: Vec<_> = records.into_iter().map(|record| record.note).collect();
        assert_eq!(notes.len(), self.counted.0.lock().unwrap().len(), "what is noted is counted");
        notes.into_iter().map(|note| (note.outcome.unwrap(), note.login, note.client.ip)).collect()
    }

    async fn login(&self) -> LoginId {
        self.world.start().await.auth.id()
    }
}

fn at(ip: &str) -> ClientInfo {
    ClientInfo { ip: ip.to_owned(), user_agent: "Firefox".to_owned() }
}

const fn person(number: u8) -> IdentityId {
    IdentityId::from_store([number; 16])
}

#[tokio::test]
async fn a_code_that_several_people_scan_is_noted_once() {
    let stage = CheckedNodes::new();
    let (login, other) = (stage.login().await, stage.login().await);
    let noted = |login| ("scanned_by_several".to_owned(), Some(login), "192.0.2.7".to_owned());
    let scan = |login| move |suspicions: &Suspicions| suspicions.scanned_by_another(login, at("192.0.2.7"));
    assert_eq!(stage.noticed(scan(login)).await, [noted(login)]);
    assert_eq!(stage.noticed(scan(login)).await, [noted(login)], "a third person, or a repeated event");
    assert_eq!(stage.noticed(scan(other)).await, [noted(other), noted(login)]);
}

#[tokio::test]
async fn an_address_whose_codes_two_people_refuse_is_noted() {
    let stage = CheckedNodes::new();
    let login = stage.login().await;
    let refuse =
        |number, ip| move |suspicions: &Suspicions| suspicions.refused(login, person(number), at(ip));
    assert_eq!(stage.noticed(refuse(1, "192.0.2.7")).await, [], "one person may have changed their mind");
    assert_eq!(stage.noticed(refuse(1, "192.0.2.7")).await, [], "the same person");
    assert_eq!(stage.noticed(refuse(2, "192.0.2.8")).await, [], "another address");
    let noted = [("refused_by_several".to_owned(), Some(login), "192.0.2.7".to_owned())];
    assert_eq!(stage.noticed(refuse(2, "192.0.2.7")).await, noted);
    assert_eq!(stage.noticed(refuse(3, "192.0.2.7")).await, noted, "it is noted already");
    stage.world.pass(DAY);
    assert_eq!(stage.noticed(refuse(4, "192.0.2.7")).await, noted, "the others are forgotten");
    assert_eq!(stage.noticed(refuse(5, "192.0.2.7")).await.len(), 2);
}

#[tokio::test]
async fn an_ipv6_client_counts_by_its_64_bits() {
    let stage = CheckedNodes::new();
    let login = stage.login().await;
    stage.noticed(|suspicions| suspicions.refused(login, person(1), at("2001:db8::1"))).await;
    let noted = stage.noticed(|suspicions| suspicions.refused(login, person(2), at("2001:db8::2"))).await;
    assert_eq!(noted, [("refused_by_several".to_owned(), Some(login), "2001:db8::2".to_owned())]);
}

#[tokio::test]
async fn an_address_that_tries_again_is_noted_once_a_day() {
    let stage = CheckedNodes::new();
    let again = |suspicions: &Suspicions| suspicions.tried_again(at("192.0.2.7"));
    let noted = ("tried_again".to_owned(), None, "192.0.2.7".to_owned());
    assert_eq!(stage.noticed(again).await, std::slice::from_ref(&noted));
    assert_eq!(stage.noticed(again).await.len(), 1);
    stage.world.pass(DAY);
    assert_eq!(stage.noticed(again).await, [noted.clone(), noted]);
}

#[tokio::test]
async fn a_client_whose_address_is_not_known_is_not_noted() {
    let stage = CheckedNodes::new();
    let login = stage.login().await;
    for number in 1..4 {
        let refused = |suspicions: &Suspicions| suspicions.refused(login, person(number), at(""));
        assert_eq!(stage.noticed(refused).await, []);
    }
    assert_eq!(stage.noticed(|suspicions| suspicions.tried_again(at("unknown"))).await, []);
}

#[tokio::test]
async fn a_code_that_is_relayed_to_several_people_is_noticed_at_each_step() {
    let stage = CheckedNodes::new();
    let node = &stage.asking;
    for person in ["oAnna", "oBert"] {
        let started = node.start.with_qr(request("main")).await.unwrap();
        let reply = node.scans.take_scan(stage.world.event(&started, person)).await.unwrap();
        let ScanReply::Asked { link, .. } = reply else { panic!("not asked: {reply:?}") };
        let other = node.scans.take_scan(stage.world.event(&started, "oCarl")).await.unwrap();
        assert_eq!(other, ScanReply::ByAnother);
        node.confirmation.answer(link.reveal(), PhoneAnswer::No, None).await.unwrap();
        assert!(node.start.with_qr(request("main")).await.is_err(), "the address gets no new code");
        stage.world.pass(Duration::from_secs(600));
    }
    let noticed = stage.noticed(|_| {}).await;
    let mut signs: Vec<&str> = noticed.iter().map(|(sign, ..)| sign.as_str()).collect();
    signs.sort_unstable();
    assert_eq!(signs, ["refused_by_several", "scanned_by_several", "scanned_by_several", "tried_again"]);
    assert!(noticed.iter().all(|(_, _, address)| address == "192.0.2.7"), "{noticed:?}");
}
