//! What a site says of the people whom it knows.

use saoma_domain::{
    actor::Actor,
    ports::{AuditFilter, AuditKind, AuditTrail},
    services::{ActedBy, ChangeDraft, IdentityDraft, PersonDraft, SearchDraft, ServiceError},
};

use crate::world::{PHONE, World};

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn identity(app: &str, openid: &str) -> IdentityDraft {
    IdentityDraft { app: app.to_owned(), openid: openid.to_owned(), ..IdentityDraft::default() }
}

/// A person of whom a phone number is known.
fn anna() -> PersonDraft {
    PersonDraft { phone: text(PHONE), ..PersonDraft::default() }
}

/// An address of so many bytes.
fn url(bytes: usize) -> String {
    let begin = "https://a.test/";
    format!("{begin}{}", "x".repeat(bytes - begin.len()))
}

#[tokio::test]
async fn what_cannot_be_read_of_a_person_is_named() {
    let world = World::new();
    let twice = vec![identity("main", "oAnna"), identity("main", "oBert")];
    for (draft, field) in [
        (PersonDraft::default(), "phone"),
        (PersonDraft { external_id: text("two words"), ..anna() }, "external_id"),
        (PersonDraft { attributes: text("[]"), ..anna() }, "attributes"),
        (PersonDraft { nickname: text(" "), ..anna() }, "nickname"),
        (PersonDraft { nickname: text(&"明".repeat(65)), ..anna() }, "nickname"),
        (PersonDraft { nickname: text("a\nb"), ..anna() }, "nickname"),
        (PersonDraft { avatar_url: text("javascript:x"), ..anna() }, "avatar_url"),
        (PersonDraft { avatar_url: text("https://a.test/\""), ..anna() }, "avatar_url"),
        (PersonDraft { avatar_url: text("https://a.test/ x"), ..anna() }, "avatar_url"),
        (PersonDraft { avatar_url: text(&url(1025)), ..anna() }, "avatar_url"),
        (PersonDraft { identities: vec![identity("nowhere", "oAnna")], ..anna() }, "app"),
        (PersonDraft { identities: vec![identity("main", "o Anna")], ..anna() }, "openid"),
        (PersonDraft { identities: twice, ..anna() }, "identities"),
    ] {
        let made = world.services.people.make(&draft, Actor::Operator).await;
        let Err(ServiceError::Malformed { field: named, .. }) = made else { panic!("{field}: {made:?}") };
        assert_eq!(named, field);
    }
    let made =
        world.services.people.make(&PersonDraft { phone: text("12"), ..anna() }, Actor::Operator).await;
    assert!(matches!(made, Err(ServiceError::PhoneInvalid)), "{made:?}");
}

#[tokio::test]
async fn what_is_as_long_as_it_may_be_is_kept() {
    let world = World::new();
    let longest = PersonDraft {
        external_id: text("c-1"),
        attributes: text("{}"),
        nickname: text(&"明".repeat(64)),
        avatar_url: text(&url(1024)),
        identities: vec![identity("main", "oAnna")],
        ..anna()
    };
    let (person, is_new) = world.services.people.make(&longest, Actor::Operator).await.unwrap();
    let profile = &person.account.profile;
    assert_eq!((is_new, &profile.nickname), (true, &longest.nickname));
    assert_eq!(profile.avatar_url, longest.avatar_url);
    let by_id_alone = PersonDraft {
        external_id: text("c-2"),
        avatar_url: text("http://a.test/1"),
        ..PersonDraft::default()
    };
    assert!(world.services.people.make(&by_id_alone, Actor::Operator).await.is_ok());
}

