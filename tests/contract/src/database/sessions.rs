//! Issuing, finding, using and ending sessions.

use std::time::Duration;

use saoma_domain::{
    account::AccountId,
    login::{ClientInfo, LoginEvent},
    ports::{ActiveSession, AuditKind, NewSession, Scan, StoredSession},
    session::{AuthMethod, AuthMethods, Session, SessionId},
    time::Timestamp,
};

use super::DatabaseStage;
use crate::{
    all_at_once, patiently,
    values::{at, client_info, login, new_account_id, new_session, new_session_id, scan, token_hash},
};

/// Makes the account of Anna and its first session, with token 1.
async fn anna(stage: &DatabaseStage) -> (AccountId, StoredSession) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let opened = stage.open(new_session(login(1), account, 1)).await;
    (account, opened)
}

/// Lets Anna scan another login at a moment.
async fn register_again(stage: &DatabaseStage, number: u64, at: Timestamp) {
    stage.first(Scan { at, ..scan(login(number), "oAnna") }).await;
}

async fn found(stage: &DatabaseStage, number: u64) -> Option<ActiveSession> {
    stage.sessions.find(&token_hash(number)).await.expect("the store works")
}

async fn listed(stage: &DatabaseStage, account: AccountId) -> Vec<SessionId> {
    let sessions = stage.sessions.list(account).await.expect("the store works");
    sessions.into_iter().map(|session| session.id).collect()
}

pub(crate) async fn a_session_is_found_by_its_token(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let new = new_session(login(1), account, 1);
    let session = Session {
        id: new.id,
        login: login(1),
        account,
        created_at: at(3),
        last_seen_at: at(3),
        client_info: client_info(),
        auth_methods: AuthMethods::from(AuthMethod::WechatQr).and(AuthMethod::Sms),
    };
    let active = ActiveSession {
        session,
        account: stage.accounts.account(account).await.expect("the store works").expect("it has its account"),
        identities: stage.accounts.identities(account).await.expect("the store works"),
        conflicts: vec![],
    };
    assert_eq!(active.identities.len(), 1);
    let opened = StoredSession {
        active: active.clone(),
        token_hash: token_hash(1),
        ended: false,
        displaced: vec![],
        has_news: true,
    };
    assert_eq!(stage.open(new).await, opened);
    assert_eq!(found(&stage, 1).await, Some(active));
    assert_eq!(found(&stage, 2).await, None);
}

pub(crate) async fn a_login_has_one_session_however_often_it_is_opened(stage: DatabaseStage) {
    let (account, opened) = anna(&stage).await;
    let other_holder = ClientInfo::new("192.0.2.1", "curl/8");
    let again = NewSession { at: at(40), client_info: other_holder, ..new_session(login(1), account, 2) };
    assert_eq!(stage.open(again).await, opened);
    assert_eq!(found(&stage, 2).await, None, "only the first token counts");
    assert_eq!(listed(&stage, account).await, [opened.active.session.id]);
}

pub(crate) async fn many_openings_at_once_are_one_session(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let openings = (0..32_u64).map(|n| {
        let stage = stage.clone();
        let new =
            NewSession { at: at(3).plus(Duration::from_millis(n)), ..new_session(login(1), account, 1) };
        async move { stage.open(new).await }
    });
    let opened = all_at_once(openings).await;
    assert!(opened.iter().all(|each| *each == opened[0]), "{opened:?}");
    assert_eq!(listed(&stage, account).await, [opened[0].active.session.id]);
}

pub(crate) async fn an_ended_session_stays_ended_when_opened_again(stage: DatabaseStage) {
    let (account, opened) = anna(&stage).await;
    assert_eq!(stage.sessions.end(account, opened.active.session.id, at(9)).await, Ok(Some(token_hash(1))));
    let again = stage.open(new_session(login(1), account, 1)).await;
    assert_eq!(again, StoredSession { ended: true, ..opened });
    assert_eq!(found(&stage, 1).await, None);
}

pub(crate) async fn a_login_opens_no_session_but_of_the_account_that_its_row_names(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let bert = stage.register(login(2), "oBert", 2).await;
    stage.first(scan(login(3), "oCarl")).await;
    stage.end(login(4), LoginEvent::Cancelled, at(1)).await;
    let forged = [
        new_session(login(1), bert, 1),
        new_session(login(1), new_account_id(at(0)), 1),
        new_session(login(3), account, 1),
        new_session(login(4), account, 1),
        new_session(login(5), account, 1),
    ];
    for session in forged {
        assert_eq!(stage.sessions.issue(session.clone()).await, Ok(None), "{session:?}");
        assert_eq!(found(&stage, 1).await, None);
    }
    assert!(!stage.open(new_session(login(1), account, 1)).await.ended);
}

