//! Actix that lets clients wait by server-sent events, and tells one of them when it is told to.

use std::{
    collections::HashMap,
    convert::Infallible,
    net::TcpListener,
    sync::{Arc, Mutex},
};

use actix_web::{
    App, HttpResponse, HttpServer,
    rt::System,
    web::{Bytes, Data, Path, get, post},
};
use futures_util::{StreamExt, future::ready, stream};
use tokio::sync::oneshot;

use super::WORKERS;

/// What a client is told: as much as the service tells.
const NEWS: &[u8] = b"event: state\nid: 2\ndata: {\"id\":\"AGkdAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"state\":\"registered\",\"version\":2,\
\"account\":{\"id\":\"00000000-0000-7000-8000-000000000000\",\"phone\":\"138****8000\"}}\n\n";

type Waiting = Data<Mutex<HashMap<u64, oneshot::Sender<Bytes>>>>;

pub(super) fn serve(listener: TcpListener) {
    let waiting = Waiting::from(Arc::default());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(waiting.clone())
            .route("/wait/{number}", get().to(wait))
            .route("/tell/{number}", post().to(tell))
    });
    let server = server.workers(WORKERS).listen(listener).unwrap();
    System::new().block_on(server.run()).unwrap();
}

async fn wait(number: Path<u64>, waiting: Waiting) -> HttpResponse {
    let (sender, receiver) = oneshot::channel();
    waiting.lock().unwrap().insert(*number, sender);
    let news = stream::once(receiver).filter_map(|told| ready(told.ok().map(Ok::<_, Infallible>)));
    HttpResponse::Ok().content_type("text/event-stream").streaming(news)
}

async fn tell(number: Path<u64>, waiting: Waiting) -> HttpResponse {
    let sender = waiting.lock().unwrap().remove(&*number);
    let is_told = sender.is_some_and(|sender| sender.send(Bytes::from_static(NEWS)).is_ok());
    if is_told { HttpResponse::Ok().body("success") } else { HttpResponse::NotFound().finish() }
}
