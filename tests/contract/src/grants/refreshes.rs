//! Using refresh tokens.

use saoma_domain::{
    oidc::{RefreshToken, Scopes},
    ports::{AuditKind, Refresh, Refreshed},
};

use super::{GrantsStage, WORKS, next, use_of};
use crate::{all_at_once, values::at};

fn successor_of(refreshed: &Refreshed) -> Option<saoma_domain::oidc::TokenHash> {
    match refreshed {
        Refreshed::Done(holder) | Refreshed::Again(holder) => holder.refresh.map(|state| state.current),
        Refreshed::Reused | Refreshed::TooMuch | Refreshed::Refused => None,
    }
}

async fn done(stage: &GrantsStage, token: &RefreshToken, secs: u64) -> RefreshToken {
    let refreshed = stage.refresh(use_of(token, "app", secs)).await;
    assert!(matches!(refreshed, Refreshed::Done(_)), "{refreshed:?}");
    assert_eq!(successor_of(&refreshed), Some(next(token).hash()));
    next(token)
}

pub(crate) async fn a_refresh_token_is_used_once_and_has_a_successor(stage: GrantsStage) {
    let held = stage.session(1).await;
    let mut token = stage.refresh_token(held, "app").await;
    for secs in [100, 200, 300] {
        token = done(&stage, &token, secs).await;
    }
    let holder = stage.holder(token.grant()).await.expect("it goes on");
    let state = holder.refresh.expect("it has refresh tokens");
    assert_eq!((state.generation, state.current, state.since), (4, token.hash(), at(300)));
}

pub(crate) async fn a_repetition_within_ten_seconds_gets_the_same_one(stage: GrantsStage) {
    let held = stage.session(1).await;
    let token = stage.refresh_token(held, "app").await;
    let second = done(&stage, &token, 100).await;
    for secs in [100, 105, 110] {
        let again = stage.refresh(use_of(&token, "app", secs)).await;
        assert!(matches!(again, Refreshed::Again(_)), "{again:?}");
        assert_eq!(successor_of(&again), Some(second.hash()));
    }
    done(&stage, &second, 111).await;
}

pub(crate) async fn a_repetition_after_ten_seconds_ends_the_family(stage: GrantsStage) {
    let held = stage.session(1).await;
    let (token, of_another_grant) =
        (stage.refresh_token(held, "app").await, stage.refresh_token(held, "app").await);
    let second = done(&stage, &token, 100).await;
    assert_eq!(stage.refresh(use_of(&token, "app", 111)).await, Refreshed::Reused);
    assert_eq!(stage.refresh(use_of(&second, "app", 112)).await, Refreshed::Refused);
    assert_eq!(stage.holder(token.grant()).await, None, "its access tokens too");
    done(&stage, &of_another_grant, 112).await;
    assert_eq!(stage.count(held.account, AuditKind::ClientTokensEnded).await, 1);
}

pub(crate) async fn an_older_token_ends_the_family_at_once(stage: GrantsStage) {
    let first = stage.refresh_token(stage.session(1).await, "app").await;
    let third = done(&stage, &done(&stage, &first, 100).await, 101).await;
    assert_eq!(stage.refresh(use_of(&first, "app", 102)).await, Refreshed::Reused);
    assert_eq!(stage.refresh(use_of(&third, "app", 103)).await, Refreshed::Refused);
}

pub(crate) async fn a_token_that_was_never_given_out_ends_the_family(stage: GrantsStage) {
    let token = stage.refresh_token(stage.session(1).await, "app").await;
    let second = done(&stage, &token, 100).await;
    let made_up = Refresh { token: next(&second).hash(), ..use_of(&token, "app", 101) };
    assert_eq!(stage.refresh(made_up).await, Refreshed::Reused, "it is not the one before");
    assert_eq!(stage.refresh(use_of(&second, "app", 102)).await, Refreshed::Refused);
    let current = stage.refresh_token(stage.session(2).await, "app").await;
    let made_up = Refresh { token: next(&current).hash(), ..use_of(&current, "app", 103) };
    assert_eq!(stage.refresh(made_up).await, Refreshed::Reused, "nor the current one");
}

pub(crate) async fn of_fifty_at_once_one_rotates_and_the_others_are_told_the_same(stage: GrantsStage) {
    let token = stage.refresh_token(stage.session(1).await, "app").await;
    let uses = (0..50).map(|_| {
        let (stage, wish) = (stage.clone(), use_of(&token, "app", 100));
        async move { stage.refresh(wish).await }
    });
    let refreshed = all_at_once(uses).await;
    assert_eq!(refreshed.iter().filter(|answer| matches!(answer, Refreshed::Done(_))).count(), 1);
    assert!(refreshed.iter().all(|answer| successor_of(answer) == Some(next(&token).hash())));
    done(&stage, &next(&token), 101).await;
}

pub(crate) async fn another_client_gets_nothing_and_ends_nothing(stage: GrantsStage) {
    let token = stage.refresh_token(stage.session(1).await, "app").await;
    assert_eq!(stage.refresh(use_of(&token, "other", 100)).await, Refreshed::Refused);
    let second = done(&stage, &token, 101).await;
    assert_eq!(stage.refresh(use_of(&token, "other", 200)).await, Refreshed::Refused);
    done(&stage, &second, 201).await;
}

pub(crate) async fn no_more_can_be_asked_for_than_was_granted(stage: GrantsStage) {
    let token = stage.refresh_token(stage.session(1).await, "app").await;
    let wish = |scopes| Refresh { scopes: Some(Scopes::parse(scopes)), ..use_of(&token, "app", 100) };
    assert_eq!(stage.refresh(wish("openid phone")).await, Refreshed::TooMuch);
    assert!(matches!(stage.refresh(wish("openid")).await, Refreshed::Done(_)));
}

pub(crate) async fn tokens_end_with_their_session_and_their_account(stage: GrantsStage) {
    let [anna, bert, cleo] = [stage.session(1).await, stage.session(2).await, stage.session(3).await];
    let tokens = [
        stage.refresh_token(anna, "app").await,
        stage.refresh_token(bert, "app").await,
        stage.refresh_token(cleo, "app").await,
    ];
    stage.sessions.end(anna.account, anna.session, at(50)).await.expect(WORKS);
    stage.sessions.end_all(bert.account, at(50)).await.expect(WORKS);
    stage.accounts.set_disabled(cleo.account, true).await.expect(WORKS);
    for token in &tokens {
        assert_eq!(stage.refresh(use_of(token, "app", 51)).await, Refreshed::Refused);
        assert_eq!(stage.holder(token.grant()).await, None);
    }
    let dora = stage.session(4).await;
    let token = stage.refresh_token(dora, "app").await;
    let old = use_of(&token, "app", 100_003);
    assert_eq!(stage.refresh(old).await, Refreshed::Refused, "the session was made at 3");
    done(&stage, &token, 100_002).await;
}