#[tokio::test]
async fn a_person_is_found_where_all_that_is_said_fits() {
    let world = World::new();
    let people = &world.services.people;
    let identities = vec![identity("main", "oAnna")];
    let draft = PersonDraft { external_id: text("c-1"), identities, ..anna() };
    let (person, _) = people.make(&draft, Actor::Operator).await.unwrap();
    let by = ActedBy::operator();
    let found = async |search: SearchDraft| {
        let found = people.find(&search, &by).await.unwrap();
        found.map(|found| found.into_iter().map(|person| person.account.id).collect::<Vec<_>>())
    };
    let by_phone = SearchDraft { phone: text(PHONE), ..SearchDraft::default() };
    let by_openid = SearchDraft { openid: text("oAnna"), ..SearchDraft::default() };
    let anna = Some(vec![person.account.id]);
    assert_eq!(found(SearchDraft::default()).await, None, "nothing is looked for");
    assert_eq!(found(by_phone.clone()).await, anna);
    assert_eq!(found(by_openid.clone()).await, anna);
    assert_eq!(found(SearchDraft { app: text("main"), ..by_openid.clone() }).await, anna);
    assert_eq!(found(SearchDraft { app: text("other"), ..by_openid }).await, Some(vec![]));
    let of_another = SearchDraft { external_id: text("c-2"), ..by_phone.clone() };
    assert_eq!(found(of_another).await, Some(vec![]));
    let app_alone = SearchDraft { app: text("main"), ..by_phone };
    assert!(matches!(people.find(&app_alone, &by).await, Err(ServiceError::Malformed { field: "app", .. })));
    assert_eq!(people.list(None, 10, &by).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_read_of_a_person_is_in_their_trail() {
    let world = World::new();
    let people = &world.services.people;
    let (person, _) = people.make(&anna(), Actor::Operator).await.unwrap();
    let by = ActedBy::operator();
    let of_both = SearchDraft { phone: text(PHONE), openid: text("oAnna"), ..SearchDraft::default() };
    people.find(&of_both, &by).await.unwrap();
    people.list(None, 10, &by).await.unwrap();
    let filter = AuditFilter { account: None, kind: Some(AuditKind::PersonalDataRead) };
    let noted = world.database.records(filter, None, 10).await.unwrap();
    let noted: Vec<_> = noted.into_iter().map(|record| record.note).collect();
    let [listed, missed] = noted.as_slice() else { panic!("{noted:?}") };
    assert_eq!(
        (listed.account, listed.detail.as_deref()),
        (Some(person.account.id), Some("accounts of the list"))
    );
    assert_eq!((missed.account, missed.detail.as_deref()), (None, Some("accounts by phone and openid")));
    assert_eq!((missed.outcome.as_deref(), &missed.actor), (Some("none"), &Some(Actor::Operator)));
}

#[tokio::test]
async fn a_change_takes_what_is_said_and_leaves_the_rest() {
    let world = World::new();
    let people = &world.services.people;
    let (person, _) = people.make(&anna(), Actor::Operator).await.unwrap();
    let id = person.account.id;
    let change = async |draft: ChangeDraft| people.change(id, &draft, Actor::Operator).await;
    let all_but_the_number = ChangeDraft {
        external_id: Some(text("c-1")),
        attributes: Some(text("{}")),
        nickname: Some(text("A")),
        avatar_url: Some(text("https://a.test/1")),
        disabled: Some(true),
        reason: text("fraud"),
        ..ChangeDraft::default()
    };
    let changed = change(all_but_the_number).await.unwrap();
    let account = &changed.account;
    assert!(account.phone.is_some() && account.external_id.is_some() && account.attributes.is_some());
    assert_eq!((account.disabled, changed.disabled_reason), (true, text("fraud")));
    let profile = (account.profile.nickname.clone(), account.profile.avatar_url.clone());
    assert_eq!(profile, (text("A"), text("https://a.test/1")));
    let taken_away = ChangeDraft { phone: Some(None), nickname: Some(None), ..ChangeDraft::default() };
    let account = change(taken_away).await.unwrap().account;
    assert_eq!((account.phone, account.profile.nickname), (None, None));
    let shut = |reason: &str| {
        change(ChangeDraft { disabled: Some(true), reason: text(reason), ..ChangeDraft::default() })
    };
    for wrong in ["x".repeat(257), "a\nb".to_owned()] {
        let refused = shut(&wrong).await;
        assert!(matches!(refused, Err(ServiceError::Malformed { field: "reason", .. })), "{refused:?}");
    }
    assert!(shut(&"x".repeat(256)).await.is_ok());
}