pub(crate) async fn a_use_is_written_down_and_never_moved_back(stage: DatabaseStage) {
    let (account, opened) = anna(&stage).await;
    for (used, seen) in [(100, 100), (50, 100), (100, 100), (160, 160)] {
        stage.sessions.touch(opened.active.session.id, at(used)).await.expect("the store works");
        let session = found(&stage, 1).await.expect("it lives").session;
        assert_eq!(session, Session { last_seen_at: at(seen), ..opened.active.session.clone() });
        assert_eq!(stage.sessions.list(account).await, Ok(vec![session]));
    }
}

pub(crate) async fn a_use_never_revives_an_ended_session(stage: DatabaseStage) {
    let (account, opened) = anna(&stage).await;
    assert_eq!(stage.sessions.end(account, opened.active.session.id, at(9)).await, Ok(Some(token_hash(1))));
    stage.sessions.touch(opened.active.session.id, at(10)).await.expect("the store works");
    assert_eq!(found(&stage, 1).await, None);
    assert_eq!(listed(&stage, account).await, []);
}

pub(crate) async fn a_use_of_an_unknown_session_changes_nothing(stage: DatabaseStage) {
    let (_, opened) = anna(&stage).await;
    stage.sessions.touch(new_session_id(at(0)), at(100)).await.expect("the store works");
    assert_eq!(found(&stage, 1).await.map(|live| live.session), Some(opened.active.session));
}

pub(crate) async fn sessions_are_listed_newest_first(stage: DatabaseStage) {
    let (account, first) = anna(&stage).await;
    let bert = stage.register(login(50), "oBert", 2).await;
    stage.open(new_session(login(50), bert, 50)).await;
    let mut newest_first = vec![first.active.session.id];
    for number in 2..6 {
        let record = stage.first(scan(login(number), "oAnna")).await;
        let made = at(number * 10);
        let new = NewSession {
            id: new_session_id(made),
            at: made,
            ..new_session(record.login.id, account, number)
        };
        newest_first.insert(0, stage.open(new).await.active.session.id);
    }
    assert_eq!(listed(&stage, account).await, newest_first);
    let gone = newest_first.remove(1);
    assert_eq!(stage.sessions.end(account, gone, at(99)).await, Ok(Some(token_hash(4))));
    assert_eq!(listed(&stage, account).await, newest_first);
}

/// Issues a session of Anna for a login, at a moment.
async fn another(stage: &DatabaseStage, account: AccountId, number: u64, secs: u64) -> StoredSession {
    let record = stage.first(scan(login(number), "oAnna")).await;
    stage.open(NewSession { at: at(secs), ..new_session(record.login.id, account, number) }).await
}

pub(crate) async fn the_twenty_first_session_of_an_account_ends_the_oldest(stage: DatabaseStage) {
    let (account, _) = anna(&stage).await;
    let bert = stage.register(login(50), "oBert", 2).await;
    stage.open(new_session(login(50), bert, 50)).await;
    for number in 2..=20 {
        assert_eq!(another(&stage, account, number, 3 + number).await.displaced, []);
    }
    for (number, oldest) in [(21, 1), (22, 2)] {
        assert_eq!(another(&stage, account, number, 30).await.displaced, [token_hash(oldest)]);
        assert_eq!(found(&stage, oldest).await, None);
        assert_eq!(listed(&stage, account).await.len(), 20);
    }
    assert!(found(&stage, 50).await.is_some(), "other accounts are not concerned");
    assert_eq!(stage.open(new_session(login(22), account, 22)).await.displaced, [], "a repetition ends none");
    assert_eq!(stage.kinds(account).await.iter().filter(|kind| **kind == AuditKind::SessionEnded).count(), 2);
}

pub(crate) async fn an_expired_session_makes_room_before_an_older_one_does(stage: DatabaseStage) {
    let (account, first) = anna(&stage).await;
    for number in 2..=20 {
        another(&stage, account, number, 3 + number).await;
    }
    stage.sessions.touch(first.active.session.id, at(1500)).await.expect("the store works");
    assert_eq!(another(&stage, account, 21, 5 + 1800).await.displaced, [token_hash(2)]);
    assert!(found(&stage, 1).await.is_some());
}

