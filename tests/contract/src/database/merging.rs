//! Merging two accounts of one person, and undoing that.

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use saoma_domain::{
    account::{AccountId, Attributes, ExternalId},
    actor::Actor,
    login::Channel,
    ports::{
        Act, FollowChange, KnownIdentity, KnownPerson, Made, Merge, MergeId, MergePart, Merged, Person,
        PersonChange, PersonKey, Scan, Undo, Undone,
    },
    rules::MERGE_UNDONE_FOR,
    wechat::Profile,
};

use super::DatabaseStage;
use crate::values::{
    CountingRandom, app, at, login, new_account_id, new_identity_id, new_session, openid, phone, scan,
};

const WORKS: &str = "the store works";

static IDS: CountingRandom = CountingRandom::starting_at(1 << 40);

/// What an account has, as a test says it: the numbers of its apps, and which other parts.
#[derive(Clone, Debug)]
struct Parts {
    apps: Vec<u8>,
    phone: bool,
    external_id: bool,
    attributes: bool,
    nickname: bool,
}

fn parts() -> impl Strategy<Value = Parts> {
    let apps = prop::collection::btree_set(0_u8..4, 0..4).prop_map(|apps| apps.into_iter().collect());
    (apps, any::<[bool; 3]>()).prop_map(|(apps, [phone, attributes, nickname])| Parts {
        apps,
        phone,
        // An account has to have something that leads to it.
        external_id: true,
        attributes,
        nickname,
    })
}

async fn made(stage: &DatabaseStage, number: u32, parts: &Parts) -> AccountId {
    let identity = |name: &u8| KnownIdentity {
        new_id: new_identity_id(at(1)),
        app: app(&format!("app{name}")),
        channel: Channel::OfficialAccount,
        openid: openid(&format!("o{number}")),
        union: None,
        profile: Profile::default(),
    };
    let person = KnownPerson {
        new_id: new_account_id(at(1)),
        phone: parts.phone.then(|| phone(number).number().clone()),
        external_id: parts.external_id.then(|| ExternalId::parse(format!("c{number}")).expect("an id")),
        attributes: parts
            .attributes
            .then(|| Attributes::of_json(&format!("{{\"n\":{number}}}")).expect("fits")),
        profile: Profile { nickname: parts.nickname.then(|| format!("n{number}")), avatar_url: None },
        identities: parts.apps.iter().map(identity).collect(),
        since: at(0),
        at: at(1),
        actor: Actor::Operator,
    };
    match stage.people.make_people(vec![person]).await.expect(WORKS).pop() {
        Some(Made::New(id)) => id,
        other => panic!("not made: {other:?}"),
    }
}

async fn person(stage: &DatabaseStage, id: AccountId) -> Person {
    stage.people.find_people(PersonKey::Id(id)).await.expect(WORKS).pop().expect("it is there")
}

async fn merge(stage: &DatabaseStage, into: AccountId, from: AccountId, dry_run: bool) -> (MergeId, Merged) {
    let id = MergeId::generate(at(10), &IDS);
    let merge = Merge { id, into, from, dry_run, at: at(10), actor: Actor::Operator };
    (id, stage.merges.merge(merge).await.expect(WORKS))
}

async fn undo(stage: &DatabaseStage, merge: MergeId, secs: u64) -> Undone {
    stage
        .merges
        .undo_merge(Undo { merge, asked_by: None, at: at(secs), actor: Actor::Operator })
        .await
        .expect(WORKS)
}

/// Merging and undoing it leaves both accounts as they were, whatever they have; a preview changes nothing and says the
/// same.
pub(crate) async fn a_merge_that_is_undone_has_changed_nothing(stage: DatabaseStage) {
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    for round in 0..12_u32 {
        let draw = (parts(), parts()).new_tree(&mut runner).expect("values can be drawn").current();
        let into = made(&stage, 2 * round + 1, &draw.0).await;
        let from = made(&stage, 2 * round + 2, &draw.1).await;
        let before = (person(&stage, into).await, person(&stage, from).await);
        let (_, preview) = merge(&stage, into, from, true).await;
        assert_eq!((person(&stage, into).await, person(&stage, from).await), before, "{draw:?}");
        let (id, done) = merge(&stage, into, from, false).await;
        assert_eq!(done, preview, "{draw:?}");
        let merged = person(&stage, into).await;
        for name in draw.0.apps.iter().chain(&draw.1.apps) {
            let name = app(&format!("app{name}"));
            assert!(merged.identities.iter().any(|(identity, _)| identity.app == name), "{draw:?}");
        }
        assert_eq!(merged.account.phone.is_some(), draw.0.phone || draw.1.phone, "{draw:?}");
        assert!(person(&stage, from).await.account.disabled);
        assert_eq!(undo(&stage, id, 20).await, Undone::Done { into, from, ended: vec![] }, "{draw:?}");
        assert_eq!((person(&stage, into).await, person(&stage, from).await), before, "{draw:?}");
        assert_eq!(undo(&stage, id, 21).await, Undone::Unknown, "once");
    }
}

