//! Agreeing to the terms: kept with the account, and needed where it is required.

use saoma_domain::{
    account::AccountId,
    actor::Actor,
    consent::{Consent, ConsentTerms, ConsentVersion},
    login::{LoginEvent, LoginState},
    ports::{
        Act, Binding, Bound, LOGIN_KEPT_FOR, Merge, MergeId, Merged, Newcomers, PersonKey, Scan, ScanTaken,
        Undo,
    },
};

use super::DatabaseStage;
use crate::values::{CountingRandom, QR_TTL, app, at, binding, login, new_account_id, scan};

const WORKS: &str = "the store works";

fn version(text: &str) -> ConsentVersion {
    ConsentVersion::parse(text).expect("a version")
}

fn consent(text: &str, secs: u64) -> Consent {
    Consent { version: version(text), at: at(secs), ip: "2001:db8::7".to_owned() }
}

fn terms(text: &str, required: bool) -> Option<ConsentTerms> {
    Some(ConsentTerms { version: version(text), required })
}

async fn consents(stage: &DatabaseStage, account: AccountId) -> Vec<Consent> {
    let found = stage.people.find_people(PersonKey::Id(account)).await.expect(WORKS);
    found.into_iter().flat_map(|person| person.consents).collect()
}

pub(crate) async fn no_account_is_bound_without_the_consent_that_is_required(stage: DatabaseStage) {
    stage.first(scan(login(1), "oAnna")).await;
    let required = Binding { terms: terms("2", true), ..binding(login(1), 1) };
    let spare = required.new_account;
    assert_eq!(stage.bind(required.clone()).await, Bound::ConsentMissing);
    stage.logins.give_consent(login(1), consent("1", 1)).await.expect(WORKS);
    assert_eq!(stage.bind(required.clone()).await, Bound::ConsentMissing, "to older terms");
    assert!(!stage.has_account(spare).await);

    stage.logins.give_consent(login(1), consent("2", 2)).await.expect(WORKS);
    assert_eq!(stage.logins.consent(login(1)).await, Ok(Some(consent("2", 2))));
    let account = stage.bound(required.clone()).await.1;
    assert_eq!(consents(&stage, account).await, [consent("2", 2)]);
    stage.logins.give_consent(login(1), consent("2", 3)).await.expect(WORKS);
    assert!(matches!(stage.bind(required).await, Bound::Registered(_)), "a repetition");
    assert_eq!(consents(&stage, account).await, [consent("2", 2)], "what is kept stays");
}

pub(crate) async fn an_account_keeps_the_first_consent_to_each_version(stage: DatabaseStage) {
    stage.first(scan(login(1), "oAnna")).await;
    stage.logins.give_consent(login(1), consent("1", 1)).await.expect(WORKS);
    let account = stage.bound(Binding { terms: terms("1", true), ..binding(login(1), 1) }).await.1;
    for (number, name, secs) in [(2, "1", 5), (3, "2", 6), (4, "2", 7)] {
        stage.logins.give_consent(login(number), consent(name, secs)).await.expect(WORKS);
        let known = stage.first(Scan { terms: terms(name, true), ..scan(login(number), "oAnna") }).await;
        assert!(known.known);
    }
    let known = stage.first(Scan { terms: terms("3", true), ..scan(login(5), "oAnna") }).await;
    assert!(known.known, "a person who is there already logs in without agreeing again");
    assert_eq!(consents(&stage, account).await, [consent("1", 1), consent("2", 6)]);
    let export = stage.people.export_person(act(account, 9)).await.expect(WORKS).expect("it is there");
    assert_eq!(export.person.consents.len(), 2);
}