pub(crate) async fn sessions_issued_at_once_are_twenty_at_the_most(stage: DatabaseStage) {
    let (account, _) = anna(&stage).await;
    for number in 2..=32 {
        stage.first(scan(login(number), "oAnna")).await;
    }
    let issues = (2..=32).map(|number| {
        let stage = stage.clone();
        async move { stage.open(new_session(login(number), account, number)).await.displaced }
    });
    let displaced = all_at_once(issues).await;
    assert_eq!(displaced.iter().map(Vec::len).sum::<usize>(), 12);
    assert_eq!(listed(&stage, account).await.len(), 20);
}

pub(crate) async fn only_its_own_account_can_end_a_session(stage: DatabaseStage) {
    let (account, opened) = anna(&stage).await;
    let bert = stage.register(login(2), "oBert", 2).await;
    assert_eq!(stage.sessions.end(bert, opened.active.session.id, at(9)).await, Ok(None));
    assert_eq!(stage.sessions.end(account, new_session_id(at(0)), at(9)).await, Ok(None));
    assert!(found(&stage, 1).await.is_some());
    assert_eq!(stage.sessions.end(account, opened.active.session.id, at(9)).await, Ok(Some(token_hash(1))));
    assert_eq!(
        stage.sessions.end(account, opened.active.session.id, at(9)).await,
        Ok(None),
        "it is over already"
    );
    assert!(found(&stage, 1).await.is_none());
}

pub(crate) async fn a_session_that_was_read_before_ends_once(stage: DatabaseStage) {
    let (account, opened) = anna(&stage).await;
    let session = opened.active.session;
    for ended in [at(9), at(10)] {
        assert_eq!(stage.sessions.end_known(session.clone(), ended).await, Ok(()));
        assert_eq!(found(&stage, 1).await, None);
    }
    let ends = stage.kinds(account).await.into_iter().filter(|kind| *kind == AuditKind::SessionEnded);
    assert_eq!(ends.count(), 1, "the second call found it ended");
}

pub(crate) async fn a_disabled_account_is_issued_no_session(stage: DatabaseStage) {
    let (account, opened) = anna(&stage).await;
    register_again(&stage, 2, at(2)).await;
    assert_eq!(stage.accounts.set_disabled(account, true).await, Ok(true));
    assert_eq!(stage.sessions.issue(new_session(login(2), account, 2)).await, Ok(None));
    let again = stage.open(new_session(login(1), account, 1)).await;
    assert_eq!(again.active.session, opened.active.session, "the one that was issued before is told");
    assert!(again.active.account.disabled);
}

pub(crate) async fn all_sessions_of_an_account_end_together(stage: DatabaseStage) {
    let (account, first) = anna(&stage).await;
    let bert = stage.register(login(50), "oBert", 2).await;
    stage.open(new_session(login(50), bert, 50)).await;
    for number in 2..6 {
        stage.open_another(login(number), "oAnna", number).await;
    }
    assert_eq!(stage.sessions.end(account, first.active.session.id, at(8)).await, Ok(Some(token_hash(1))));
    let mut ended = stage.sessions.end_all(account, at(9)).await.expect("the store works");
    ended.sort_unstable();
    assert_eq!(ended, [2, 3, 4, 5].map(token_hash), "one was over before");
    for number in 1..6 {
        assert_eq!(found(&stage, number).await, None);
    }
    assert_eq!(stage.sessions.end_all(account, at(10)).await, Ok(vec![]));
    assert!(found(&stage, 50).await.is_some(), "other accounts keep theirs");
}

pub(crate) async fn the_tokens_of_an_account_are_those_of_its_open_sessions(stage: DatabaseStage) {
    let (account, first) = anna(&stage).await;
    let bert = stage.register(login(50), "oBert", 2).await;
    stage.open(new_session(login(50), bert, 50)).await;
    for number in 2..4 {
        stage.open_another(login(number), "oAnna", number).await;
    }
    stage.sessions.end(account, first.active.session.id, at(8)).await.expect("the store works");
    let mut tokens = stage.sessions.tokens_of(account).await.expect("the store works");
    tokens.sort_unstable();
    let mut expected = [2, 3].map(token_hash);
    expected.sort_unstable();
    assert_eq!(tokens, expected);
}

