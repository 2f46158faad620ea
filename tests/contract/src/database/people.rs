//! Accounts as a site and its operators manage them.

use saoma_domain::{
    account::{AccountId, Attributes, ExternalId},
    actor::{Actor, KeyName},
    login::Channel,
    ports::{
        Act, AuditKind, Belonging, Changed, KnownIdentity, KnownPerson, Made, Person, PersonChange,
        PersonKey, Scan,
    },
    wechat::Profile,
};

use super::DatabaseStage;
use crate::{
    all_at_once, patiently,
    values::{
        app, at, login, new_account_id, new_identity_id, new_session, openid, phone, scan, union,
        union_within, unionid,
    },
};

const WORKS: &str = "the store works";

fn actor() -> Actor {
    Actor::Key(KeyName::parse("orders").expect("a name"))
}

fn external(text: &str) -> ExternalId {
    ExternalId::parse(text).expect("an external id")
}

fn attributes(json: &str) -> Option<Attributes> {
    Some(Attributes::of_json(json).expect("attributes"))
}

fn known_identity(app_name: &str, person: &str) -> KnownIdentity {
    KnownIdentity {
        new_id: new_identity_id(at(1)),
        app: app(app_name),
        channel: Channel::OfficialAccount,
        openid: openid(person),
        union: None,
        profile: Profile::default(),
    }
}

