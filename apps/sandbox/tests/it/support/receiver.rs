//! A service behind an account: opens events with the real codec and answers as scripted.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpMessage as _, HttpRequest, HttpResponse, HttpServer, web};
use saoma_domain::time::Timestamp;
use saoma_sandbox::OfficialAccount;
use saoma_wechat::callback::{
    CallbackCodec, CallbackFormat, CallbackQuery, CallbackRefused, Opened, Reply, ReplyText, VerifiedMessage,
};

use super::START;

/// One answer of the service.
#[derive(Clone, Debug)]
pub(crate) enum ScriptedAnswer {
    Success,
    /// A text in the form in which the message came.
    Text(&'static str),
    Raw(&'static str),
    Status(u16),
    Redirect,
    Never,
}

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct SeenRequest {
    pub(crate) query: CallbackQuery,
    pub(crate) body: String,
    pub(crate) message: Result<VerifiedMessage, CallbackRefused>,
}

#[derive(Debug)]
struct Service {
    codec: CallbackCodec,
    script: Mutex<VecDeque<ScriptedAnswer>>,
    seen: Mutex<Vec<SeenRequest>>,
}

#[derive(Debug)]
pub(crate) struct Receiver {
    service: Arc<Service>,
    port: u16,
    server: ServerHandle,
}

impl Receiver {
    /// Starts a service that has the same settings as the account.
    pub(crate) fn start(account: &OfficialAccount) -> Self {
        let codec = CallbackCodec::new(&account.callback_config()).unwrap();
        let service = Arc::new(Service { codec, script: Mutex::default(), seen: Mutex::default() });
        let data = web::Data::from(Arc::clone(&service));
        let app = move || {
            App::new()
                .app_data(data.clone())
                .route("/callback", web::post().to(take))
                .route("/callback", web::get().to(echo))
        };
        let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let port = server.addrs()[0].port();
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { service, port, server: handle }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/callback", self.port)
    }

    /// Says how the next requests are answered; after that it is `success`.
    pub(crate) fn will_answer(&self, answers: impl IntoIterator<Item = ScriptedAnswer>) {
        self.service.script.lock().unwrap().extend(answers);
    }

    pub(crate) fn seen(&self) -> Vec<SeenRequest> {
        self.service.seen.lock().unwrap().clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

fn now() -> Timestamp {
    Timestamp::from_secs(START)
}

async fn echo(service: web::Data<Service>, query: web::Query<CallbackQuery>) -> HttpResponse {
    match service.codec.echo(&query, now()) {
        Ok(text) => HttpResponse::Ok().body(text.to_owned()),
        Err(_) => HttpResponse::Forbidden().finish(),
    }
}

async fn take(
    service: web::Data<Service>,
    query: web::Query<CallbackQuery>,
    request: HttpRequest,
    body: String,
) -> HttpResponse {
    let is_json = request.content_type() == "application/json";
    let format = if is_json { CallbackFormat::Json } else { CallbackFormat::Xml };
    let opened = service.codec.open(&query, format, body.as_bytes(), now());
    let message = opened.map(|opened| match opened {
        Opened::Message(message) => message,
        Opened::Unreadable => panic!("the sandbox sends what can be read"),
    });
    let seen = SeenRequest { query: query.into_inner(), body, message: message.clone() };
    service.seen.lock().unwrap().push(seen);
    let Ok(message) = message else {
        return HttpResponse::Forbidden().finish();
    };
    let answer = service.script.lock().unwrap().pop_front().unwrap_or(ScriptedAnswer::Success);
    match answer {
        ScriptedAnswer::Success => HttpResponse::Ok().body("success"),
        ScriptedAnswer::Text(text) => {
            let reply = Reply::Text(ReplyText::new(text).unwrap());
            HttpResponse::Ok().body(service.codec.answer(&message, &reply, now(), &[9; 16]))
        }
        ScriptedAnswer::Raw(text) => HttpResponse::Ok().body(text),
        ScriptedAnswer::Status(status) => HttpResponse::build(status.try_into().unwrap()).finish(),
        ScriptedAnswer::Redirect => HttpResponse::Found().insert_header(("Location", "/callback")).finish(),
        ScriptedAnswer::Never => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            HttpResponse::Ok().finish()
        }
    }
}