const NOTHING: Parts =
    Parts { apps: Vec::new(), phone: false, external_id: true, attributes: false, nickname: false };

/// Something that happens between a merge and its undoing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Incident {
    /// The account that stayed gets other attributes.
    Attributes,
    /// The account that went gets another external id.
    ExternalIdOfOther,
    /// The account that stayed is shut.
    Shut,
    /// One of its identities is unlinked.
    Unlinked,
    /// Its person logs in.
    LoggedIn,
    /// It gets an identity of an app that neither account had.
    Joined,
    /// Its person stops following.
    Unfollowed,
}

impl Incident {
    const ALL: [Self; 7] = [
        Self::Attributes,
        Self::ExternalIdOfOther,
        Self::Shut,
        Self::Unlinked,
        Self::LoggedIn,
        Self::Joined,
        Self::Unfollowed,
    ];

    /// Lets it happen, and returns whether the merge cannot be undone exactly any more.
    async fn happen(self, stage: &DatabaseStage, into: AccountId, from: AccountId, number: u64) -> bool {
        let moment = at(11 + number % 8);
        let change = |id| PersonChange::of(id, Actor::Operator, moment);
        let write = async |change| drop(stage.people.change_person(change).await.expect(WORKS));
        let identities = stage.accounts.identities(into).await.expect(WORKS);
        let some = identities.first();
        match self {
            Self::Attributes => {
                let attributes = Attributes::of_json(&format!("{{\"at\":{number}}}")).expect("fits");
                write(PersonChange { attributes: Some(Some(attributes)), ..change(into) }).await;
            }
            Self::ExternalIdOfOther => {
                let id = ExternalId::parse(format!("x{number}")).expect("an id");
                write(PersonChange { external_id: Some(Some(id)), ..change(from) }).await;
            }
            Self::Shut => write(PersonChange { disabled: Some(true), ..change(into) }).await,
            Self::Unlinked => {
                let Some(some) = some else { return false };
                let act = Act { account: into, at: moment, actor: Actor::Operator };
                stage.people.unlink_identity_of(act, some.id).await.expect(WORKS);
            }
            Self::LoggedIn => {
                let Some(some) = some else { return false };
                let scan =
                    Scan { app: some.app.clone(), at: moment, ..scan(login(number), some.openid.as_str()) };
                stage.first(scan).await;
                return false;
            }
            Self::Joined => {
                stage.add_pending_link_at(login(number), into, moment).await;
                stage
                    .take(Scan { app: app("app9"), at: moment, ..scan(login(number), &format!("j{number}")) })
                    .await;
                return false;
            }
            Self::Unfollowed => {
                let Some(some) = some else { return false };
                let (app, openid) = (some.app.clone(), some.openid.clone());
                let change = FollowChange { app, openid, subscribed: false, at: moment };
                stage.accounts.record_follow(change).await.expect(WORKS);
                return false;
            }
        }
        true
    }
}

/// Returns an account without what neither a merge nor its undoing touches.
fn comparable(mut person: Person) -> Person {
    person.last_seen_at = at(0);
    person.identities.retain(|(identity, _)| identity.app != app("app9"));
    person.identities.iter_mut().for_each(|(identity, _)| identity.unsubscribed_at = None);
    person
}