pub(crate) async fn a_newcomer_who_did_not_agree_gets_no_account_by_the_scan_alone(stage: DatabaseStage) {
    let account = new_account_id(at(1));
    let admitted = |number, person| Scan {
        newcomers: Newcomers::Admit(account),
        terms: terms("1", true),
        ..scan(login(number), person)
    };
    let asked = stage.first(admitted(1, "oAnna")).await;
    assert!(matches!(asked.login.state, LoginState::Unregistered { .. }), "the client has to ask");
    let without = Binding { phone: None, terms: terms("1", true), ..binding(login(1), 1) };
    assert_eq!(stage.bind(without.clone()).await, Bound::ConsentMissing);
    stage.logins.give_consent(login(1), consent("1", 1)).await.expect(WORKS);
    let own = stage.bound(without).await.1;
    assert_eq!(consents(&stage, own).await.len(), 1);

    stage.logins.give_consent(login(2), consent("1", 1)).await.expect(WORKS);
    let ScanTaken::First(record) = stage.take(admitted(2, "oBert")).await else { panic!("it is the first") };
    assert!(matches!(record.login.state, LoginState::Registered { account: own, .. } if own == account));
    assert_eq!(consents(&stage, account).await, [consent("1", 1)]);
}

pub(crate) async fn consents_follow_a_merge_and_its_undoing_and_go_with_the_account(stage: DatabaseStage) {
    let mut accounts = Vec::new();
    for (number, person, name) in [(1, "oAnna", "1"), (2, "oBert", "2")] {
        stage.first(Scan { app: app("main"), ..scan(login(number), person) }).await;
        stage.logins.give_consent(login(number), consent(name, number)).await.expect(WORKS);
        let phone = u32::try_from(number).expect("small");
        let bound = Binding { terms: terms(name, true), ..binding(login(number), phone) };
        accounts.push(stage.bound(bound).await.1);
    }
    let [into, from] = accounts[..] else { panic!("two accounts") };
    let id = MergeId::generate(at(5), &CountingRandom::starting_at(9));
    let merge = Merge { id, into, from, dry_run: false, at: at(5), actor: Actor::Operator };
    assert!(matches!(stage.merges.merge(merge).await, Ok(Merged::Done { .. })));
    assert_eq!(consents(&stage, into).await, [consent("1", 1), consent("2", 2)]);
    let undo = Undo { merge: id, asked_by: None, at: at(6), actor: Actor::Operator };
    stage.merges.undo_merge(undo).await.expect(WORKS);
    assert_eq!(consents(&stage, into).await, [consent("1", 1)]);
    assert_eq!(consents(&stage, from).await, [consent("2", 2)]);

    stage.people.erase_person(act(from, 7)).await.expect(WORKS);
    assert_eq!(stage.logins.consent(login(2)).await, Ok(None));
    assert_eq!(stage.logins.consent(login(1)).await, Ok(Some(consent("1", 1))), "another person's stays");
}

pub(crate) async fn a_consent_that_led_to_no_account_goes_with_its_login(stage: DatabaseStage) {
    stage.logins.give_consent(login(1), consent("1", 1)).await.expect(WORKS);
    stage.first(scan(login(2), "oAnna")).await;
    stage.logins.give_consent(login(2), consent("1", 1)).await.expect(WORKS);
    stage.bound(Binding { terms: terms("1", true), ..binding(login(2), 1) }).await;
    stage.end(login(1), LoginEvent::Cancelled, at(3)).await;
    let over = at(0).plus(QR_TTL).plus(LOGIN_KEPT_FOR);
    stage.prune_all(over.minus(std::time::Duration::from_millis(1))).await;
    assert!(stage.logins.consent(login(1)).await.expect(WORKS).is_some());
    stage.prune_all(over.plus(LOGIN_KEPT_FOR)).await;
    assert_eq!(stage.logins.consent(login(1)).await, Ok(None));
    assert!(stage.logins.consent(login(2)).await.expect(WORKS).is_some(), "that of an account stays");
}

fn act(account: AccountId, secs: u64) -> Act {
    Act { account, at: at(secs), actor: Actor::Operator }
}