pub(crate) async fn a_login_from_before_all_sessions_were_ended_opens_none(stage: DatabaseStage) {
    let (account, _) = anna(&stage).await;
    stage.sessions.end_all(account, at(9)).await.expect("the store works");
    for (registered, number) in [(8, 2), (9, 3)] {
        register_again(&stage, number, at(registered)).await;
        assert_eq!(stage.sessions.issue(new_session(login(number), account, number)).await, Ok(None));
        assert_eq!(found(&stage, number).await, None);
    }
    register_again(&stage, 4, at(10)).await;
    assert!(!stage.open(new_session(login(4), account, 4)).await.ended);
    let bert = stage.register(login(50), "oBert", 2).await;
    assert!(!stage.open(new_session(login(50), bert, 50)).await.ended, "other accounts are not concerned");
}

pub(crate) async fn only_sessions_from_before_a_moment_can_be_ended(stage: DatabaseStage) {
    let (account, first) = anna(&stage).await;
    register_again(&stage, 2, at(2)).await;
    let later = NewSession { at: at(30), ..new_session(login(2), account, 2) };
    assert!(!stage.open(later).await.ended);
    let until = first.active.session.created_at;
    for expected in [vec![token_hash(1)], vec![]] {
        assert_eq!(stage.sessions.end_until(account, until, at(40)).await, Ok(expected));
    }
    assert!(found(&stage, 2).await.is_some());
    register_again(&stage, 3, until).await;
    assert_eq!(stage.sessions.issue(new_session(login(3), account, 3)).await, Ok(None), "not collected");
    register_again(&stage, 4, until.plus(Duration::from_millis(1))).await;
    assert!(!stage.open(new_session(login(4), account, 4)).await.ended);
    stage.sessions.end_all(account, at(40)).await.expect("the store works");
    assert_eq!(stage.sessions.end_until(account, until, at(41)).await, Ok(vec![]));
    register_again(&stage, 5, at(39)).await;
    let before_all = new_session(login(5), account, 5);
    assert_eq!(stage.sessions.issue(before_all).await, Ok(None), "an earlier moment takes nothing back");
}

pub(crate) async fn sessions_that_were_ended_are_listed_in_the_order_of_their_ends(stage: DatabaseStage) {
    let (account, first) = anna(&stage).await;
    let mut others = Vec::new();
    for number in 2..5 {
        others.push(stage.open_another(login(number), "oAnna", number).await.active.session.id);
    }
    let ended = async |since, after, at_most| {
        let ended = stage.sessions.ended(since, after, at_most).await.expect("the store works");
        ended.into_iter().map(|ended| (ended.id, ended.ended_at)).collect::<Vec<_>>()
    };
    assert_eq!(ended(at(0), None, 10).await, [], "none was ended");
    let first = first.active.session.id;
    stage.sessions.end(account, first, at(8)).await.expect("the store works");
    stage.sessions.end_all(account, at(9)).await.expect("the store works");
    others.sort_unstable();
    let all: Vec<_> = [(first, at(8))].into_iter().chain(others.iter().map(|id| (*id, at(9)))).collect();
    assert_eq!(ended(at(8), None, 10).await, all);
    assert_eq!(ended(at(9), None, 10).await, all[1..], "the first was ended before");
    assert_eq!(ended(at(9), None, 2).await, all[1..3], "a page of them");
    assert_eq!(ended(at(9), Some(all[2].0), 2).await, all[3..], "and the next one");
    assert_eq!(ended(at(8), Some(first), 10).await, all[1..]);
    assert_eq!(ended(at(10), None, 10).await, []);
}

pub(crate) async fn many_ends_of_one_session_at_once_end_it_once(stage: DatabaseStage) {
    let (account, opened) = anna(&stage).await;
    let ends = (0..16).map(|_| {
        let (stage, id) = (stage.clone(), opened.active.session.id);
        async move { patiently(|| stage.sessions.end(account, id, at(9))).await }
    });
    let ended = all_at_once(ends).await;
    assert_eq!(ended.into_iter().filter(|ended| *ended == Some(token_hash(1))).count(), 1);
}

pub(crate) async fn a_session_shows_that_its_account_was_shut(stage: DatabaseStage) {
    let (account, _) = anna(&stage).await;
    assert_eq!(stage.accounts.set_disabled(account, true).await, Ok(true));
    assert_eq!(found(&stage, 1).await.map(|live| live.account.disabled), Some(true));
}
