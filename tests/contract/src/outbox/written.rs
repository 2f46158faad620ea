//! What is written, and for whom.

use saoma_domain::{
    event::{EventKind, EventKinds, Listeners, ReceiverName},
    login::{Channel, LoginEvent},
    ports::{
        AuditFilter, AuditKind, AuditNote, FollowChange, PendingLink, PhoneChanged, Revocation, Scan,
        ScanTaken,
    },
};

use super::{OutboxStage, event, shop};
use crate::values::{app, at, login, openid, phone_change, scan};

pub(super) async fn what_nobody_hears_is_not_written(stage: OutboxStage) {
    let sessions = EventKinds::NONE.with(EventKind::SessionCreated);
    stage.outbox.listen(Listeners::NONE.with(shop(), sessions));
    stage.register(1, "oAnna").await;
    stage.note(event(1, 1)).await;
    assert_eq!(stage.kinds().await, []);
}

pub(super) async fn a_new_number_is_told(stage: OutboxStage) {
    stage.listen();
    let account = stage.register(1, "oAnna").await;
    let changed = stage.accounts.change_phone(phone_change(account, 2)).await;
    assert_eq!(changed, Ok(PhoneChanged::Done));
    let last = stage.deliveries().await.pop().expect("it is told").event;
    assert_eq!((last.kind, last.detail.as_deref()), (EventKind::AccountUpdated, Some("phone")));
}

pub(super) async fn a_followers_coming_and_going_is_told(stage: OutboxStage) {
    stage.listen();
    let account = stage.register(1, "oAnna").await;
    let before = stage.deliveries().await.len();
    for (subscribed, secs) in [(false, 10), (false, 11), (true, 12), (true, 13)] {
        let change = FollowChange { app: app("main"), openid: openid("oAnna"), subscribed, at: at(secs) };
        stage.accounts.record_follow(change).await.expect("the store works");
    }
    stage
        .accounts
        .record_follow(FollowChange {
            app: app("main"),
            openid: openid("oAnna"),
            subscribed: false,
            at: at(14),
        })
        .await
        .expect("the store works");
    let scan = Scan { at: at(15), ..scan(login(2), "oAnna") };
    stage.logins.take_scan(scan).await.expect("the store works");
    let told: Vec<_> = stage.deliveries().await.split_off(before);
    assert!(told.iter().all(|delivery| delivery.event.account == Some(account)));
    let told: Vec<_> = told.into_iter().map(|delivery| (delivery.event.kind, delivery.event.at)).collect();
    assert_eq!(
        told,
        [
            (EventKind::IdentityUnfollowed, at(10)),
            (EventKind::IdentityFollowed, at(12)),
            (EventKind::IdentityUnfollowed, at(14)),
            (EventKind::IdentityFollowed, at(15)),
        ]
    );
}

pub(super) async fn a_revocation_is_told_before_the_unlinking(stage: OutboxStage) {
    stage.listen();
    stage.register(1, "oAnna").await;
    let before = stage.deliveries().await.len();
    let revocation = Revocation { app: app("main"), openid: openid("oAnna"), profile_only: false, at: at(9) };
    stage.accounts.revoke_authorization(revocation).await.expect("the store works");
    let told = stage.kinds().await.split_off(before);
    assert_eq!(told, [EventKind::IdentityRevoked, EventKind::IdentityUnlinked]);
}

pub(super) async fn a_refused_login_is_told(stage: OutboxStage) {
    stage.listen();
    stage.logins.end(login(1), LoginEvent::Denied, at(1)).await.expect("the store works");
    stage.logins.end(login(1), LoginEvent::Denied, at(2)).await.expect("the store works");
    stage.logins.end(login(2), LoginEvent::Cancelled, at(1)).await.expect("the store works");
    assert_eq!(stage.kinds().await, [EventKind::LoginDenied], "once, and not what the client gave up");
    let account = stage.register(3, "oAnna").await;
    stage.register(4, "oBert").await;
    let link = PendingLink { login: login(5), account, at: at(3) };
    stage.logins.add_pending_link(link).await.expect("the store works");
    let scan = Scan { channel: Channel::OfficialAccount, ..scan(login(5), "oBert") };
    let taken = stage.logins.take_scan(scan).await.expect("the store works");
    assert!(matches!(taken, ScanTaken::LinkRefused(_)), "{taken:?}");
    let last = stage.deliveries().await.pop().expect("it is told").event;
    assert_eq!((last.kind, last.detail.as_deref()), (EventKind::LoginDenied, Some("link_refused")));
}

pub(super) async fn a_suspected_login_is_told(stage: OutboxStage) {
    stage.listen();
    let account = event(1, 5).account;
    let write = async |kind| {
        let outcome = Some("tried_again".to_owned());
        let note = AuditNote { account, login: Some(login(1)), outcome, ..AuditNote::new(kind, at(5)) };
        stage.trail.write_note(note).await.expect("the store works");
    };
    write(AuditKind::SmsCode).await;
    assert!(stage.kinds().await.is_empty(), "other notes are for the trail alone");
    write(AuditKind::LoginSuspected).await;
    let told = stage.claim_one(at(5)).await.event;
    let whose = (told.account, told.login);
    assert_eq!((told.kind, whose, told.at), (EventKind::LoginSuspected, (account, Some(login(1))), at(5)));
    assert_eq!(told.detail.as_deref(), Some("tried_again"));
    let kind = Some(AuditKind::LoginSuspected);
    let filter = AuditFilter { account: None, kind };
    let noted = stage.trail.records(filter, None, 10).await.expect("the store works");
    assert_eq!(noted.len(), 1, "{noted:?}");
}

pub(super) async fn a_change_that_fails_is_not_told(stage: OutboxStage) {
    stage.listen();
    let account = stage.register(1, "oAnna").await;
    stage.register(2, "oBert").await;
    let before = stage.kinds().await;
    let taken = stage.accounts.change_phone(phone_change(account, 2)).await;
    assert_eq!(taken, Ok(PhoneChanged::Taken));
    assert_eq!(stage.kinds().await, before);
}

pub(super) async fn each_receiver_has_its_own_events(stage: OutboxStage) {
    let other = ReceiverName::parse("other").expect("a name");
    let accounts = EventKinds::parse("account.*").expect("a family");
    let listeners = Listeners::NONE.with(shop(), super::all_kinds()).with(other.clone(), accounts);
    stage.outbox.listen(listeners);
    stage.register(1, "oAnna").await;
    assert_eq!(stage.claim(at(2)).await.len(), 1, "the first of the account");
    let claimed = stage.outbox.claim(&other, at(2), 100).await.expect("the store works");
    let [due] = claimed.as_slice() else { panic!("{claimed:?}") };
    assert_eq!(due.event.kind, EventKind::AccountCreated);
    stage.settle(due, saoma_domain::ports::EventTry::Delivered, at(3)).await;
    let left: Vec<_> = stage.deliveries().await.into_iter().map(|delivery| delivery.receiver).collect();
    assert_eq!(left, [shop(), shop()]);
}