fn known(external_id: &str, number: Option<u32>, identities: Vec<KnownIdentity>) -> KnownPerson {
    KnownPerson {
        new_id: new_account_id(at(1)),
        phone: number.map(|number| phone(number).number().clone()),
        external_id: Some(external(external_id)),
        attributes: attributes(r#"{"level":"gold"}"#),
        profile: Profile { nickname: Some("明".to_owned()), avatar_url: None },
        identities,
        since: at(0),
        at: at(1),
        actor: actor(),
    }
}

async fn make(stage: &DatabaseStage, person: KnownPerson) -> Made {
    patiently(|| stage.people.make_people(vec![person.clone()])).await.pop().expect("one answer")
}

async fn made(stage: &DatabaseStage, person: KnownPerson) -> AccountId {
    match make(stage, person).await {
        Made::New(id) => id,
        other @ (Made::Same(_) | Made::Taken(_)) => panic!("not made: {other:?}"),
    }
}

async fn find(stage: &DatabaseStage, key: PersonKey) -> Vec<Person> {
    stage.people.find_people(key).await.expect(WORKS)
}

async fn person(stage: &DatabaseStage, id: AccountId) -> Option<Person> {
    find(stage, PersonKey::Id(id)).await.pop()
}

async fn change(stage: &DatabaseStage, change: PersonChange) -> Changed {
    stage.people.change_person(change).await.expect(WORKS)
}

fn act(account: AccountId, secs: u64) -> Act {
    Act { account, at: at(secs), actor: actor() }
}

async fn kinds_by_key(stage: &DatabaseStage, id: AccountId) -> Vec<AuditKind> {
    let export = stage.people.export_person(act(id, 99)).await.expect(WORKS).expect("it is there");
    let by_key = export.trail.into_iter().filter(|(_, by)| *by == Some(actor()));
    by_key.map(|(entry, _)| entry.kind).filter(|kind| *kind != AuditKind::AccountExported).collect()
}

pub(crate) async fn a_known_person_is_made_once_and_found_by_everything(stage: DatabaseStage) {
    let mini = KnownIdentity { union: Some(union("uAnna")), ..known_identity("mini", "oMini") };
    let main = KnownIdentity { union: Some(union("uAnna")), ..known_identity("main", "oAnna") };
    let anna = known("1", Some(1), vec![main, mini]);
    let id = made(&stage, anna.clone()).await;
    made(&stage, known("2", None, Vec::new())).await;
    let again = KnownPerson { new_id: new_account_id(at(2)), at: at(2), ..anna };
    assert_eq!(make(&stage, again).await, Made::Same(id));
    for key in [
        PersonKey::Id(id),
        PersonKey::Phone(phone(1).number().clone()),
        PersonKey::ExternalId(external("1")),
        PersonKey::OpenId(vec![app("shop"), app("main")], openid("oAnna")),
        PersonKey::UnionId(unionid("uAnna")),
    ] {
        let found = find(&stage, key.clone()).await;
        assert_eq!(found.iter().map(|person| person.account.id).collect::<Vec<_>>(), [id], "{key:?}");
        let account = &found[0].account;
        assert_eq!((account.created_at, found[0].last_seen_at), (at(0), at(1)));
        assert_eq!((&account.attributes, account.disabled), (&attributes(r#"{"level":"gold"}"#), false));
        assert_eq!(account.profile.nickname.as_deref(), Some("明"));
        assert_eq!(found[0].identities.len(), 2);
    }
    for key in [
        PersonKey::Phone(phone(2).number().clone()),
        PersonKey::ExternalId(external("3")),
        PersonKey::OpenId(vec![app("shop")], openid("oAnna")),
        PersonKey::UnionId(unionid("uBert")),
    ] {
        assert_eq!(find(&stage, key).await, Vec::new());
    }
    assert_eq!(kinds_by_key(&stage, id).await, [AuditKind::AccountCreated]);
    let record = stage.first(scan(login(1), "oAnna")).await;
    assert!(record.known, "the first scan finds the account");
}

pub(crate) async fn what_belongs_to_another_account_is_named(stage: DatabaseStage) {
    let anna = made(&stage, known("1", Some(1), vec![known_identity("main", "oAnna")])).await;
    let bert = made(&stage, known("2", Some(2), Vec::new())).await;
    let taken = |what, account| Belonging { what, account };
    for (person, expected) in [
        (known("3", Some(1), Vec::new()), vec![taken("phone", anna)]),
        (known("1", Some(2), Vec::new()), vec![taken("phone", bert), taken("external_id", anna)]),
        (known("3", None, vec![known_identity("main", "oAnna")]), vec![taken("openid", anna)]),
        (
            KnownPerson { attributes: attributes("{}"), ..known("1", None, Vec::new()) },
            vec![taken("external_id", anna)],
        ),
    ] {
        assert_eq!(make(&stage, person).await, Made::Taken(expected));
    }
    assert_eq!(find(&stage, PersonKey::ExternalId(external("3"))).await, Vec::new(), "nothing was half done");
}

pub(crate) async fn people_of_one_call_see_each_other(stage: DatabaseStage) {
    let people =
        vec![known("1", Some(1), Vec::new()), known("2", Some(1), Vec::new()), known("3", None, Vec::new())];
    let answers = stage.people.make_people(people.clone()).await.expect(WORKS);
    assert_eq!(answers[0], Made::New(people[0].new_id));
    assert_eq!(answers[1], Made::Taken(vec![Belonging { what: "phone", account: people[0].new_id }]));
    assert_eq!(answers[2], Made::New(people[2].new_id));
    let listed = stage.people.list_people(None, 10).await.expect(WORKS);
    let ids: Vec<_> = listed.iter().map(|person| person.account.id).collect();
    assert_eq!(ids, [people[0].new_id, people[2].new_id], "by their ids");
    let rest = stage.people.list_people(Some(ids[0]), 10).await.expect(WORKS);
    assert_eq!(rest.iter().map(|person| person.account.id).collect::<Vec<_>>(), ids[1..]);
    assert_eq!(stage.people.list_people(None, 1).await.expect(WORKS).len(), 1);
}

pub(crate) async fn one_person_made_at_once_is_one_account(stage: DatabaseStage) {
    let answers = all_at_once((0..8).map(|_| {
        let stage = stage.clone();
        async move { make(&stage, known("1", Some(1), vec![known_identity("main", "oAnna")])).await }
    }))
    .await;
    let new = answers.iter().filter(|made| matches!(made, Made::New(_))).count();
    let same = answers.iter().filter(|made| matches!(made, Made::Same(_))).count();
    assert_eq!((new, same), (1, 7), "{answers:?}");
}

pub(crate) async fn a_change_is_written_once_and_says_who_made_it(stage: DatabaseStage) {
    let id = made(&stage, known("1", Some(1), Vec::new())).await;
    let other = made(&stage, known("2", Some(2), Vec::new())).await;
    let to = PersonChange {
        phone: Some(Some(phone(3).number().clone())),
        external_id: Some(None),
        attributes: Some(attributes(r#"{"a":1}"#)),
        nickname: Some(None),
        ..PersonChange::of(id, actor(), at(5))
    };
    assert_eq!(change(&stage, to.clone()).await, Changed::Done { ended: vec![] });
    let account = person(&stage, id).await.expect("it is there").account;
    assert_eq!((account.phone, account.external_id), (Some(phone(3).number().clone()), None));
    assert_eq!((account.attributes, account.profile.nickname), (attributes(r#"{"a":1}"#), None));
    assert_eq!(change(&stage, to).await, Changed::Done { ended: vec![] });
    let expected = [AuditKind::AccountCreated, AuditKind::PhoneChanged, AuditKind::AccountChanged];
    assert_eq!(kinds_by_key(&stage, id).await, expected, "the same again is no change");
    let wrong = PersonChange {
        phone: Some(Some(phone(3).number().clone())),
        attributes: Some(None),
        ..PersonChange::of(other, actor(), at(6))
    };
    assert_eq!(change(&stage, wrong).await, Changed::Taken(vec![Belonging { what: "phone", account: id }]));
    assert!(
        person(&stage, other).await.expect("it is there").account.attributes.is_some(),
        "nothing half done"
    );
    let unknown = PersonChange::of(new_account_id(at(1)), actor(), at(7));
    assert_eq!(change(&stage, unknown).await, Changed::Unknown);
}

pub(crate) async fn a_person_who_is_shut_out_has_no_session_and_gets_none(stage: DatabaseStage) {
    let id = stage.register(login(1), "oAnna", 1).await;
    let session = stage.open(new_session(login(1), id, 1)).await;
    let shut = PersonChange {
        disabled: Some(true),
        reason: Some("fraud".to_owned()),
        ..PersonChange::of(id, actor(), at(20))
    };
    assert_eq!(change(&stage, shut).await, Changed::Done { ended: vec![session.token_hash] });
    let found = person(&stage, id).await.expect("it is there");
    assert_eq!((found.account.disabled, found.disabled_reason.as_deref()), (true, Some("fraud")));
    assert_eq!(stage.sessions.find(&session.token_hash).await.expect(WORKS), None);
    let open = PersonChange { disabled: Some(false), ..PersonChange::of(id, actor(), at(21)) };
    change(&stage, open).await;
    let found = person(&stage, id).await.expect("it is there");
    assert_eq!((found.account.disabled, found.disabled_reason), (false, None));
    assert_eq!(kinds_by_key(&stage, id).await, [AuditKind::AccountDisabled, AuditKind::AccountEnabled]);
}

pub(crate) async fn an_operator_unlinks_also_the_last_identity(stage: DatabaseStage) {
    let id = stage.register(login(1), "oAnna", 1).await;
    let session = stage.open(new_session(login(1), id, 1)).await;
    let identity = person(&stage, id).await.expect("it is there").identities[0].0.id;
    let unlinked = stage.people.unlink_identity_of(act(id, 20), identity).await.expect(WORKS);
    assert_eq!(unlinked, Some(vec![session.token_hash]));
    assert_eq!(stage.people.unlink_identity_of(act(id, 21), identity).await.expect(WORKS), None);
    assert_eq!(person(&stage, id).await.expect("it is there").identities, Vec::new());
    assert_eq!(kinds_by_key(&stage, id).await, [AuditKind::IdentityUnlinked]);
}

pub(crate) async fn the_last_login_of_an_identity_is_the_one_that_it_scanned_last(stage: DatabaseStage) {
    let identity = stage.first(scan(login(2), "oAnna")).await.identity;
    stage.first(Scan { at: at(5), ..scan(login(1), "oAnna") }).await;
    stage.first(Scan { at: at(9), ..scan(login(3), "oBert") }).await;
    assert_eq!(stage.people.last_login_of(identity).await, Ok(Some(login(1))));
    assert_eq!(stage.people.last_login_of(new_identity_id(at(1))).await, Ok(None));
}

pub(crate) async fn sessions_are_ended_for_a_site(stage: DatabaseStage) {
    let id = stage.register(login(1), "oAnna", 1).await;
    let first = stage.open(new_session(login(1), id, 1)).await;
    let second = stage.open_another(login(2), "oAnna", 2).await;
    let ended = stage.people.end_session_of(act(id, 20), first.active.session.id).await.expect(WORKS);
    assert_eq!(ended, Some(first.token_hash));
    assert_eq!(stage.people.end_session_of(act(id, 21), first.active.session.id).await.expect(WORKS), None);
    let ended = stage.people.end_sessions_of(act(id, 22)).await.expect(WORKS);
    assert_eq!(ended, Some(vec![second.token_hash]));
    assert_eq!(stage.people.end_sessions_of(act(new_account_id(at(1)), 23)).await.expect(WORKS), None);
    assert_eq!(kinds_by_key(&stage, id).await, [AuditKind::SessionsEnded, AuditKind::SessionsEnded]);
}

pub(crate) async fn nothing_of_an_erased_person_is_left_but_the_trail(stage: DatabaseStage) {
    let id = stage.register(login(1), "oAnna", 1).await;
    let session = stage.open(new_session(login(1), id, 1)).await;
    let shop =
        Scan { app: app("shop"), union: Some(union_within("default", "uAnna")), ..scan(login(2), "oShop") };
    stage.first(shop).await;
    let erased = stage.people.erase_person(act(id, 30)).await.expect(WORKS).expect("it was there");
    assert_eq!((erased.sessions, erased.logins), (vec![session.token_hash], vec![login(1)]));
    assert_eq!(person(&stage, id).await, None);
    assert_eq!(stage.find(login(1)).await, None, "its login is forgotten");
    assert!(stage.find(login(2)).await.is_some(), "that of another person is not");
    assert_eq!(find(&stage, PersonKey::Phone(phone(1).number().clone())).await, Vec::new());
    assert_eq!(stage.sessions.find(&session.token_hash).await.expect(WORKS), None);
    assert_eq!(stage.people.erase_person(act(id, 31)).await.expect(WORKS), None);
    assert_eq!(stage.people.export_person(act(id, 32)).await.expect(WORKS), None);
    let kinds: Vec<_> = stage.entries(id).await.into_iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds.last(), Some(&AuditKind::AccountErased));
    let again = stage.register(login(3), "oAnna", 1).await;
    assert_ne!(again, id, "the person is new");
}
