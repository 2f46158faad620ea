//! A client that is told of logouts behind the browser.

use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
};

use actix_web::{
    App, HttpResponse, HttpServer,
    web::{Bytes, Data, post},
};
use tokio::task::JoinHandle;

/// What it was told, and how often it does not listen.
#[derive(Default)]
struct State {
    bodies: Vec<String>,
    deaf: usize,
}

/// A running client; it is gone when it is dropped.
pub(super) struct LogoutReceiver {
    pub(super) url: String,
    state: Arc<Mutex<State>>,
    server: JoinHandle<std::io::Result<()>>,
}

impl LogoutReceiver {
    /// Starts one that fails so many times before it listens.
    pub(super) fn start(deaf: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let state = Arc::new(Mutex::new(State { bodies: Vec::new(), deaf }));
        let url = format!("http://{}/logout", listener.local_addr().unwrap());
        let data = Data::from(Arc::clone(&state));
        let server =
            HttpServer::new(move || App::new().app_data(data.clone()).route("/logout", post().to(told)));
        let server = tokio::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
        Self { url, state, server }
    }

    /// Returns what it was told.
    pub(super) fn bodies(&self) -> Vec<String> {
        self.state.lock().unwrap().bodies.clone()
    }
}

impl Drop for LogoutReceiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn told(state: Data<Mutex<State>>, body: Bytes) -> HttpResponse {
    let mut state = state.lock().unwrap();
    if state.deaf > 0 {
        state.deaf -= 1;
        return HttpResponse::InternalServerError().finish();
    }
    state.bodies.push(String::from_utf8(body.to_vec()).unwrap());
    HttpResponse::Ok().finish()
}
