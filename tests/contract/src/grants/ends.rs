//! Ending grants, telling clients, and pruning.

use saoma_domain::{
    actor::Actor,
    event::EventKind,
    ports::{Act, AuditKind, Ending, Refreshed},
};

use super::{GrantsStage, WORKS, client, redemption, use_of};
use crate::values::at;

pub(crate) async fn a_client_ends_its_own_grants_only(stage: GrantsStage) {
    let held = stage.session(1).await;
    let (token, other) = (stage.refresh_token(held, "app").await, stage.refresh_token(held, "app").await);
    let end = async |id, grant| stage.grants.end_grant(grant, &client(id), at(50)).await;
    assert_eq!(end("other", token.grant()).await, Ok(Ending::OfAnother));
    assert!(stage.holder(token.grant()).await.is_some());
    for _ in 0..2 {
        assert_eq!(end("app", token.grant()).await, Ok(Ending::Ended));
        assert_eq!(stage.holder(token.grant()).await, None);
    }
    assert_eq!(stage.refresh(use_of(&token, "app", 51)).await, Refreshed::Refused);
    assert!(stage.holder(other.grant()).await.is_some());
    assert_eq!(stage.count(held.account, AuditKind::ClientTokensEnded).await, 1);
    let unknown = super::new_grant(held, "app", "openid").grant.id;
    assert_eq!(end("app", unknown).await, Ok(Ending::Unknown));
}

pub(crate) async fn a_client_is_told_of_the_end_of_the_sessions_that_it_knows(stage: GrantsStage) {
    stage.let_hear(&["app", "other"]);
    let (anna, bert) = (stage.session(1).await, stage.session(2).await);
    for client_id in ["app", "app", "deaf"] {
        stage.refresh_token(anna, client_id).await;
    }
    stage.code(anna, "other", "openid").await;
    stage.sessions.end(bert.account, bert.session, at(40)).await.expect(WORKS);
    assert_eq!(stage.told("app").await, [], "it does not know this one");
    stage.sessions.end(anna.account, anna.session, at(50)).await.expect(WORKS);
    let [told] = <[_; 1]>::try_from(stage.told("app").await).expect("it is told once");
    assert_eq!(
        (told.kind, told.account, told.session, told.at),
        (EventKind::OidcLogout, Some(anna.account), Some(anna.session), at(50))
    );
    assert_eq!(stage.told("other").await, [], "its code was not redeemed");
    assert_eq!(stage.told("deaf").await, []);
}

pub(crate) async fn an_erased_account_leaves_no_grant_and_its_clients_are_told(stage: GrantsStage) {
    stage.let_hear(&["app"]);
    let held = stage.session(1).await;
    let token = stage.refresh_token(held, "app").await;
    let agreed = saoma_domain::ports::NewGrant { consented: true, ..super::new_grant(held, "app", "openid") };
    assert_eq!(stage.grants.make_grant(agreed).await, Ok(true));
    let act = Act { account: held.account, at: at(50), actor: Actor::Operator };
    assert!(stage.people.erase_person(act).await.expect(WORKS).is_some());
    assert_eq!(stage.refresh(use_of(&token, "app", 51)).await, Refreshed::Refused);
    assert_eq!(stage.grants.end_grant(token.grant(), &client("app"), at(51)).await, Ok(Ending::Unknown));
    assert!(stage.grants.consent(held.account, &client("app")).await.expect(WORKS).iter().next().is_none());
    assert_eq!(stage.told("app").await.len(), 1);
}

pub(crate) async fn a_grant_is_pruned_after_its_session_could_be_used(stage: GrantsStage) {
    let held = stage.session(1).await;
    let token = stage.refresh_token(held, "app").await;
    // The session's own row is kept for long.
    stage.prune(at(100_000)).await;
    assert!(stage.holder(token.grant()).await.is_some());
    stage.prune(at(200_000)).await;
    assert_eq!(stage.holder(token.grant()).await, None);
}

pub(crate) async fn a_code_that_was_not_redeemed_is_pruned_soon(stage: GrantsStage) {
    let held = stage.session(1).await;
    let code = stage.code(held, "app", "openid").await;
    stage.prune(at(60)).await;
    stage.redeemed(redemption(&code, "app")).await;
    let code = stage.code(held, "app", "openid").await;
    stage.prune(at(100_000)).await;
    let end = stage.grants.end_grant(code.grant(), &client("app"), at(100_000)).await;
    assert_eq!(end, Ok(Ending::Unknown));
}
