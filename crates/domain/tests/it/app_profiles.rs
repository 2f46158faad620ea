//! What WeChat apps know of persons, read anew once a day.

use saoma_domain::{
    account::AccountId,
    ports::Accounts,
    time::Timestamp,
    wechat::{AppProfile, AuthorizedUser, Follower, Profile, RefreshToken},
};

use crate::{
    channels::user,
    world::{PHONE, World, app, browser, openid, secs},
};

const DAY: u64 = 86_400;

fn following(scene: &str) -> Follower {
    let profile = AppProfile {
        subscribed_at: Some(Timestamp::from_secs(1_700_000_000)),
        scene: Some(scene.to_owned()),
        tags: vec![2, 128],
        ..AppProfile::default()
    };
    Follower { subscribed: true, unionid: None, profile }
}

async fn known(world: &World, account: AccountId) -> Vec<AppProfile> {
    world.background.read_profiles().await.unwrap();
    let profiles = world.services.profiles.of_account(account).await.unwrap();
    profiles.into_iter().map(|(_, profile)| profile).collect()
}

#[tokio::test]
async fn a_followers_profile_is_read_once_a_day_for_who_logs_in() {
    let world = World::new();
    world.wechat.know(&app("main"), openid("oAnna"), following("ADD_SCENE_QR_CODE"));
    let account = world.session("oAnna", PHONE).await.account.id;
    assert_eq!(known(&world, account).await, [following("ADD_SCENE_QR_CODE").profile]);

    world.wechat.know(&app("main"), openid("oAnna"), following("ADD_SCENE_SEARCH"));
    world.pass(secs(60));
    world.another_session("oAnna").await;
    assert_eq!(known(&world, account).await, [following("ADD_SCENE_QR_CODE").profile], "not twice a day");
    world.pass(secs(DAY));
    world.another_session("oAnna").await;
    assert_eq!(known(&world, account).await, [following("ADD_SCENE_SEARCH").profile]);
}

#[tokio::test]
async fn who_does_not_follow_any_more_is_not_asked_about() {
    let world = World::new();
    world.wechat.know(&app("main"), openid("oAnna"), following("ADD_SCENE_QR_CODE"));
    let account = world.session("oAnna", PHONE).await.account.id;
    known(&world, account).await;
    world.wechat.know(&app("main"), openid("oAnna"), Follower::default());
    world.pass(secs(DAY));
    world.another_session("oAnna").await;
    let kept = known(&world, account).await;
    assert_eq!(kept, [following("ADD_SCENE_QR_CODE").profile], "an answer that says nothing erases nothing");
}

/// Returns Anna as WeChat shows her, with a token to ask again.
fn anna(city: &str, token: Option<&str>) -> AuthorizedUser {
    AuthorizedUser {
        profile: Profile { nickname: Some(format!("Anna of {city}")), avatar_url: None },
        details: AppProfile { city: Some(city.to_owned()), sex: Some(2), ..AppProfile::default() },
        refresh_token: token.map(|text| RefreshToken::new(text.to_owned())),
        ..user("wAnna")
    }
}

#[tokio::test]
async fn who_authorized_a_website_is_asked_about_for_thirty_days() {
    let world = World::new();
    let (auth, _) = world.by_site(anna("Berlin", Some("r1"))).await;
    let login = world.bind(&auth, PHONE).await.unwrap();
    let session = world.services.session_issuer.issue(&auth, &login, browser()).await.unwrap();
    let account = session.account.id;
    let cities =
        async |world: &World| known(world, account).await.into_iter().find_map(|profile| profile.city);
    assert_eq!(cities(&world).await.as_deref(), Some("Berlin"));

    // The account is seen by another way in: nothing new comes from the website by itself.
    let by_phone = async || {
        let started = world.start().await;
        world.scan(&started, "oAnna").await;
        let login = match world.services.waiting.look(&started.auth).await.unwrap() {
            login if login.state.is_final() => login,
            _ => world.bind(&started.auth, PHONE).await.unwrap(),
        };
        world.services.session_issuer.issue(&started.auth, &login, browser()).await.unwrap();
    };
    world.oauth.give_refresh_token(&app("site"), "r1", anna("Paris", None));
    world.pass(secs(DAY));
    by_phone().await;
    assert_eq!(cities(&world).await.as_deref(), Some("Paris"));
    let people = world.database.identities(account).await.unwrap();
    let person = people.iter().find(|person| person.app == app("site")).unwrap();
    assert_eq!(person.profile.nickname.as_deref(), Some("Anna of Paris"));

    world.oauth.give_refresh_token(&app("site"), "r1", anna("Rome", None));
    world.pass(secs(30 * DAY));
    by_phone().await;
    assert_eq!(cities(&world).await.as_deref(), Some("Paris"), "WeChat does not take the token any more");
}
