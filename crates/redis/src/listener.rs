//! The one subscription of a node to the notifications of all nodes.

use std::{sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt};
use redis::{Msg, Value, aio::PubSub};
use saoma_domain::{login::LoginId, ports::NotificationSink};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use crate::connection::{Connector, Request, RequestError, SharedConnection};

/// How long a subscription may take to be made.
const SUBSCRIBE_LIMIT: Duration = Duration::from_secs(2);

/// After how much silence the node publishes a message to itself.
const SILENCE: Duration = Duration::from_secs(5);

/// How long that message may take to arrive.
const ECHO_LIMIT: Duration = Duration::from_secs(1);

/// The pauses between two attempts to subscribe: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// Receives the ids of logins that changed, and notifies the waiting clients of this node.
pub(crate) struct Listener {
    pub(crate) channel: String,
    pub(crate) connector: Arc<Connector>,
    pub(crate) connection: Arc<SharedConnection>,
    pub(crate) subscribers: Arc<dyn NotificationSink>,
    /// Whether notifications arrive at the moment.
    pub(crate) is_listening: watch::Sender<bool>,
}

impl Listener {
    /// Listens until the task is aborted.
    pub(crate) async fn run(self) {
        let (shortest, longest) = PAUSES;
        let mut pause = shortest;
        loop {
            match self.subscribe().await {
                Ok(subscription) => {
                    pause = shortest;
                    // Notifications were missed before this moment. Clients that subscribe after it miss none.
                    self.subscribers.notify_all();
                    self.is_listening.send_replace(true);
                    let cause = self.receive(subscription).await;
                    self.is_listening.send_replace(false);
                    tracing::warn!(
                        "{}: lost the subscription to login notifications: {cause}",
                        self.connection.name()
                    );
                }
                Err(error) => {
                    let name = self.connection.name();
                    tracing::debug!("{name}: cannot subscribe to login notifications: {error}");
                }
            }
            sleep(pause).await;
            pause = (pause * 2).min(longest);
        }
    }

    async fn subscribe(&self) -> Result<PubSub, RequestError> {
        let subscribing = async {
            let mut subscription = self.connector.connect_to_subscribe().await?;
            subscription.subscribe(&self.channel).await?;
            Ok(subscription)
        };
        let late = || RequestError::Unavailable(format!("no subscription within {SUBSCRIBE_LIMIT:?}"));
        timeout(SUBSCRIBE_LIMIT, subscribing).await.unwrap_or_else(|_| Err(late()))
    }

    /// Notifies clients until the subscription is lost, and returns why it is.
    async fn receive(&self, mut subscription: PubSub) -> &'static str {
        let mut messages = subscription.on_message();
        loop {
            match timeout(SILENCE, messages.next()).await {
                Ok(Some(message)) => self.notify(&message),
                Ok(None) => return "the connection was closed",
                Err(_) if self.hears_itself(&mut messages).await => {}
                Err(_) => return "a message that this node published did not arrive",
            }
        }
    }

    fn notify(&self, message: &Msg) {
        let id = std::str::from_utf8(message.get_payload_bytes()).ok().and_then(LoginId::from_store);
        if let Some(id) = id {
            self.subscribers.notify(&id);
        }
    }

    /// Publishes an empty message. Returns whether a message arrived then, or none could be published.
    async fn hears_itself(&self, messages: &mut (impl Stream<Item = Msg> + Unpin)) -> bool {
        let request = Request::command("PUBLISH").arg(&self.channel).arg("");
        if self.connection.ask::<Value>(&request).await.is_err() {
            return true;
        }
        match timeout(ECHO_LIMIT, messages.next()).await {
            Ok(Some(message)) => {
                self.notify(&message);
                true
            }
            Ok(None) | Err(_) => false,
        }
    }
}