/// Whatever happens in between, undoing a merge brings back exactly what was, or says honestly what is in the way and changes
/// nothing.
pub(crate) async fn a_merge_is_undone_exactly_or_not_at_all(stage: DatabaseStage) {
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    for round in 0..24_u32 {
        let incidents = prop::collection::vec(prop::sample::select(Incident::ALL.to_vec()), 0..4);
        let draw =
            (parts(), parts(), incidents).new_tree(&mut runner).expect("values can be drawn").current();
        let into = made(&stage, 1000 + 2 * round, &draw.0).await;
        let from = made(&stage, 1001 + 2 * round, &draw.1).await;
        let before = (person(&stage, into).await, person(&stage, from).await);
        let (id, _) = merge(&stage, into, from, false).await;
        let mut is_disturbed = false;
        for (number, incident) in (u64::from(round) * 10..).zip(&draw.2) {
            is_disturbed |= incident.happen(&stage, into, from, 1000 + number).await;
        }
        let merged = (person(&stage, into).await, person(&stage, from).await);
        let undone = undo(&stage, id, 20).await;
        let after = (person(&stage, into).await, person(&stage, from).await);
        match undone {
            Undone::Done { .. } => {
                assert!(!is_disturbed, "{draw:?}");
                assert_eq!(comparable(after.0), comparable(before.0), "{draw:?}");
                assert_eq!(comparable(after.1), comparable(before.1), "{draw:?}");
            }
            Undone::Changed(by) => {
                assert!(is_disturbed && !by.is_empty(), "{draw:?}: {by:?}");
                assert_eq!(after, merged, "nothing is half undone: {draw:?}");
            }
            other => panic!("{draw:?}: {other:?}"),
        }
    }
}

/// Makes an account that has nothing but a number and an id of the site.
pub(super) async fn only_a_number(stage: &DatabaseStage, number: u32) -> AccountId {
    made(stage, number, &Parts { phone: true, ..NOTHING }).await
}

pub(crate) async fn a_merge_ends_the_sessions_of_the_account_that_goes(stage: DatabaseStage) {
    let from = stage.register(login(1), "oAnna", 1).await;
    let session = stage.open(new_session(login(1), from, 1)).await;
    let into = made(&stage, 50, &NOTHING).await;
    let (id, done) = merge(&stage, into, from, false).await;
    let Merged::Done { moves, clashes, ended } = done else { panic!("not merged: {done:?}") };
    assert_eq!((moves.len(), moves.last(), clashes), (2, Some(&MergePart::Phone), vec![]));
    assert_eq!(ended, [session.token_hash]);
    let next = stage.open_another(login(2), "oAnna", 2).await;
    assert_eq!(next.active.account.id, into, "the person is let into the account that stays");
    assert_eq!(undo(&stage, id, 30).await, Undone::Done { into, from, ended: vec![next.token_hash] });
}

pub(crate) async fn a_merge_whose_parts_were_touched_is_not_undone(stage: DatabaseStage) {
    let apps = |apps: &[u8]| Parts { apps: apps.to_vec(), phone: true, ..NOTHING };
    let into = made(&stage, 1, &apps(&[0])).await;
    let from = made(&stage, 2, &apps(&[0, 1])).await;
    let (id, _) = merge(&stage, into, from, false).await;
    let moved = person(&stage, into).await;
    let identity =
        moved.identities.iter().find(|(identity, _)| identity.app == app("app1")).expect("it moved");
    let act = Act { account: into, at: at(15), actor: Actor::Operator };
    stage.people.unlink_identity_of(act, identity.0.id).await.expect(WORKS);
    let change = PersonChange {
        attributes: Some(None),
        nickname: Some(Some("x".to_owned())),
        ..PersonChange::of(from, Actor::Operator, at(16))
    };
    stage.people.change_person(change).await.expect(WORKS);
    assert_eq!(undo(&stage, id, 20).await, Undone::Changed(vec!["account_changed", "identity_unlinked"]));
}

pub(crate) async fn what_cannot_be_merged_or_undone_is_refused(stage: DatabaseStage) {
    let (into, from) = (made(&stage, 1, &NOTHING).await, made(&stage, 2, &NOTHING).await);
    let third = made(&stage, 3, &NOTHING).await;
    assert_eq!(merge(&stage, into, into, false).await.1, Merged::Impossible);
    assert_eq!(merge(&stage, into, new_account_id(at(1)), false).await.1, Merged::Unknown);
    assert_eq!(undo(&stage, MergeId::generate(at(1), &IDS), 20).await, Undone::Unknown);
    let (id, _) = merge(&stage, into, from, false).await;
    for (into, from) in [(into, from), (from, into), (from, third), (third, from)] {
        assert_eq!(merge(&stage, into, from, false).await.1, Merged::Impossible);
    }
    let late = at(10).plus(MERGE_UNDONE_FOR);
    let undone =
        stage.merges.undo_merge(Undo { merge: id, asked_by: None, at: late, actor: Actor::Operator }).await;
    assert_eq!(undone.expect(WORKS), Undone::Unknown, "too late");
    let act = Act { account: into, at: at(20), actor: Actor::Operator };
    stage.people.erase_person(act).await.expect(WORKS).expect("it was there");
    let gone = stage.people.find_people(PersonKey::Id(from)).await.expect(WORKS);
    assert_eq!(gone, Vec::new(), "it was the same person's");
}
