//! What an event names: whose it is, what led to it, and what is other than before.

use saoma_domain::{
    account::{AccountId, ExternalId, IdentityId},
    actor::Actor,
    event::{Event, EventKind},
    login::Channel,
    ports::{
        Act, AuditFilter, AuditKind, Changed, FollowChange, KnownIdentity, KnownPerson, Made, Merge, MergeId,
        Merged, NotMe, PendingLink, PersonChange, Removal, Revocation, Scan,
    },
    wechat::Profile,
};

use super::OutboxStage;
use crate::values::{
    app, at, login, new_account_id, new_identity_id, new_session, new_session_id, openid, row_ids, scan,
};

const WORKS: &str = "the store works";

impl OutboxStage {
    /// Returns the only identity of an account.
    async fn identity(&self, account: AccountId) -> IdentityId {
        self.accounts.identities(account).await.expect(WORKS).pop().expect("it has one").id
    }

    /// Returns what was told since there were so many events.
    async fn events_after(&self, before: usize) -> Vec<Event> {
        self.events().await.split_off(before)
    }
}

/// Returns an event of an account about an identity of the app `main`.
fn of_identity(kind: EventKind, account: AccountId, identity: IdentityId, secs: u64) -> Event {
    let event = Event::of_account(kind, account, at(secs));
    Event { identity: Some(identity), app: Some(app("main")), ..event }
}

pub(super) async fn an_event_names_the_login_that_led_to_it(stage: OutboxStage) {
    stage.listen();
    let account = stage.register(1, "oAnna").await;
    let new = new_session(login(1), account, 1);
    stage.sessions.issue(new.clone()).await.expect(WORKS);
    stage.sessions.end_all(account, at(9)).await.expect(WORKS);
    let identity = stage.identity(account).await;
    let of_login = |event: Event| Event { login: Some(login(1)), ..event };
    let created = Event::of_account(EventKind::AccountCreated, account, at(2));
    let begun = Event::of_account(EventKind::SessionCreated, account, at(3));
    let ended = Event::of_account(EventKind::SessionEnded, account, at(9));
    assert_eq!(
        stage.events().await,
        [
            of_login(created),
            of_login(of_identity(EventKind::IdentityLinked, account, identity, 2)),
            of_login(Event { session: Some(new.id), identity: Some(identity), ..begun }),
            of_login(Event { session: Some(new.id), ..ended }),
        ]
    );
    let filter = AuditFilter { account: Some(account), kind: None };
    let noted = stage.trail.records(filter, None, 10).await.expect(WORKS);
    assert!(noted.iter().all(|record| record.note.login == Some(login(1))), "{noted:?}");
}

pub(super) async fn a_refusal_names_the_login_and_the_account_of_who_refused(stage: OutboxStage) {
    stage.listen();
    let anna = stage.register(1, "oAnna").await;
    let bert = stage.register(2, "oBert").await;
    let link = PendingLink { login: login(3), account: anna, at: at(3) };
    stage.logins.add_pending_link(link).await.expect(WORKS);
    stage.logins.take_scan(scan(login(3), "oBert")).await.expect(WORKS);
    let refused =
        Event { app: Some(app("main")), login: Some(login(3)), ..Event::new(EventKind::LoginDenied, at(1)) };
    let told = stage.events().await.pop();
    assert_eq!(told, Some(Event { detail: Some("link_refused".to_owned()), ..refused }));

    stage.logins.take_scan(scan(login(4), "oBert")).await.expect(WORKS);
    let identity = stage.identity(bert).await;
    stage.logins.disown(NotMe { login: login(4), identity, at: at(9) }).await.expect(WORKS);
    let told = stage.events().await.pop().expect("it is told");
    assert_eq!((told.kind, told.account, told.login), (EventKind::LoginDenied, Some(bert), Some(login(4))));
    let filter = AuditFilter { account: Some(bert), kind: Some(AuditKind::LoginRefused) };
    let noted = stage.trail.records(filter, None, 10).await.expect(WORKS);
    assert_eq!(noted.len(), 1, "the trail of the account has it, too");
}

pub(super) async fn what_is_taken_back_names_identity_and_login(stage: OutboxStage) {
    stage.listen();
    let account = stage.register(1, "oAnna").await;
    let identity = stage.identity(account).await;
    let before = stage.events().await.len();
    stage.logins.disown(NotMe { login: login(1), identity, at: at(9) }).await.expect(WORKS);
    let told = stage.events_after(before).await;
    let unlinked = of_identity(EventKind::IdentityUnlinked, account, identity, 9);
    assert!(told.contains(&Event { login: Some(login(1)), ..unlinked }), "{told:?}");
}

pub(super) async fn what_an_owner_removes_is_named(stage: OutboxStage) {
    stage.listen();
    let account = stage.register(1, "oAnna").await;
    let identity = stage.identity(account).await;
    let link = PendingLink { login: login(2), account, at: at(3) };
    stage.logins.add_pending_link(link).await.expect(WORKS);
    stage.logins.take_scan(Scan { app: app("shop"), ..scan(login(2), "oAnna") }).await.expect(WORKS);
    let removal = Removal { account, identity, asked_by: new_session_id(at(9)), at: at(9) };
    stage.accounts.remove_identity(removal).await.expect(WORKS);
    let told = stage.events().await.pop();
    assert_eq!(told, Some(of_identity(EventKind::IdentityUnlinked, account, identity, 9)));
}

