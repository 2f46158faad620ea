//! Hands to the site's own system, or to the embedder's own code, what WeChat tells about no login, and its answer to WeChat.
//!
//! A message goes on at once, and WeChat waits for the answer. Where there is none in time, WeChat is told `success` once
//! the message is kept in the database; from there it is delivered in the background. So WeChat never sends a message
//! again that the other system took, and none is lost with a node.

mod delivery;
mod hook;
mod recent_answers;
mod turns;

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    message::{RelayAnswer, RelayedMessage},
    ports::{Clock, MessageQueue, MessageTurn, Relay, RelayError},
    rules::RELAY_TRY,
    services::ServiceError,
    time::Timestamp,
    wechat::AppName,
};
use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};
use tracing::Instrument as _;

use crate::node::{LogBudget, Metrics};
pub(crate) use delivery::Delivery;
pub(crate) use hook::HookedRelay;
use recent_answers::RecentAnswers;
use turns::Turns;

/// WeChat hangs up after 5 s; keeping the message has to fit in as well.
const ANSWER_LIMIT: Duration = Duration::from_millis(4100);

/// How long a message that was not taken at once waits for its next try.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// Hands messages on.
pub(crate) struct Relaying {
    relay: Arc<dyn Relay>,
    queue: Arc<dyn MessageQueue>,
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
    turns: Turns,
    recent: RecentAnswers,
    /// Wakes the delivery.
    kept: Notify,
}

impl Relaying {
    pub(crate) fn new(
        relay: Arc<dyn Relay>,
        queue: Arc<dyn MessageQueue>,
        clock: Arc<dyn Clock>,
        metrics: Arc<Metrics>,
    ) -> Self {
        let (turns, recent, kept) = (Turns::default(), RecentAnswers::default(), Notify::new());
        Self { relay, queue, clock, metrics, turns, recent, kept }
    }

    /// Returns whether an app has a system to hand messages to.
    pub(crate) fn relays(&self, app: &AppName) -> bool {
        self.relay.relays(app)
    }

    /// Returns whether the system of an app is told of logins, too.
    pub(crate) fn relays_logins(&self, app: &AppName) -> bool {
        self.relay.relays_logins(app)
    }

    /// Hands a message on, and returns the answer for WeChat; `None` where the message was kept for later, or waits
    /// already. A person's messages go on one after the other.
    ///
    /// # Errors
    /// [`ServiceError::Store`] where it is not known to be kept: WeChat has to send it again.
    pub(crate) async fn hand_on(
        self: Arc<Self>,
        message: RelayedMessage,
    ) -> Result<Option<RelayAnswer>, ServiceError> {
        let deadline = Instant::now() + ANSWER_LIMIT;
        let turn = self.turns.take((message.app.clone(), message.openid.clone()));
        let Ok(_turn) = timeout_at(deadline, turn).await else {
            self.keep(message).await?;
            return Ok(None);
        };
        if let Some(answer) = self.recent.find(message.id, self.clock.now()) {
            return Ok(Some(answer));
        }
        match self.queue.turn(&message.app, &message.openid, message.id).await? {
            MessageTurn::Queued => Ok(None),
            MessageTurn::Behind => {
                self.keep(message).await?;
                Ok(None)
            }
            MessageTurn::Next => self.try_now(message, deadline).await,
        }
    }

    /// Keeps a message for the delivery in the background.
    ///
    /// # Errors
    /// [`ServiceError::Store`] where it is not known to be kept.
    pub(crate) async fn keep(&self, message: RelayedMessage) -> Result<(), ServiceError> {
        self.keep_until(message, None).await
    }

    async fn keep_until(
        &self,
        message: RelayedMessage,
        tried_until: Option<Timestamp>,
    ) -> Result<(), ServiceError> {
        let app = message.app.clone();
        if self.queue.put(message, tried_until).await? {
            self.metrics.relayed(&app, "kept");
            self.kept.notify_one();
        }
        Ok(())
    }

    async fn try_now(
        self: &Arc<Self>,
        message: RelayedMessage,
        deadline: Instant,
    ) -> Result<Option<RelayAnswer>, ServiceError> {
        let (id, app) = (message.id, message.app.clone());
        let (relay, sent) = (Arc::clone(&self.relay), (app.clone(), message.raw.clone()));
        let forwarding = async move { relay.forward(&sent.0, &sent.1).await };
        let mut trying = tokio::spawn(forwarding.in_current_span());
        match timeout_at(deadline, &mut trying).await {
            Ok(Ok(Ok(answer))) => {
                self.metrics.relayed(&app, "answered");
                self.recent.note(id, &answer, self.clock.now());
                Ok(Some(answer))
            }
            Ok(tried) => {
                if let Ok(Err(error)) = tried {
                    warn(&app, &error);
                }
                self.keep_until(message, Some(self.clock.now().plus(FIRST_PAUSE))).await?;
                Ok(None)
            }
            Err(_late) => {
                // The other system may still take it: the try goes on, and no other one begins before its end.
                self.keep_until(message, Some(self.clock.now().plus(RELAY_TRY))).await?;
                let relaying = Arc::clone(self);
                tokio::spawn(async move {
                    let is_delivered = matches!(trying.await, Ok(Ok(_)));
                    relaying.settle(&app, id, 1, is_delivered).await;
                });
                Ok(None)
            }
        }
    }
}

/// Tells the operator that a system does not take messages, a few times a minute.
fn warn(app: &AppName, error: &RelayError) {
    static BUDGET: LogBudget = LogBudget::new();
    if let Some(withheld) = BUDGET.spend() {
        tracing::warn!(
            app = app.as_str(),
            withheld,
            "messages to {app}: {error}; they are kept and tried again"
        );
    }
}
