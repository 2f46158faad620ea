//! The cached states of logins.

use std::time::Duration;

use saoma_domain::{
    login::{Channel, ClientInfo, ExpiryReason, Login, LoginContext, LoginId, LoginState, ScenePurpose},
    ports::CachedLogin,
    time::Timestamp,
};

use super::{LoginCacheStage, WORKS, outcome};
use crate::{
    all_at_once,
    values::{app, client_info, new_account_id, new_identity_id},
};

fn context() -> LoginContext {
    let (channel, app) = (Channel::OfficialAccount, app("main"));
    LoginContext { channel, app, purpose: ScenePurpose::default(), client_info: client_info() }
}

pub(crate) async fn an_unknown_login_is_absent(stage: LoginCacheStage) {
    let id = stage.login(1);
    assert_eq!(stage.read(id).await, CachedLogin::Absent);
    assert_eq!(stage.login_cache.context(id).await, Ok(None));
}

pub(crate) async fn an_open_login_shows_its_context(stage: LoginCacheStage) {
    let longest = LoginContext {
        channel: Channel::MiniProgram,
        app: app(&"a".repeat(32)),
        purpose: ScenePurpose::parse("abcdefghijklmnop").expect("a purpose"),
        client_info: ClientInfo::new("2001:db8::7", &"浏览器\"🦀\\".repeat(ClientInfo::USER_AGENT_BYTES)),
    };
    let of_every_channel = Channel::ALL.map(|channel| LoginContext { channel, ..context() });
    for (number, context) in (1..).zip(of_every_channel.into_iter().chain([longest])) {
        let id = stage.login(number);
        stage.login_cache.open(id, Some(context.clone()), stage.later()).await.expect(WORKS);
        assert_eq!(stage.read(id).await, CachedLogin::Open);
        assert_eq!(stage.login_cache.context(id).await, Ok(Some(context)));
    }
}

pub(crate) async fn a_forgotten_login_is_absent(stage: LoginCacheStage) {
    let (id, other) = (stage.login(1), stage.login(2));
    for id in [id, other] {
        stage.login_cache.open(id, Some(context()), stage.later()).await.expect(WORKS);
    }
    for _ in 0..2 {
        stage.login_cache.forget(id).await.expect(WORKS);
        assert_eq!(stage.read(id).await, CachedLogin::Absent);
        assert_eq!(stage.login_cache.context(id).await, Ok(None));
    }
    assert_eq!(stage.read(other).await, CachedLogin::Open);
}

pub(crate) async fn a_login_may_be_open_without_context(stage: LoginCacheStage) {
    let id = stage.login(1);
    stage.login_cache.open(id, None, stage.later()).await.expect(WORKS);
    assert_eq!(stage.read(id).await, CachedLogin::Open);
    assert_eq!(stage.login_cache.context(id).await, Ok(None));
}

pub(crate) async fn every_outcome_is_read_as_it_was_published(stage: LoginCacheStage) {
    let now = stage.time.now();
    let (identity, account) = (new_identity_id(now), new_account_id(now));
    let moment = now.plus(Duration::from_millis(123));
    let over = |reason| LoginState::Expired { reason, since: moment };
    let states = [
        LoginState::Unregistered { identity: Some(identity), deadline: moment },
        LoginState::Registered { account, since: now, collect_by: moment },
        over(ExpiryReason::Timeout),
        over(ExpiryReason::Cancelled),
        over(ExpiryReason::Denied),
    ];
    for (number, state) in (0..).zip(states) {
        let login = Login { id: stage.login(number), version: u32::MAX, state };
        stage.publish(&login).await;
        assert_eq!(stage.read(login.id).await, CachedLogin::Outcome(login));
    }
}

pub(crate) async fn an_outcome_needs_no_open_login(stage: LoginCacheStage) {
    let id = stage.login(1);
    stage.publish(&outcome(id, 2)).await;
    assert_eq!(stage.read(id).await, CachedLogin::Outcome(outcome(id, 2)));
    assert_eq!(stage.login_cache.context(id).await, Ok(None));
}