pub(super) async fn what_a_follower_does_names_identity_and_app(stage: OutboxStage) {
    stage.listen();
    let account = stage.register(1, "oAnna").await;
    let identity = stage.identity(account).await;
    let before = stage.events().await.len();
    let (app, openid) = (app("main"), openid("oAnna"));
    let left = FollowChange { app: app.clone(), openid: openid.clone(), subscribed: false, at: at(8) };
    stage.accounts.record_follow(left).await.expect(WORKS);
    stage.logins.take_scan(Scan { at: at(8), ..scan(login(2), "oAnna") }).await.expect(WORKS);
    let revocation = Revocation { app, openid, profile_only: false, at: at(9) };
    stage.accounts.revoke_authorization(revocation).await.expect(WORKS);
    assert_eq!(
        stage.events_after(before).await,
        [
            of_identity(EventKind::IdentityUnfollowed, account, identity, 8),
            of_identity(EventKind::IdentityFollowed, account, identity, 8),
            of_identity(EventKind::IdentityRevoked, account, identity, 9),
            of_identity(EventKind::IdentityUnlinked, account, identity, 9),
        ]
    );
}

pub(super) async fn what_a_site_changes_is_named_and_said_once(stage: OutboxStage) {
    stage.listen();
    let account = stage.register(1, "oAnna").await;
    stage.sessions.issue(new_session(login(1), account, 1)).await.expect(WORKS);
    let before = stage.events().await.len();
    let of = |secs| PersonChange::of(account, Actor::Operator, at(secs));
    let to = |disabled, reason: Option<&str>, secs| PersonChange {
        disabled: Some(disabled),
        reason: reason.map(str::to_owned),
        ..of(secs)
    };
    let external_id = Some(ExternalId::parse("c-1").ok());
    let named = |secs| PersonChange {
        external_id: external_id.clone(),
        nickname: Some(Some("A".to_owned())),
        ..of(secs)
    };
    for (change, ends_sessions) in [
        (named(5), false),
        (named(6), false),
        (to(false, None, 7), false),
        (to(true, Some("fraud"), 8), true),
        (to(true, Some("fraud"), 9), false),
        (to(true, None, 10), false),
        (to(true, Some("a wish"), 11), false),
        (to(false, Some("a wish"), 12), false),
        (to(false, Some("another"), 13), false),
    ] {
        let at = change.at;
        let Changed::Done { ended } = stage.people.change_person(change).await.expect(WORKS) else {
            panic!("it is not changed")
        };
        assert_eq!(!ended.is_empty(), ends_sessions, "{at:?}");
    }
    let mut told = stage.events_after(before).await;
    told.retain(|event| event.kind != EventKind::SessionEnded);
    let event = |kind, secs| Event::of_account(kind, account, at(secs));
    let detail = Some("external_id,nickname".to_owned());
    assert_eq!(
        told,
        [
            Event { detail, ..event(EventKind::AccountUpdated, 5) },
            event(EventKind::AccountDisabled, 8),
            event(EventKind::AccountDisabled, 11),
            event(EventKind::AccountEnabled, 12),
        ]
    );
}

pub(super) async fn what_a_site_makes_unlinks_and_merges_is_named(stage: OutboxStage) {
    stage.listen();
    let anna = stage.register(1, "oAnna").await;
    let before = stage.events().await.len();
    let identity = new_identity_id(at(4));
    let person = KnownPerson {
        new_id: new_account_id(at(4)),
        phone: None,
        external_id: ExternalId::parse("c-2").ok(),
        attributes: None,
        profile: Profile::default(),
        identities: vec![KnownIdentity {
            new_id: identity,
            app: app("main"),
            channel: Channel::OfficialAccount,
            openid: openid("oBert"),
            union: None,
            profile: Profile::default(),
        }],
        since: at(0),
        at: at(4),
        actor: Actor::Operator,
    };
    let bert = person.new_id;
    let made = stage.people.make_people(vec![person]).await.expect(WORKS);
    assert_eq!(made, [Made::New(bert)]);
    let act = Act { account: bert, at: at(5), actor: Actor::Operator };
    stage.people.unlink_identity_of(act, identity).await.expect(WORKS);
    let (id, actor) = (MergeId::generate(at(6), row_ids()), Actor::Operator);
    let merge = Merge { id, into: anna, from: bert, dry_run: false, at: at(6), actor };
    let merged = stage.merges.merge(merge).await.expect(WORKS);
    assert!(matches!(merged, Merged::Done { .. }), "{merged:?}");
    let merged = Event::of_account(EventKind::AccountMerged, anna, at(6));
    assert_eq!(
        stage.events_after(before).await,
        [
            Event::of_account(EventKind::AccountCreated, bert, at(4)),
            of_identity(EventKind::IdentityLinked, bert, identity, 4),
            of_identity(EventKind::IdentityUnlinked, bert, identity, 5),
            Event { detail: Some(bert.to_string()), ..merged },
        ]
    );
}
