//! The service in an application: where, with which parts, beside which other routes.

use actix_web::web::{self, ServiceConfig};
use saoma_test_kit::{TestApp, TestWorld, saoma_api::config::Part};
use serde_json::json;

/// An application with a page of its own, and its own answer for every other path.
async fn application(world: &TestWorld) -> TestApp {
    let saoma = world.saoma();
    let routes = |config: &mut ServiceConfig| {
        // First, so that nothing depends on the order.
        saoma.configure(config);
        config
            .route("/", web::get().to(|| async { "our page" }))
            .route("/v1/orders", web::get().to(|| async { "our orders" }))
            .default_service(web::to(|| async { "our 404" }));
    };
    world.app(routes).await
}

#[actix_web::test]
async fn all_other_paths_stay_the_applications_own() {
    let world = TestWorld::new();
    let app = application(&world).await;
    let browser = world.browser(&app);
    for (path, text) in
        [("/", "our page"), ("/v1/orders", "our orders"), ("/v1/nowhere", "our 404"), ("/x", "our 404")]
    {
        assert_eq!(browser.get(path).await.text, text, "{path}");
    }
    for path in [
        "/v1/session",
        "/v1/sessions",
        "/v1/logins/x",
        "/v1/logins/x/events",
        "/v1/oauth/authorize?channel=website",
        "/wechat/main/callback",
        "/wechat/main/callback/",
        "/login",
        "/saoma.js",
        "/saoma-0123456789abcdef/saoma.js",
        "/assets/login.css",
        "/healthz",
        "/readyz",
        "/openapi.json",
    ] {
        assert_ne!(browser.get(path).await.text, "our 404", "{path}");
    }
    let anna = world.person("anna", "13800138000").log_in(&app).await;
    assert_eq!(anna.get("/v1/session").await.status, 200);
}

#[actix_web::test]
async fn below_a_path_everything_follows() {
    let world = TestWorld::builder().config(|config| config.mount("/auth")).build();
    let app = application(&world).await;
    let browser = world.browser(&app);
    let started = browser.post("/auth/v1/logins", json!({"channel": "website"})).await;
    let cookies: Vec<_> = started.headers.iter().filter(|(name, _)| name == "set-cookie").collect();
    assert!(cookies.iter().any(|(_, cookie)| cookie.contains("Path=/auth/v1/logins/")), "{cookies:?}");
    assert_eq!(started.json()["wx_login"]["redirect_uri"], "http://shop.test/auth/v1/oauth/callback");
    let page = browser.visit("/auth/login").await.text;
    assert!(page.contains("\"/auth/assets/login.css\"") && page.contains("\"/auth/saoma-"), "{page}");
    assert!(!page.contains("\"/assets/") && !page.contains("\"/saoma"), "{page}");
    assert_eq!(browser.visit("/auth/").await.header("location"), Some("/auth/login"));
    assert_eq!(browser.get("/auth/openapi.json").await.json()["servers"][0]["url"], "/auth");
    assert_eq!(browser.get("/auth/healthz").await.text, "ok");
    assert_eq!(browser.get("/healthz").await.text, "our 404");
    assert_eq!(browser.get("/v1/session").await.text, "our 404");
    assert_eq!(browser.get("/auth/v1/session").await.header("cache-control"), Some("no-store"));

    let anna = world.person("anna", "13800138000").log_in(&app).await;
    assert_eq!(anna.get("/auth/v1/session").await.status, 200);
}

#[actix_web::test]
async fn who_is_not_logged_in_is_sent_to_the_page_below_the_path() {
    let world = TestWorld::builder().config(|config| config.mount("/auth")).build();
    let saoma = world.saoma();
    let routes = |config: &mut ServiceConfig| {
        saoma.configure(config);
        let guard = actix_web::middleware::from_fn(saoma_test_kit::saoma_api::guard::required);
        config.service(web::resource("/orders").wrap(guard).get(|| async { "orders" }));
    };
    let app = world.app(routes).await;
    let sent = world.browser(&app).visit("/orders").await;
    assert_eq!(sent.header("location"), Some("/auth/login?return_to=%2Forders"));
}

#[actix_web::test]
async fn parts_can_be_left_out() {
    let without = |part| TestWorld::builder().config(|config| config.without(part)).build();
    for (part, paths) in [
        (Part::Page, &["/login", "/assets/login.css"][..]),
        (Part::Docs, &["/openapi.json", "/docs", "/docs/"]),
        (Part::Health, &["/healthz", "/readyz"]),
    ] {
        let world = without(part);
        let app = application(&world).await;
        for path in paths {
            assert_eq!(world.browser(&app).get(path).await.text, "our 404", "{part:?} {path}");
        }
        assert_eq!(world.browser(&app).get("/saoma.js").await.status, 200);
        let saoma = world.saoma();
        let routes = |config: &mut ServiceConfig| {
            config.service(saoma.service());
        };
        let alone = world.app(routes).await;
        for path in paths {
            assert_eq!(world.browser(&alone).get(path).await.status, 404, "{part:?} {path}");
        }
    }
}

#[actix_web::test]
async fn the_counters_go_into_the_applications_registry() {
    let world = TestWorld::new();
    let app = application(&world).await;
    world.person("anna", "13800138000").log_in(&app).await;
    let mut registry = prometheus_client::registry::Registry::default();
    world.saoma().register_metrics_into(&mut registry);
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
    let started =
        r#"saoma_login_steps_total{step="started",channel="official_account",app="main",purpose="web"} 1"#;
    assert!(text.contains(started), "{text}");
}
