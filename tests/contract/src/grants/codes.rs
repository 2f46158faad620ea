//! Making grants and redeeming their codes.

use saoma_domain::{
    oidc::{CodeChallenge, CodeVerifier, Scopes},
    ports::{AuditKind, CodeRedemption, NewGrant, Redeemed},
};

use super::{GrantsStage, LIVES, WORKS, client, code_of, new_grant, redemption};
use crate::{all_at_once, values::at};

pub(crate) async fn a_code_is_redeemed_once_for_its_session(stage: GrantsStage) {
    let held = stage.session(1).await;
    let new = NewGrant { consented: false, ..new_grant(held, "app", "openid phone") };
    assert_eq!(stage.grants.make_grant(new.clone()).await, Ok(true));
    assert_eq!(stage.holder(new.grant.id).await, None, "nothing is read by a grant without tokens");
    let holder = stage.redeemed(redemption(&code_of(&new), "app")).await;
    assert_eq!(
        (&holder.grant, holder.session.id, holder.account.id),
        (&new.grant, held.session, held.account)
    );
    assert_eq!((holder.identities.len(), holder.refresh), (1, None));
    assert_eq!(stage.holder(new.grant.id).await, Some(holder));
    assert_eq!(stage.count(held.account, AuditKind::ClientAuthorized).await, 1);
}

pub(crate) async fn a_code_that_is_redeemed_again_ends_what_came_of_it(stage: GrantsStage) {
    let held = stage.session(1).await;
    let code = stage.code(held, "app", "openid offline_access").await;
    let other = stage.code(held, "app", "openid").await;
    stage.redeemed(redemption(&code, "app")).await;
    stage.redeemed(redemption(&other, "app")).await;
    for _ in 0..2 {
        assert_eq!(stage.redeem(redemption(&code, "app")).await, Redeemed::Reused);
        assert_eq!(stage.holder(code.grant()).await, None);
    }
    assert!(stage.holder(other.grant()).await.is_some(), "other grants of the client go on");
    assert_eq!(stage.count(held.account, AuditKind::ClientTokensEnded).await, 1);
}

pub(crate) async fn of_fifty_at_once_one_gets_tokens_and_those_end(stage: GrantsStage) {
    let held = stage.session(1).await;
    let code = stage.code(held, "app", "openid").await;
    let redemptions = (0..50).map(|_| {
        let (stage, redemption) = (stage.clone(), redemption(&code, "app"));
        async move { stage.redeem(redemption).await }
    });
    let redeemed = all_at_once(redemptions).await;
    let done = redeemed.iter().filter(|answer| matches!(answer, Redeemed::Done(_))).count();
    let reused = redeemed.iter().filter(|answer| **answer == Redeemed::Reused).count();
    assert_eq!((done, reused), (1, 49));
    assert_eq!(stage.holder(code.grant()).await, None);
}

pub(crate) async fn a_code_is_good_for_a_minute(stage: GrantsStage) {
    let held = stage.session(1).await;
    let (late, just) = (stage.code(held, "app", "openid").await, stage.code(held, "app", "openid").await);
    let at_second = |code, secs| CodeRedemption { at: at(secs), ..redemption(code, "app") };
    assert_eq!(stage.redeem(at_second(&late, 70)).await, Redeemed::Refused);
    stage.redeemed(at_second(&just, 69)).await;
}

