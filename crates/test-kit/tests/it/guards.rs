//! The guards of an application's own routes.

use std::time::Duration;

use actix_web::{FromRequest, HttpMessage, middleware::from_fn, test::TestRequest, web};
use saoma_test_kit::{
    TestApp, TestWorld,
    saoma_api::{
        domain::wechat::AppName,
        guard::{Denied, LoggedIn, Requirement, required_with},
    },
};

async fn who(person: LoggedIn) -> String {
    let main = AppName::parse("main").unwrap();
    format!("{} {:?} {}", person.identities().len(), person.openid(&main), person.expires_at.as_secs())
}

async fn bank(world: &TestWorld) -> TestApp {
    let saoma = world.saoma();
    let recent = Requirement::new().login_within(Duration::from_secs(600));
    let members = Requirement::new().check(|person| {
        let is_member = person.account.phone.as_ref().is_some_and(|phone| phone.e164().ends_with("8000"));
        is_member.then_some(()).ok_or_else(|| Denied("members only".to_owned()))
    });
    world
        .app(|config| {
            saoma.for_guards()(config);
            config
                .route("/who", web::get().to(who))
                .service(web::resource("/pay").wrap(from_fn(required_with(recent))).get(who))
                .service(web::resource("/club").wrap(from_fn(required_with(members))).get(who))
                .service(saoma.service());
        })
        .await
}

#[actix_web::test]
async fn a_handler_sees_the_identities_and_when_the_session_ends() {
    let world = TestWorld::new();
    let anna = world.person("anna", "13800138000");

    let app = bank(&world).await;
    let anna = anna.log_in(&app).await;
    let seen = anna.get("/who").await.text;
    assert!(seen.starts_with("1 Some(OpenId(") && seen.contains("oanna"), "{seen}");
}

#[actix_web::test]
async fn a_login_that_is_too_old_for_a_route_is_repeated() {
    let world = TestWorld::new();
    let app = bank(&world).await;
    let anna = world.person("anna", "13800138000").log_in(&app).await;
    assert_eq!(anna.get("/pay").await.status, 200);
    world.pass(Duration::from_secs(601));
    let refused = anna.get("/pay").await;
    assert_eq!((refused.status, &refused.json()["code"]), (401, &"login_too_old".into()));
    assert_eq!(anna.visit("/pay").await.header("location"), Some("/login?return_to=%2Fpay"));
    assert_eq!(anna.get("/who").await.status, 200, "the session goes on");
}

#[actix_web::test]
async fn who_may_not_pass_is_told_why() {
    let world = TestWorld::new();
    let app = bank(&world).await;
    let anna = world.person("anna", "13800138000").log_in(&app).await;
    assert_eq!(anna.get("/club").await.status, 200);
    let ben = world.person("ben", "13900139000").log_in(&app).await;
    let refused = ben.get("/club").await;
    assert_eq!((refused.status, &refused.json()["code"]), (403, &"forbidden".into()));
    assert_eq!(refused.json()["detail"], "members only");
    assert_eq!(ben.visit("/club").await.status, 403, "to log in again would not help");
    assert_eq!(world.browser(&app).get("/club").await.status, 401);
}

#[actix_web::test]
async fn a_handler_can_be_called_with_a_person_of_the_tests() {
    let request = TestRequest::default().to_http_request();
    request.extensions_mut().insert(LoggedIn::for_tests("13800138000"));
    let person = LoggedIn::extract(&request).await.unwrap();
    assert!(who(person).await.starts_with("0 None"));
}
