//! `GET /sandbox/api/stream`: says that something changed, as server-sent events.

use std::time::Duration;

use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpResponse};
use futures_util::stream;
use tokio::time::{sleep, timeout};

use crate::simulation::Simulation;

/// A comment line as often as this keeps the line open.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Changes closer together than this are told as one.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn open(simulation: Data<Simulation>) -> HttpResponse {
    let mut revision = simulation.world.watch();
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
