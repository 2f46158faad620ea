//! A server-sent event for every change.

use std::time::Duration;

use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpResponse, get};
use futures_util::stream;
use tokio::time::{sleep, timeout};

use crate::simulation::Simulation;

/// The time between the comment lines that keep the connection open.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Changes within this time are told as one.
const PAUSE: Duration = Duration::from_millis(100);

#[get("/stream")]
pub(super) async fn open(on: Data<Simulation>) -> HttpResponse {
    let mut revision = on.shared.watch();
    revision.mark_changed();
    let lines = stream::unfold(revision, |mut revision| async {
        let line = match timeout(KEEP_ALIVE, revision.changed()).await {
            Ok(Ok(())) => {
                sleep(PAUSE).await;
                let number = *revision.borrow_and_update();
                format!("event: change\ndata: {number}\n\n")
            }
            Ok(Err(_closed)) => return None,
            Err(_elapsed) => ": still here\n\n".to_owned(),
        };
        Some((Ok::<_, Error>(Bytes::from(line)), revision))
    });
    HttpResponse::Ok().content_type("text/event-stream").streaming(Box::pin(lines))
}
