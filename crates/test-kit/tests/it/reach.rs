//! What an embedder reaches of the running service.

use std::time::Duration;

use actix_web::web::ServiceConfig;
use saoma_test_kit::{TestApp, TestWorld};

async fn login_service(world: &TestWorld) -> TestApp {
    let saoma = world.saoma();
    let routes = |config: &mut ServiceConfig| saoma.configure(config);
    world.app(routes).await
}

#[actix_web::test]
async fn a_session_is_checked_and_ended_without_a_request() {
    let world = TestWorld::new();
    let app = login_service(&world).await;
    let sessions = world.saoma().sessions();
    let anna = world.person("anna", "13800138000");
    let browser = anna.log_in(&app).await;
    let token = browser.session_token().unwrap();
    let person = sessions.check(&token).await.unwrap().unwrap();
    assert_eq!(person.identities().len(), 1);
    assert!(sessions.check("made up").await.unwrap().is_none());
    sessions.end(&token).await.unwrap();
    sessions.end("made up").await.unwrap();
    assert_eq!(browser.get("/v1/session").await.status, 401);

    let token = anna.log_in(&app).await.session_token().unwrap();
    world.pass(Duration::from_secs(31 * 60));
    assert!(sessions.check(&token).await.unwrap().is_none(), "its time is over");
}
