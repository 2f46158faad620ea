//! What WeChat apps know of persons.

use std::time::Duration;

use saoma_domain::{
    account::{AccountId, IdentityId},
    ports::{DueProfile, FollowChange, ProfileClaim, ProfileNews, Revocation, SealedRefreshToken},
    rules::PROFILE_READ_EVERY,
    time::Timestamp,
    wechat::AppProfile,
};

use super::DatabaseStage;
use crate::{
    all_at_once, patiently,
    values::{app, at, openid},
};

const WORKS: &str = "the store works";

fn told() -> AppProfile {
    AppProfile {
        subscribed_at: Some(at(0)),
        scene: Some("ADD_SCENE_QR_CODE".to_owned()),
        remark: Some("大客户".to_owned()),
        tags: vec![2, 128],
        language: Some("zh_CN".to_owned()),
        ..AppProfile::default()
    }
}

fn news(identity: IdentityId) -> ProfileNews {
    ProfileNews {
        identity,
        follower: None,
        authorization: None,
        nickname: None,
        avatar_url: None,
        refresh_token: None,
        refreshed_at: None,
    }
}

async fn claim(stage: &DatabaseStage, account: AccountId, at: Timestamp) -> Vec<DueProfile> {
    let claim = ProfileClaim { account, followers_of: vec![app("main")], at };
    patiently(|| stage.profiles.claim_profiles(claim.clone())).await
}

async fn keep(stage: &DatabaseStage, news: ProfileNews) -> Option<AccountId> {
    stage.profiles.keep_profile(news).await.expect(WORKS)
}

async fn known(stage: &DatabaseStage, account: AccountId) -> Vec<(IdentityId, AppProfile)> {
    stage.profiles.app_profiles(account).await.expect(WORKS)
}

pub(crate) async fn a_profile_is_due_once_a_day(stage: DatabaseStage) {
    let (account, identity) = stage.anna().await;
    let claims = (0..8).map(|_| {
        let stage = stage.clone();
        async move { claim(&stage, account, at(10)).await }
    });
    let due = all_at_once(claims).await;
    let due: Vec<_> = due.into_iter().flatten().collect();
    assert_eq!(due.len(), 1, "of any number of nodes one asks");
    assert_eq!((due[0].identity.id, due[0].follows), (identity, true));
    let next = at(10).plus(PROFILE_READ_EVERY);
    assert_eq!(claim(&stage, account, next.minus(Duration::from_millis(1))).await, []);
    assert_eq!(claim(&stage, account, next).await.len(), 1);
}

pub(crate) async fn only_of_followers_and_of_who_authorized_an_app_something_is_asked(stage: DatabaseStage) {
    let (account, identity) = stage.anna().await;
    let of_others = ProfileClaim { account, followers_of: vec![app("shop")], at: at(10) };
    assert_eq!(stage.profiles.claim_profiles(of_others).await.expect(WORKS), []);
    let left = FollowChange { app: app("main"), openid: openid("oAnna"), subscribed: false, at: at(11) };
    stage.accounts.record_follow(left).await.expect(WORKS);
    assert_eq!(claim(&stage, account, at(12)).await, []);
    let refresh_token = Some(SealedRefreshToken { sealed: vec![1], until: at(99) });
    keep(&stage, ProfileNews { refresh_token: refresh_token.clone(), ..news(identity) }).await;
    let due = claim(&stage, account, at(13)).await.pop().expect("it is due");
    assert_eq!((due.follows, due.refresh_token), (false, refresh_token));
}

pub(crate) async fn what_wechat_tells_is_kept_part_by_part(stage: DatabaseStage) {
    let (account, identity) = stage.anna().await;
    assert_eq!(known(&stage, account).await, []);
    assert_eq!(keep(&stage, ProfileNews { follower: Some(told()), ..news(identity) }).await, None);
    let authorized = AppProfile {
        sex: Some(2),
        province: Some("广东".to_owned()),
        city: Some("深圳".to_owned()),
        country: Some("中国".to_owned()),
        ..AppProfile::default()
    };
    let next_day = at(5).plus(PROFILE_READ_EVERY);
    let token = SealedRefreshToken { sealed: vec![0, 1, 255], until: next_day };
    let named = ProfileNews {
        authorization: Some(authorized.clone()),
        nickname: Some("安娜".to_owned()),
        avatar_url: Some("https://a.test/1".to_owned()),
        refresh_token: Some(token.clone()),
        refreshed_at: Some(at(5)),
        ..news(identity)
    };
    assert_eq!(keep(&stage, named.clone()).await, Some(account), "whose name changed");
    assert_eq!(keep(&stage, named).await, None);
    let AppProfile { sex, province, city, country, .. } = authorized;
    let whole = AppProfile { sex, province, city, country, ..told() };
    assert_eq!(known(&stage, account).await, [(identity, whole)]);
    let found = stage.identity(identity).await.expect("it is there");
    let profile = found.profile;
    assert_eq!(profile.nickname.as_deref(), Some("安娜"));
    assert_eq!(profile.avatar_url.as_deref(), Some("https://a.test/1"));

    assert_eq!(claim(&stage, account, at(6)).await, [], "it was read a second ago");
    let due = claim(&stage, account, next_day).await;
    assert_eq!(due[0].refresh_token, None, "WeChat takes it no more");
    keep(&stage, ProfileNews { follower: Some(AppProfile::default()), ..news(identity) }).await;
    let left = known(&stage, account).await.pop().expect("it is there").1;
    assert_eq!(
        (left.scene, left.tags, left.sex),
        (None, vec![], Some(2)),
        "what is not told any more is gone"
    );
}

pub(crate) async fn a_profile_goes_with_what_was_allowed_and_with_its_identity(stage: DatabaseStage) {
    let (account, identity) = stage.anna().await;
    keep(&stage, ProfileNews { follower: Some(told()), ..news(identity) }).await;
    let revocation = Revocation { app: app("main"), openid: openid("oAnna"), profile_only: true, at: at(3) };
    stage.accounts.revoke_authorization(revocation.clone()).await.expect(WORKS);
    assert_eq!(known(&stage, account).await, []);

    keep(&stage, ProfileNews { follower: Some(told()), ..news(identity) }).await;
    stage.accounts.revoke_authorization(Revocation { profile_only: false, ..revocation }).await.expect(WORKS);
    keep(&stage, ProfileNews { follower: Some(told()), ..news(identity) }).await;
    stage.prune_all(at(10).plus(Duration::from_secs(3 * 86_400))).await;
    assert_eq!(stage.identity(identity).await, None);
    assert_eq!(keep(&stage, ProfileNews { follower: Some(told()), ..news(identity) }).await, None);
}
