//! Delivering the messages that were kept.

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    message::MessageId,
    ports::{MessageSettled, QueuedMessage},
    wechat::AppName,
};
use tokio::sync::Semaphore;
use tracing::Instrument as _;

use super::{Relaying, warn};

/// How many messages a node delivers at once.
const AT_ONCE: u32 = 16;

/// How often a node looks for messages whose time has come.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Delivers the messages that were kept, on this node or on others.
#[derive(Clone)]
pub(crate) struct Delivery {
    pub(crate) relaying: Arc<Relaying>,
    /// Without a system behind any app there is nothing to look for.
    pub(crate) has_targets: bool,
}

impl Delivery {
    /// Delivers for as long as it is run.
    pub(crate) async fn run(self) {
        if !self.has_targets {
            return std::future::pending().await;
        }
        let free = Arc::new(Semaphore::new(AT_ONCE as usize));
        loop {
            if !self.deliver_due(&free).await {
                let _ = tokio::time::timeout(LOOK_EVERY, self.relaying.kept.notified()).await;
            }
        }
    }

    /// Begins to deliver what may go, and returns whether there was anything.
    async fn deliver_due(&self, free: &Arc<Semaphore>) -> bool {
        let Ok(first) = Arc::clone(free).acquire_owned().await else { return false };
        let mut permits = vec![first];
        while let Ok(permit) = Arc::clone(free).try_acquire_owned() {
            permits.push(permit);
        }
        let (relaying, at_most) = (&self.relaying, u32::try_from(permits.len()).unwrap_or(AT_ONCE));
        let claimed = match relaying.queue.claim(relaying.clock.now(), at_most).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::warn!(%error, "messages that were kept cannot be read: {error}");
                return false;
            }
        };
        let is_any = !claimed.is_empty();
        for (queued, permit) in claimed.into_iter().zip(permits) {
            let relaying = Arc::clone(relaying);
            let app = &queued.message.app;
            let span = tracing::debug_span!(
                target: saoma_trace::ROOT,
                "delivery",
                otel.name = "deliver a message",
                app = app.as_str()
            );
            let delivering = async move {
                relaying.deliver(queued).await;
                drop(permit);
                // The person's next message may go now.
                relaying.kept.notify_one();
            };
            tokio::spawn(delivering.instrument(span));
        }
        is_any
    }
}

impl Relaying {
    async fn deliver(&self, queued: QueuedMessage) {
        let QueuedMessage { message, tries } = queued;
        let tried = self.relay.forward(&message.app, &message.raw).await;
        if let Err(error) = &tried {
            warn(&message.app, error);
        }
        self.settle(&message.app, message.id, tries, tried.is_ok()).await;
    }

    /// Writes down what a try led to.
    pub(super) async fn settle(&self, app: &AppName, id: MessageId, tries: u32, is_delivered: bool) {
        match self.queue.settle(id, tries, is_delivered, self.clock.now()).await {
            Ok(MessageSettled::Delivered) => self.metrics.relayed(app, "delivered"),
            Ok(MessageSettled::GivenUp) => {
                self.metrics.relayed(app, "given_up");
                tracing::error!(app = app.as_str(), "messages to {app}: one is given up after an hour");
            }
            Ok(MessageSettled::Waits | MessageSettled::NotOurs) => {}
            // It is sent once more when its time is over.
            Err(error) => tracing::warn!(%error, "a delivery of a message to {app} cannot be noted: {error}"),
        }
    }
}
