//! Requests that are sent exactly as a test says.

use std::{io::ErrorKind, sync::OnceLock};

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{Answer, Device, PATIENCE, Service};

/// Returns the one client of all requests: making one takes longer than a request does. It keeps no
/// connection, since every test has a runtime of its own.
pub(crate) fn client() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        builder.pool_max_idle_per_host(0).build().unwrap()
    })
}

/// Makes a request for a path of the public listener, or for a whole URL.
pub(super) fn request(service: &Service, method: Method, path: &str) -> RequestBuilder {
    let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", service.url) };
    client().request(method, url)
}

/// Makes a request of the device about its login.
pub(super) fn of(device: &Device, service: &Service, method: Method, below: &str) -> RequestBuilder {
    request(service, method, &format!("/v1/logins/{}{below}", device.id)).bearer_auth(&device.poll_token)
}

pub(super) async fn send(request: RequestBuilder) -> Answer {
    Answer::read(request.send().await.unwrap()).await
}

pub(crate) async fn get(service: &Service, path: &str) -> Answer {
    send(request(service, Method::GET, path)).await
}

/// Posts a text as JSON.
pub(crate) async fn post(service: &Service, path: &str, body: &str) -> Answer {
    let request = request(service, Method::POST, path).header("Content-Type", "application/json");
    send(request.body(body.to_owned())).await
}

/// Asks for a login and returns the answer.
pub(super) async fn start_login(service: &Service, body: Value) -> Answer {
    let mut all = json!({"channel": "official_account"});
    all.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    post(service, "/v1/logins", &all.to_string()).await
}

/// Returns the names of an object's fields in alphabetical order, separated by blanks.
pub(super) fn fields(object: &Value) -> String {
    let mut names: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names.join(" ")
}

/// Returns a problem without the one thing that differs from answer to answer.
pub(super) fn without_request_id(answer: &Answer) -> Value {
    let mut problem = answer.json.clone();
    problem.as_object_mut().unwrap().remove("request_id").expect("it has a request id");
    problem
}

/// Sends bytes as they are and returns whatever comes back until the service hangs up.
pub(super) async fn raw(service: &Service, bytes: &[u8]) -> String {
    let address = service.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A service that has heard enough may hang up before everything is sent.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let reading = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer));
    if let Err(error) = reading.await.expect("it answers and hangs up") {
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}");
    }
    String::from_utf8_lossy(&answer).into_owned()
}
