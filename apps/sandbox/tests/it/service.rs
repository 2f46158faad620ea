//! A mini program on a phone that talks to the service behind it.

use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use saoma_sandbox::{Api, SandboxError};
use serde_json::{Value, json};

use super::support::Fixture;

/// One request: path, bearer token, body.
type Request = (String, Option<String>, Value);

/// A service that remembers its requests and has no accounts.
struct Service {
    requests: Arc<Mutex<Vec<Request>>>,
    url: String,
    server: ServerHandle,
}

impl Service {
    fn start() -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let data = web::Data::from(Arc::clone(&requests));
        let app = move || App::new().app_data(data.clone()).default_service(web::post().to(answer));
        let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { requests, url, server: handle }
    }

    fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

async fn answer(
    requests: web::Data<Mutex<Vec<Request>>>,
    request: HttpRequest,
    body: web::Json<Value>,
) -> HttpResponse {
    let bearer = request.headers().get("Authorization").map(|value| value.to_str().unwrap().to_owned());
    requests.lock().unwrap().push((request.path().to_owned(), bearer, body.into_inner()));
    if request.path() == "/v1/logins" {
        return HttpResponse::Created().json(json!({ "id": "a-login", "state": "unregistered" }));
    }
    HttpResponse::Ok().json(json!({ "state": "registered" }))
}

#[tokio::test]
async fn a_mini_program_brings_its_login_code_to_the_service() {
    let (Fixture { sandbox: _sandbox, caller, ming }, service) = (Fixture::new().await, Service::start());
    let answer = ming.open_mini_program("mini", &format!("{}/", service.url)).await.unwrap();
    assert_eq!((answer.status, &answer.body["state"]), (201, &json!("unregistered")));
    let (path, bearer, body) = service.requests().remove(0);
    assert_eq!((path.as_str(), bearer), ("/v1/logins", None));
    let code = body["code"].clone();
    let wanted = json!({ "channel": "mini_program", "client": "device", "app": "mini", "code": code });
    assert_eq!(body, wanted);
    assert_eq!(caller.mini_session(code.as_str().unwrap()).await["openid"], ming.openid("mini").unwrap());
}

#[tokio::test]
async fn the_phone_page_can_log_in_and_then_give_the_phone_number() {
    let (Fixture { sandbox: _sandbox, caller, ming }, service) = (Fixture::new().await, Service::start());
    let mut request = json!({ "app": "mini", "service_url": service.url });
    let login = caller.post_json("/sandbox/api/people/ming/mini-program/login", request.clone()).await;
    assert_eq!((&login["status"], &login["body"]["id"]), (&json!(201), &json!("a-login")));

    request["login"] = login["body"]["id"].clone();
    request["poll_token"] = json!("a-poll-token");
    let bound = caller.post_json("/sandbox/api/people/ming/mini-program/phone", request.clone()).await;
    assert_eq!(bound, json!({ "status": 200, "body": { "state": "registered" } }));
    let (path, bearer, body) = service.requests().remove(1);
    assert_eq!(path, "/v1/logins/a-login/wechat-phone");
    assert_eq!(bearer.as_deref(), Some("Bearer a-poll-token"));
    let token = caller.mini_token().await;
    let told =
        caller.post_json(&format!("/wxa/business/getuserphonenumber?access_token={token}"), body).await;
    assert_eq!(told["phone_info"]["purePhoneNumber"], ming.phone().strip_prefix("+86").unwrap());

    request["login"] = json!("../sessions");
    let other = caller.post_json("/sandbox/api/people/ming/mini-program/phone", request).await;
    assert_eq!(other["code"], "value_invalid");
    assert_eq!(service.requests().len(), 2);
}

#[tokio::test]
async fn a_service_that_is_not_there_is_told_in_words() {
    let Fixture { sandbox, caller, ming } = Fixture::new().await;
    let absent = ming.open_mini_program("mini", "http://127.0.0.1:1").await;
    assert!(matches!(absent, Err(SandboxError::Service("no connection"))), "{absent:?}");
    for url in ["ftp://127.0.0.1", "nonsense"] {
        let refused = ming.open_mini_program("mini", url).await;
        assert!(matches!(refused, Err(SandboxError::Config { key: "service_url", .. })), "{refused:?}");
    }
    let request = json!({ "app": "mini", "service_url": "http://127.0.0.1:1" });
    let told = caller.post_json("/sandbox/api/people/ming/mini-program/login", request).await;
    assert_eq!(told["code"], "service_unavailable");
    assert_eq!(sandbox.calls(Api::Jscode2session), 0);
}
