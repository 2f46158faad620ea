//! Sends events, opens authorization pages, and is WeChat's console.

mod console;
mod event_content;
mod reaction;

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::callback::CallbackClient;
use crate::config::SandboxConfig;
use crate::error::SandboxError;
use crate::shared_state::SharedState;
use crate::state::{
    AuthorizationPage, AuthorizeRequest, Delivery, DeliveryOutcome, Event, FAULT_NOTICE, Speaker,
};

pub(crate) use event_content::EventContent;
pub use reaction::{NotSent, Reaction, ServiceAnswer};

/// The number of copies of one event that can be sent at the same time.
const MAX_COPIES: usize = 64;

/// The simulated WeChat without its HTTP server.
#[derive(Debug)]
pub(crate) struct Simulation {
    pub(crate) shared: SharedState,
    pub(crate) callbacks: CallbackClient,
    /// Runs the deliveries, so that they go on when the caller that caused them has gone.
    runtime: Handle,
}

impl Simulation {
    pub(crate) fn new(config: SandboxConfig, seed: &[u8; 32], runtime: Handle) -> Result<Self, SandboxError> {
        config.check()?;
        let callbacks = CallbackClient::new(&config)?;
        Ok(Self { shared: SharedState::new(config, seed)?, callbacks, runtime })
    }

    /// Sends a logged event in so many copies and waits until all deliveries have ended.
    pub(crate) async fn send_event(
        self: &Arc<Self>,
        id: u64,
        copies: usize,
    ) -> Result<Reaction, SandboxError> {
        let found = self.shared.read(|state| {
            let event = state.events.get(id)?;
            Some((event.clone(), state.callback_urls.get(&event.account).cloned()))
        });
        let (event, url) = found.ok_or(SandboxError::UnknownEvent(id))?;
        let Some(url) = url else {
            return Ok(Reaction::NotSent { reason: NotSent::NoCallbackUrl });
        };
        let (kind, sending) = (event.kind, Arc::new((event, url)));
        let is_doubled = self.shared.random.once_in(self.shared.config.delivery.one_twice_in);
        let copies = copies.clamp(1, MAX_COPIES).max(if is_doubled { 2 } else { 1 });
        let mut deliveries = JoinSet::new();
        for _copy in 0..copies {
            let (simulation, sending) = (Arc::clone(self), Arc::clone(&sending));
            let delivery = async move {
                let (event, url) = &*sending;
                let delivery = simulation.callbacks.deliver(&simulation.shared, url, event).await?;
                simulation.note_delivery(event, &delivery);
                Ok::<_, SandboxError>(delivery)
            };
            deliveries.spawn_on(delivery, &self.runtime);
        }
        // A task of its own, because dropping the set ends the deliveries in it.
        let all = self.runtime.spawn(async move {
            let mut ended = Vec::new();
            while let Some(delivery) = deliveries.join_next().await {
                ended.push(delivery.map_err(|_| SandboxError::Stopped)??);
            }
            Ok::<_, SandboxError>(ended)
        });
        let deliveries = all.await.map_err(|_| SandboxError::Stopped)??;
        Ok(Reaction::Sent { event: id, kind, deliveries })
    }

    /// Logs a delivery and shows its outcome in the person's chat.
    fn note_delivery(&self, event: &Event, delivery: &Delivery) {
        let now = self.shared.now();
        self.shared.write(|state| {
            state.events.delivered(event.id, delivery.clone());
            let (speaker, text) = match &delivery.outcome {
                DeliveryOutcome::Silent => return,
                DeliveryOutcome::Reply(text) => (Speaker::Account, text.as_str()),
                DeliveryOutcome::Fault(_) => (Speaker::Wechat, FAULT_NOTICE),
            };
            if !state.chats.was_said(event.id, text) {
                state.say((&event.person, &event.account), (speaker, text), now, Some(event.id));
            }
        });
    }
    /// A browser has opened a page that waits for a decision; returns the page's id.
    pub(crate) fn open_page(&self, request: AuthorizeRequest) -> String {
        let (id, now) = (self.shared.random.code(), self.shared.now());
        self.shared.write(|state| state.pages.open(id.clone(), request, now));
        id
    }

    /// Returns a page that has not expired.
    pub(crate) fn page(&self, id: &str) -> Result<AuthorizationPage, SandboxError> {
        let now = self.shared.now();
        self.shared.read(|state| state.pages.get(id, now).cloned()).ok_or(SandboxError::UnknownPage)
    }
}