pub(crate) async fn a_code_is_of_one_client_one_address_and_one_secret(stage: GrantsStage) {
    let held = stage.session(1).await;
    let mut new = new_grant(held, "app", "openid");
    new.grant.challenge = CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let verifier = CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let wrong = CodeVerifier::parse(&"a".repeat(43));
    assert_eq!(stage.grants.make_grant(new.clone()).await, Ok(true));
    let right = CodeRedemption { verifier: verifier.clone(), ..redemption(&code_of(&new), "app") };
    for refused in [
        CodeRedemption { client: client("other"), ..right.clone() },
        CodeRedemption { redirect_uri: None, ..right.clone() },
        CodeRedemption { redirect_uri: Some("https://app.example.test/cb2".to_owned()), ..right.clone() },
        CodeRedemption { verifier: None, ..right.clone() },
        CodeRedemption { verifier: wrong, ..right.clone() },
        CodeRedemption { code: stage.code(held, "app", "openid").await.hash(), ..right.clone() },
    ] {
        // The codes of these cases differ by their grants.
        assert_eq!(stage.redeem(refused.clone()).await, Redeemed::Refused, "{refused:?}");
    }
    stage.redeemed(right).await;
    let without = stage.code(held, "app", "openid").await;
    let with_secret = CodeRedemption { verifier, ..redemption(&without, "app") };
    assert_eq!(stage.redeem(with_secret).await, Redeemed::Refused, "its challenge was lost on the way");
}

pub(crate) async fn a_stolen_code_alone_ends_nothing(stage: GrantsStage) {
    let held = stage.session(1).await;
    let code = stage.code(held, "app", "openid").await;
    stage.redeemed(redemption(&code, "app")).await;
    assert_eq!(stage.redeem(redemption(&code, "other")).await, Redeemed::Refused);
    assert!(stage.holder(code.grant()).await.is_some());
}

pub(crate) async fn only_offline_access_has_a_refresh_token(stage: GrantsStage) {
    let held = stage.session(1).await;
    for (scopes, has) in [("openid profile", false), ("openid offline_access", true)] {
        let code = stage.code(held, "app", scopes).await;
        let holder = stage.redeemed(redemption(&code, "app")).await;
        assert_eq!(holder.refresh.map(|state| state.generation), has.then_some(1), "{scopes}");
    }
}

pub(crate) async fn a_session_that_has_ended_or_grown_old_grants_nothing(stage: GrantsStage) {
    let (anna, bert) = (stage.session(1).await, stage.session(2).await);
    let (code, old) = (stage.code(anna, "app", "openid").await, stage.code(bert, "app", "openid").await);
    stage.sessions.end(anna.account, anna.session, at(11)).await.expect(WORKS);
    assert_eq!(stage.redeem(redemption(&code, "app")).await, Redeemed::Refused);
    assert_eq!(stage.grants.make_grant(new_grant(anna, "app", "openid")).await, Ok(false));
    let lives = std::time::Duration::from_secs(8);
    let too_old = CodeRedemption { lives, ..redemption(&old, "app") };
    assert_eq!(stage.redeem(too_old).await, Redeemed::Refused, "made at 3, and now it is 11");
    stage.accounts.set_disabled(bert.account, true).await.expect(WORKS);
    assert_eq!(
        stage.redeem(CodeRedemption { lives: LIVES, ..redemption(&old, "app") }).await,
        Redeemed::Refused
    );
    assert_eq!(stage.grants.make_grant(new_grant(bert, "app", "openid")).await, Ok(false));
}

pub(crate) async fn what_a_person_agreed_to_is_kept_and_grows(stage: GrantsStage) {
    let (anna, bert) = (stage.session(1).await, stage.session(2).await);
    let consent = async |held: super::Held, id| stage.grants.consent(held.account, &client(id)).await;
    stage.code(anna, "app", "openid phone").await;
    assert_eq!(consent(anna, "app").await, Ok(Scopes::NONE), "the site's own clients do not ask");
    for (scopes, then) in [("openid", "openid"), ("openid phone", "openid phone"), ("openid", "openid phone")]
    {
        let new = NewGrant { consented: true, ..new_grant(anna, "app", scopes) };
        assert_eq!(stage.grants.make_grant(new).await, Ok(true));
        assert_eq!(consent(anna, "app").await, Ok(Scopes::parse(then)));
    }
    assert_eq!(consent(anna, "other").await, Ok(Scopes::NONE));
    assert_eq!(consent(bert, "app").await, Ok(Scopes::NONE));
}
