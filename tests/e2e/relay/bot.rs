//! The site's own system: it knows the account's secrets, checks each call as WeChat's, and echoes what people write.

use std::{
    collections::VecDeque,
    net::TcpListener,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    web::{Bytes, Data, Query, post},
};
use saoma_api::SystemClock;
use saoma_domain::ports::Clock;
use saoma_sandbox::OfficialAccount;
use saoma_wechat::callback::{
    CallbackCodec, CallbackFormat, CallbackQuery, MessageKind, Opened, Reply, ReplyText,
};
use tokio::task::JoinHandle;

/// What the bot does with a call instead of echoing it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Script {
    /// It answers with this status and takes nothing.
    Fail(u16),
    /// It takes the message, but only after this time.
    Late(Duration),
}

struct State {
    codec: CallbackCodec,
    calls: Mutex<Vec<String>>,
    taken: Mutex<Vec<String>>,
    script: Mutex<VecDeque<Script>>,
}

/// A running bot; it is gone when it is dropped.
pub(super) struct Bot {
    pub(super) url: String,
    state: Arc<State>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Bot {
    pub(super) fn start() -> Self {
        Self::listen(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    /// Starts a bot where another one was, which knows nothing of that one.
    pub(super) fn start_at(url: &str) -> Self {
        let address = url.strip_prefix("http://").unwrap().split('/').next().unwrap();
        Self::listen(TcpListener::bind(address).unwrap())
    }

    /// Returns an address at which no bot is yet.
    pub(super) fn address() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/wx", listener.local_addr().unwrap())
    }

    fn listen(listener: TcpListener) -> Self {
        let state = Arc::new(State {
            codec: CallbackCodec::new(&OfficialAccount::demo().callback_config()).unwrap(),
            calls: Mutex::default(),
            taken: Mutex::default(),
            script: Mutex::default(),
        });
        let url = format!("http://{}/wx", listener.local_addr().unwrap());
        let data = Data::from(Arc::clone(&state));
        let server =
            HttpServer::new(move || App::new().app_data(data.clone()).route("/wx", post().to(called)));
        let server = tokio::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
        Self { url, state, server }
    }

    /// Says what happens to the next calls.
    pub(super) fn script(&self, scripts: impl IntoIterator<Item = Script>) {
        self.state.script.lock().unwrap().extend(scripts);
    }

    /// Returns what was called, taken or not, in order.
    pub(super) fn calls(&self) -> Vec<String> {
        self.state.calls.lock().unwrap().clone()
    }

    /// Returns what was taken, in order.
    pub(super) fn taken(&self) -> Vec<String> {
        self.state.taken.lock().unwrap().clone()
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn called(
    state: Data<State>,
    query: Query<CallbackQuery>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let is_json = request.headers().get("content-type").is_some_and(|kind| kind == "application/json");
    let format = if is_json { CallbackFormat::Json } else { CallbackFormat::Xml };
    let now = SystemClock.now();
    let message = match state.codec.open(&query, format, &body, now) {
        Ok(Opened::Message(message)) => message,
        Ok(Opened::Unreadable) => {
            state.taken.lock().unwrap().push("unreadable".to_owned());
            return HttpResponse::Ok().body("success");
        }
        Err(error) => return HttpResponse::Forbidden().body(error.to_string()),
    };
    let what = what(message.kind());
    state.calls.lock().unwrap().push(what.clone());
    let script = state.script.lock().unwrap().pop_front();
    match script {
        Some(Script::Fail(status)) => {
            return HttpResponse::build(status.try_into().unwrap()).finish();
        }
        Some(Script::Late(pause)) => tokio::time::sleep(pause).await,
        None => {}
    }
    state.taken.lock().unwrap().push(what.clone());
    let is_text = matches!(message.kind(), MessageKind::Text { .. });
    let echo = ReplyText::new(&format!("echo: {what}")).filter(|_| is_text);
    let reply = echo.map_or(Reply::Success, Reply::Text);
    HttpResponse::Ok()
        .content_type("text/xml; charset=bot")
        .body(state.codec.answer(&message, &reply, now, &[7; 16]))
}

fn what(kind: &MessageKind) -> String {
    match kind {
        MessageKind::Subscribe { scene } => format!("subscribe {}", scene.as_deref().unwrap_or_default()),
        MessageKind::Scan { scene } => format!("scan {scene}"),
        MessageKind::Unsubscribe => "unsubscribe".to_owned(),
        MessageKind::Click { key } => format!("click {key}"),
        MessageKind::View { url } => format!("view {url}"),
        MessageKind::AuthorizationChanged { name, .. } => name.clone(),
        MessageKind::Location => "location".to_owned(),
        MessageKind::Text { content } => content.clone(),
        MessageKind::Other { name, .. } => name.clone(),
    }
}
