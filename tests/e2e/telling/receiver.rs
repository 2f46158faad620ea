//! A system of the site that hears events: it checks each signature, and can fail, be slow, or be gone.

use std::{
    collections::VecDeque,
    net::TcpListener,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    web::{Data, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hmac;
use serde_json::Value;
use tokio::task::JoinHandle;

pub(super) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What the receiver does with a call instead of taking it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Script {
    /// It answers with this status.
    Fail(u16),
    /// It takes the event, but only after this time.
    Late(Duration),
}

/// An event as it came.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) id: String,
    pub(super) body: Value,
}

impl Heard {
    pub(super) fn kind(&self) -> &str {
        self.body["type"].as_str().unwrap()
    }

    pub(super) fn account(&self) -> &str {
        self.body["data"]["account"]["id"].as_str().unwrap()
    }
}

#[derive(Default)]
struct State {
    calls: Mutex<Vec<Heard>>,
    taken: Mutex<Vec<Heard>>,
    script: Mutex<VecDeque<Script>>,
    /// What is done with every call once the script is over.
    always: Mutex<Option<Script>>,
}

/// A running receiver; it is gone when it is dropped.
pub(super) struct Receiver {
    pub(super) url: String,
    state: Arc<State>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Receiver {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let state = Arc::new(State::default());
        let url = format!("http://{}/hook?token=5ecret", listener.local_addr().unwrap());
        let data = Data::from(Arc::clone(&state));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route("/hook", post().to(called))
                .route("/gate", post().to(gate))
        });
        let server = tokio::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
        Self { url, state, server }
    }

    /// Says what happens to the next calls.
    pub(super) fn script(&self, scripts: impl IntoIterator<Item = Script>) {
        self.state.script.lock().unwrap().extend(scripts);
    }

    /// Says what happens to every call from now on.
    pub(super) fn always(&self, script: Option<Script>) {
        *self.state.always.lock().unwrap() = script;
    }

    /// Returns how often it was called.
    pub(super) fn calls(&self) -> usize {
        self.state.calls.lock().unwrap().len()
    }

    /// Returns what was taken, in order.
    pub(super) fn taken(&self) -> Vec<Heard> {
        self.state.taken.lock().unwrap().clone()
    }

    pub(super) fn kinds(&self) -> Vec<String> {
        self.taken().iter().map(|heard| heard.kind().to_owned()).collect()
    }

    /// Returns where its gate is.
    pub(super) fn gate_url(&self) -> String {
        self.url.replace("/hook?token=5ecret", "/gate")
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn called(state: Data<State>, request: HttpRequest, body: String) -> HttpResponse {
    let Some(id) = verified(&request, &body) else {
        return HttpResponse::Unauthorized().body("the signature is wrong");
    };
    let heard = Heard { id, body: serde_json::from_str(&body).unwrap() };
    state.calls.lock().unwrap().push(heard.clone());
    let script = state.script.lock().unwrap().pop_front().or(*state.always.lock().unwrap());
    match script {
        Some(Script::Fail(status)) => {
            let location = ("location", "/hook?token=5ecret");
            return HttpResponse::build(status.try_into().unwrap()).insert_header(location).finish();
        }
        Some(Script::Late(pause)) => tokio::time::sleep(pause).await,
        None => {}
    }
    state.taken.lock().unwrap().push(heard);
    HttpResponse::NoContent().finish()
}

/// Checks the signature as Standard Webhooks says, and returns the id of the message.
fn verified(request: &HttpRequest, body: &str) -> Option<String> {
    let header = |name: &str| request.headers().get(name)?.to_str().ok();
    let (id, timestamp) = (header("webhook-id")?, header("webhook-timestamp")?);
    let tag = STANDARD.decode(header("webhook-signature")?.strip_prefix("v1,")?).ok()?;
    let key = STANDARD.decode(SECRET.strip_prefix("whsec_")?).ok()?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    hmac::verify(&key, format!("{id}.{timestamp}.{body}").as_bytes(), &tag).ok()?;
    Some(id.to_owned())
}

/// Refuses, in these words, whom the script says to fail; admits every other person.
async fn gate(state: Data<State>, body: String) -> HttpResponse {
    let heard = Heard { id: String::new(), body: serde_json::from_str(&body).unwrap() };
    state.calls.lock().unwrap().push(heard);
    let script = *state.always.lock().unwrap();
    match script {
        Some(Script::Fail(403)) => HttpResponse::Ok().json(serde_json::json!({
            "admit": false, "code": "not_a_member", "page": "Members only.", "chat": "仅限会员。"
        })),
        Some(Script::Fail(status)) => HttpResponse::build(status.try_into().unwrap()).finish(),
        Some(Script::Late(pause)) => {
            tokio::time::sleep(pause).await;
            HttpResponse::Ok().json(serde_json::json!({ "admit": true }))
        }
        None => HttpResponse::Ok().json(serde_json::json!({ "admit": true })),
    }
}
