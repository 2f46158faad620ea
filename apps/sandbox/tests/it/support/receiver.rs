//! A service behind an account: opens what it gets with the real codec and answers as scripted.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use saoma_domain::time::Timestamp;
use saoma_sandbox::OfficialAccount;
use saoma_wechat::callback::{
    CallbackCodec, CallbackConfig, CallbackMode, CallbackQuery, CallbackRefused, Reply, ReplyText,
    VerifiedMessage,
};

use super::START;

/// One answer of the service.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Success,
    /// A text in the form in which the message came.
    Text(&'static str),
    Raw(&'static str),
    Status(u16),
    Redirect,
    Never,
}

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) query: CallbackQuery,
    pub(crate) body: String,
    pub(crate) message: Result<VerifiedMessage, CallbackRefused>,
}

#[derive(Debug)]
struct Shared {
    codec: CallbackCodec,
    script: Mutex<VecDeque<Answer>>,
    seen: Mutex<Vec<Seen>>,
}

#[derive(Debug)]
pub(crate) struct Receiver {
    shared: Arc<Shared>,
    port: u16,
    server: ServerHandle,
}

impl Receiver {
    /// Starts a service that has the same settings as the account.
    pub(crate) fn start(account: &OfficialAccount) -> Self {
        let mode = match account.mode {
            saoma_sandbox::Mode::Plain => CallbackMode::Plain,
            saoma_sandbox::Mode::Compat => CallbackMode::Compat,
            saoma_sandbox::Mode::Secure => CallbackMode::Secure,
        };
        let config = CallbackConfig {
            app_id: account.app_id.clone(),
            token: account.token.clone(),
            encoding_aes_key: Some(account.encoding_aes_key.clone()),
            previous_encoding_aes_key: None,
            mode,
        };
        let codec = CallbackCodec::new(&config).unwrap();
        let shared = Arc::new(Shared { codec, script: Mutex::default(), seen: Mutex::default() });
        let data = web::Data::from(Arc::clone(&shared));
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
        Self { shared, port, server: handle }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/callback", self.port)
    }

    /// Says how the next requests are answered; after that it is `success`.
    pub(crate) fn will_answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.shared.script.lock().unwrap().extend(answers);
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
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

async fn echo(shared: web::Data<Shared>, query: web::Query<CallbackQuery>) -> HttpResponse {
    match shared.codec.echo(&query, now()) {
        Ok(text) => HttpResponse::Ok().body(text.to_owned()),
        Err(_) => HttpResponse::Forbidden().finish(),
    }
}

async fn take(shared: web::Data<Shared>, query: web::Query<CallbackQuery>, body: String) -> HttpResponse {
    let message = shared.codec.open(&query, body.as_bytes(), now());
    let seen = Seen { query: query.into_inner(), body, message: message.clone() };
    shared.seen.lock().unwrap().push(seen);
    let Ok(message) = message else {
        return HttpResponse::Forbidden().finish();
    };
    let answer = shared.script.lock().unwrap().pop_front().unwrap_or(Answer::Success);
    match answer {
        Answer::Success => HttpResponse::Ok().body("success"),
        Answer::Text(text) => {
            let reply = Reply::Text(ReplyText::new(text).unwrap());
            HttpResponse::Ok().body(shared.codec.answer(&message, &reply, now(), &[9; 16]))
        }
        Answer::Raw(text) => HttpResponse::Ok().body(text),
        Answer::Status(status) => HttpResponse::build(status.try_into().unwrap()).finish(),
        Answer::Redirect => HttpResponse::Found().insert_header(("Location", "/callback")).finish(),
        Answer::Never => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            HttpResponse::Ok().finish()
        }
    }
}
