//! A mini program on a phone that talks to the service behind it.

use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use saoma_sandbox::{Api, Sandbox, SandboxError};
use serde_json::{Value, json};

use super::support::{Caller, sandbox_with_every_door};

/// What came in: path, bearer token, body.
type Asked = (String, Option<String>, Value);

/// A service that remembers what it is asked and knows nobody.
struct Service {
    asked: Arc<Mutex<Vec<Asked>>>,
    url: String,
    server: ServerHandle,
}

impl Service {
    fn start() -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let data = web::Data::from(Arc::clone(&asked));
        let app = move || App::new().app_data(data.clone()).default_service(web::post().to(answer));
        let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { asked, url, server: handle }
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

async fn answer(
    asked: web::Data<Mutex<Vec<Asked>>>,
    request: HttpRequest,
    body: web::Json<Value>,
) -> HttpResponse {
    let bearer = request.headers().get("Authorization").map(|value| value.to_str().unwrap().to_owned());
    asked.lock().unwrap().push((request.path().to_owned(), bearer, body.into_inner()));
    if request.path() == "/v1/logins" {
        return HttpResponse::Created().json(json!({ "id": "a-login", "state": "unregistered" }));
    }
    HttpResponse::Ok().json(json!({ "state": "registered" }))
}

async fn exchange(sandbox: &Sandbox, code: &Value) -> Value {
    let path = format!(
        "/sns/jscode2session?appid=wx3d5f7a9b1c2e4d60&secret=9f8e7d6c5b4a39281706f5e4d3c2b1a0&\
         grant_type=authorization_code&js_code={}",
        code.as_str().unwrap()
    );
    Caller::new(sandbox).get_json(&path).await
}

#[tokio::test]
async fn a_mini_program_brings_its_login_code_to_the_service() {
    let (sandbox, service) = (sandbox_with_every_door().await, Service::start());
    let ming = sandbox.person("ming").unwrap();
    let answer = ming.open_mini_program("mini", &format!("{}/", service.url)).await.unwrap();
    assert_eq!((answer.status, &answer.body["state"]), (201, &json!("unregistered")));
    let (path, bearer, body) = service.asked().remove(0);
    assert_eq!((path.as_str(), bearer), ("/v1/logins", None));
    let code = body["code"].clone();
    let wanted = json!({ "channel": "mini_program", "client": "device", "app": "mini", "code": code });
    assert_eq!(body, wanted);
    assert_eq!(exchange(&sandbox, &code).await["openid"], ming.openid("mini").unwrap());
}

#[tokio::test]
async fn the_phone_page_can_log_in_and_then_give_the_phone_number() {
    let (sandbox, service) = (sandbox_with_every_door().await, Service::start());
    let (caller, ming) = (Caller::new(&sandbox), sandbox.person("ming").unwrap());
    let mut request = json!({ "app": "mini", "service_url": service.url });
    let login = caller.post_json("/sandbox/api/people/ming/mini-program/login", request.clone()).await;
    assert_eq!((&login["status"], &login["body"]["id"]), (&json!(201), &json!("a-login")));

    request["login"] = login["body"]["id"].clone();
    request["poll_token"] = json!("a-poll-token");
    let bound = caller.post_json("/sandbox/api/people/ming/mini-program/phone", request.clone()).await;
    assert_eq!(bound, json!({ "status": 200, "body": { "state": "registered" } }));
    let (path, bearer, body) = service.asked().remove(1);
    assert_eq!(path, "/v1/logins/a-login/wechat-phone");
    assert_eq!(bearer.as_deref(), Some("Bearer a-poll-token"));
    let token = caller.mini_token().await;
    let told =
        caller.post_json(&format!("/wxa/business/getuserphonenumber?access_token={token}"), body).await;
    assert_eq!(told["phone_info"]["purePhoneNumber"], ming.phone().strip_prefix("+86").unwrap());

    request["login"] = json!("../sessions");
    let other = caller.post_json("/sandbox/api/people/ming/mini-program/phone", request).await;
    assert_eq!(other["code"], "value_invalid");
    assert_eq!(service.asked().len(), 2);
}

#[tokio::test]
async fn a_service_that_is_not_there_is_told_in_words() {
    let sandbox = sandbox_with_every_door().await;
    let ming = sandbox.person("ming").unwrap();
    let nobody = ming.open_mini_program("mini", "http://127.0.0.1:1").await;
    assert!(matches!(nobody, Err(SandboxError::Service("no connection"))), "{nobody:?}");
    for url in ["ftp://127.0.0.1", "nonsense"] {
        let refused = ming.open_mini_program("mini", url).await;
        assert!(matches!(refused, Err(SandboxError::Config { key: "service_url", .. })), "{refused:?}");
    }
    let request = json!({ "app": "mini", "service_url": "http://127.0.0.1:1" });
    let told = Caller::new(&sandbox).post_json("/sandbox/api/people/ming/mini-program/login", request).await;
    assert_eq!(told["code"], "service_unavailable");
    assert_eq!(sandbox.calls(Api::Jscode2session), 0);
}
