//! The one subscription of a node.

use std::{sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt};
use redis::{Msg, aio::PubSub};
use saoma_domain::login::LoginId;
use tokio::time::{sleep, timeout};

use super::Subscribers;
use crate::{
    link::{Dialer, Failure, Request, Wire},
    store::channel,
};

/// How long it may take to subscribe.
const SUBSCRIBE_LIMIT: Duration = Duration::from_secs(2);

/// After how much silence a message is sent to oneself.
const SILENCE: Duration = Duration::from_secs(5);

/// How long that message may take.
const ECHO_LIMIT: Duration = Duration::from_secs(1);

/// The pauses between two subscriptions: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// Listens to the channel of wake-ups, and rings the bells of this node.
pub(crate) struct Listener {
    channel: String,
    dialer: Arc<Dialer>,
    wire: Arc<Wire>,
    subscribers: Arc<Subscribers>,
}

impl Listener {
    pub(crate) fn new(
        prefix: &str,
        dialer: Arc<Dialer>,
        wire: Arc<Wire>,
        subscribers: Arc<Subscribers>,
    ) -> Self {
        Self { channel: channel(prefix), dialer, wire, subscribers }
    }

    /// Listens until the task is aborted.
    pub(crate) async fn run(self) {
        let (shortest, longest) = PAUSES;
        let mut pause = shortest;
        loop {
            match self.subscribe().await {
                Ok(subscription) => {
                    pause = shortest;
                    // What was published meanwhile was heard by nobody. Whoever comes after this is heard for.
                    self.subscribers.ring_all();
                    self.subscribers.set_listening(true);
                    self.hear(subscription).await;
                    self.subscribers.set_listening(false);
                    tracing::warn!("the subscription to Redis's wake-ups was lost");
                }
                Err(failure) => tracing::debug!(?failure, "Redis's wake-ups cannot be subscribed to"),
            }
            sleep(pause).await;
            pause = (pause * 2).min(longest);
        }
    }

    async fn subscribe(&self) -> Result<PubSub, Failure> {
        let subscribing = async {
            let mut subscription = self.dialer.dial_to_listen().await?;
            subscription.subscribe(&self.channel).await?;
            Ok(subscription)
        };
        let subscribed = timeout(SUBSCRIBE_LIMIT, subscribing).await;
        subscribed.unwrap_or_else(|_| Err(Failure::Away("subscribing took too long".to_owned())))
    }

    /// Rings the bells, until the subscription is lost.
    async fn hear(&self, mut subscription: PubSub) {
        let mut messages = subscription.on_message();
        loop {
            match timeout(SILENCE, messages.next()).await {
                Ok(Some(message)) => self.ring(&message),
                Ok(None) => return,
                Err(_) => {
                    if !self.hears_itself(&mut messages).await {
                        return;
                    }
                }
            }
        }
    }

    fn ring(&self, message: &Msg) {
        let id = std::str::from_utf8(message.get_payload_bytes()).ok().and_then(LoginId::from_store);
        if let Some(id) = id {
            self.subscribers.ring(&id);
        }
    }

    /// Publishes an empty message, and returns whether anything arrived then, or nothing could be published.
    async fn hears_itself(&self, messages: &mut (impl Stream<Item = Msg> + Unpin)) -> bool {
        let request = Request::command("PUBLISH").arg(&self.channel).arg("");
        if self.wire.ask::<redis::Value>(&request).await.is_err() {
            return true;
        }
        match timeout(ECHO_LIMIT, messages.next()).await {
            Ok(Some(message)) => {
                self.ring(&message);
                true
            }
            Ok(None) | Err(_) => false,
        }
    }
}
