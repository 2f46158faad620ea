//! The one subscription of a node to the notifications of all nodes.
//!
//! A message is the id of a login, or `s` and the hash of the token of a session. A node that does not know one of these kinds
//! takes no notice of it.

use std::{sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt};
use redis::{Msg, Value, aio::PubSub};
use saoma_domain::{
    login::LoginId,
    ports::{InvalidationSink, NotificationSink},
    session::SessionTokenHash,
};
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

/// What the message about a session begins with. The id of a login is shorter than that message.
pub(crate) const SESSION: u8 = b's';

/// Receives which logins and sessions changed, notifies the waiting clients of this node and drops what it remembers.
pub(crate) struct Listener {
    pub(crate) channel: String,
    pub(crate) connector: Arc<Connector>,
    pub(crate) connection: Arc<SharedConnection>,
    pub(crate) subscribers: Arc<dyn NotificationSink>,
    pub(crate) session_copies: Option<Arc<dyn InvalidationSink>>,
    /// Whether notifications arrive at the moment.
    pub(crate) is_listening: watch::Sender<bool>,
}

impl Listener {
    /// Listens until the task is aborted.
    pub(crate) async fn run(self) {
        let (shortest, longest) = PAUSES;
        let mut pause = shortest;
        self.lost();
        loop {
            match self.subscribe().await {
                Ok(subscription) => {
                    pause = shortest;
                    // Notifications were missed before this moment. Clients that subscribe after it miss none.
                    self.subscribers.notify_all();
                    self.session_copies.iter().for_each(|copies| copies.invalidated_all());
                    self.is_listening.send_replace(true);
                    let cause = self.receive(subscription).await;
                    self.is_listening.send_replace(false);
                    self.lost();
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

    fn lost(&self) {
        self.subscribers.lost();
        self.session_copies.iter().for_each(|copies| copies.lost());
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
        let message = message.get_payload_bytes();
        if let Some(hash) = message.strip_prefix(&[SESSION]).and_then(|hash| <[u8; 32]>::try_from(hash).ok())
        {
            let hash = SessionTokenHash::from_store(hash);
            self.session_copies.iter().for_each(|copies| copies.invalidated(&hash));
        } else if let Some(id) = std::str::from_utf8(message).ok().and_then(LoginId::from_store) {
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