pub(crate) async fn an_outcome_leaves_the_context_in_place(stage: LoginCacheStage) {
    let id = stage.login(1);
    stage.login_cache.open(id, Some(context()), stage.later()).await.expect(WORKS);
    stage.publish(&outcome(id, 2)).await;
    assert_eq!(stage.login_cache.context(id).await, Ok(Some(context())));
}

pub(crate) async fn a_newer_outcome_replaces_an_older_one(stage: LoginCacheStage) {
    let id = stage.login(1);
    for version in [2, 3, 10, 4_000_000_000] {
        stage.publish(&outcome(id, version)).await;
        assert_eq!(stage.read(id).await, CachedLogin::Outcome(outcome(id, version)));
    }
}

pub(crate) async fn an_older_outcome_is_ignored(stage: LoginCacheStage) {
    let id = stage.login(1);
    for version in [10, 9, 2] {
        stage.publish(&outcome(id, version)).await;
        assert_eq!(stage.read(id).await, CachedLogin::Outcome(outcome(id, 10)));
    }
}

pub(crate) async fn an_outcome_of_the_same_version_is_ignored(stage: LoginCacheStage) {
    let id = stage.login(1);
    let first = outcome(id, 2);
    let state = LoginState::Expired { reason: ExpiryReason::Denied, since: Timestamp::from_secs(2) };
    stage.publish(&first).await;
    stage.publish(&Login { state, ..first.clone() }).await;
    assert_eq!(stage.read(id).await, CachedLogin::Outcome(first));
}

pub(crate) async fn opening_a_login_keeps_its_outcome(stage: LoginCacheStage) {
    let id = stage.login(1);
    stage.publish(&outcome(id, 2)).await;
    stage.login_cache.open(id, Some(context()), stage.later()).await.expect(WORKS);
    assert_eq!(stage.read(id).await, CachedLogin::Outcome(outcome(id, 2)));
}

pub(crate) async fn outcomes_published_at_once_leave_the_newest(stage: LoginCacheStage) {
    let id = stage.login(1);
    let publications = (2..34).map(|version| {
        let stage = stage.clone();
        async move { stage.publish(&outcome(id, version)).await }
    });
    all_at_once(publications).await;
    assert_eq!(stage.read(id).await, CachedLogin::Outcome(outcome(id, 33)));
}

/// Lets time pass until a login expires.
async fn expired(stage: &LoginCacheStage, id: LoginId) {
    for _ in 0..100 {
        if stage.read(id).await == CachedLogin::Absent {
            return;
        }
        stage.time.pass(Duration::from_millis(50)).await;
    }
    panic!("{id} never expires");
}

pub(crate) async fn an_open_login_expires(stage: LoginCacheStage) {
    let id = stage.login(1);
    let soon = stage.time.now().plus(Duration::from_millis(100));
    stage.login_cache.open(id, Some(context()), soon).await.expect(WORKS);
    expired(&stage, id).await;
    assert_eq!(stage.login_cache.context(id).await, Ok(None));
}

pub(crate) async fn an_outcome_expires(stage: LoginCacheStage) {
    let id = stage.login(1);
    let soon = stage.time.now().plus(Duration::from_millis(100));
    stage.login_cache.publish(&outcome(id, 2), soon).await.expect(WORKS);
    expired(&stage, id).await;
}

pub(crate) async fn an_outcome_prolongs_an_open_login(stage: LoginCacheStage) {
    let id = stage.login(1);
    let soon = stage.time.now().plus(Duration::from_millis(500));
    stage.login_cache.open(id, None, soon).await.expect(WORKS);
    stage.publish(&outcome(id, 2)).await;
    stage.time.pass(Duration::from_millis(800)).await;
    assert_eq!(stage.read(id).await, CachedLogin::Outcome(outcome(id, 2)));
}
