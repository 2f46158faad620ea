//! What people do, and what WeChat makes of it.

mod actions;
mod authorize;
mod console;
mod happening;
mod mini_program;
mod reaction;
mod service;

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::SandboxError;
use crate::callback::Courier;
use crate::config::SandboxConfig;
use crate::world::{
    ChatMessage, Delivery, Event, FAULT_NOTICE, Outcome, PersonRecord, Speaker, State, World,
};

use happening::Happening;
pub(crate) use mini_program::phone_info;
pub use mini_program::{EncryptedData, PhoneData};
pub use reaction::{NotSent, Reaction};
pub use service::ServiceAnswer;

/// How many copies of one event can be sent at once.
const MAX_COPIES: usize = 64;

/// The world and who carries its events.
#[derive(Debug)]
pub(crate) struct Simulation {
    pub(crate) world: World,
    pub(crate) courier: Courier,
    /// Where events are sent from, so that they go on when the phone that caused them has gone.
    runtime: Handle,
}

impl Simulation {
    pub(crate) fn new(config: SandboxConfig, seed: &[u8; 32], runtime: Handle) -> Result<Self, SandboxError> {
        config.check()?;
        let courier = Courier::new(&config)?;
        Ok(Self { world: World::new(config, seed)?, courier, runtime })
    }

    /// Changes the state as `what` says and writes the event into the log; returns its number.
    fn happen(
        &self,
        person: &str,
        account: &str,
        what: impl FnOnce(&mut State, &mut PersonRecord, i64) -> Result<Happening, NotSent>,
    ) -> Result<Result<u64, NotSent>, SandboxError> {
        let account = self.world.account(account)?;
        let now = self.world.now();
        self.world.write(|state| {
            let mut record = known(state, person)?;
            let happening = match what(state, &mut record, now) {
                Ok(happening) => happening,
                Err(reason) => return Ok(Err(reason)),
            };
            if let Some(place) = state.people.get_mut(person) {
                *place = record;
            }
            let id = state.events.next_id();
            state.events.add(happening.into_event(id, person, account, now));
            Ok(Ok(id))
        })
    }

    /// Sends an event and waits for what comes of it.
    async fn tell(
        self: &Arc<Self>,
        event: Result<u64, NotSent>,
        copies: usize,
    ) -> Result<Reaction, SandboxError> {
        let id = match event {
            Ok(id) => id,
            Err(reason) => return Ok(Reaction::NotSent { reason }),
        };
        let event = self.world.read(|state| state.events.get(id).cloned());
        let event = Arc::new(event.ok_or(SandboxError::UnknownEvent(id))?);
        let url = self.world.read(|state| state.callback_urls.get(&event.account).cloned());
        let Some(url) = url else {
            return Ok(Reaction::NotSent { reason: NotSent::NoCallbackUrl });
        };
        let mut sendings = JoinSet::new();
        for _copy in 0..copies.clamp(1, MAX_COPIES) {
            let (simulation, event, url) = (Arc::clone(self), Arc::clone(&event), url.clone());
            let sending = async move {
                let delivery = simulation.courier.deliver(&simulation.world, &url, &event).await?;
                simulation.note(&event, &delivery);
                Ok::<_, SandboxError>(delivery)
            };
            sendings.spawn_on(sending, &self.runtime);
        }
        let kind = event.kind;
        // A task of its own, because a set that is dropped ends what is in it.
        let all = self.runtime.spawn(async move {
            let mut deliveries = Vec::new();
            while let Some(sending) = sendings.join_next().await {
                deliveries.push(sending.map_err(|_| SandboxError::Stopped)??);
            }
            Ok::<_, SandboxError>(deliveries)
        });
        let deliveries = all.await.map_err(|_| SandboxError::Stopped)??;
        Ok(Reaction::Sent { event: id, kind, deliveries })
    }

    /// Writes down what came of a sending, and shows the person what there is to see.
    fn note(&self, event: &Event, delivery: &Delivery) {
        let now = self.world.now();
        self.world.write(|state| {
            state.events.note(event.id, delivery.clone());
            let (speaker, text) = match &delivery.outcome {
                Outcome::Silent => return,
                Outcome::Reply(text) => (Speaker::Account, text.as_str()),
                Outcome::Fault(_) => (Speaker::Wechat, FAULT_NOTICE),
            };
            if !state.chats.was_said(event.id, text) {
                say(state, (&event.person, &event.account), (speaker, text), now, Some(event.id));
            }
        });
    }
}

fn known(state: &State, person: &str) -> Result<PersonRecord, SandboxError> {
    state.people.get(person).cloned().ok_or_else(|| SandboxError::UnknownPerson(person.to_owned()))
}

fn say(
    state: &mut State,
    (person, account): (&str, &str),
    (from, text): (Speaker, &str),
    at: i64,
    event: Option<u64>,
) {
    state.chats.add(|id| ChatMessage {
        id,
        person: person.to_owned(),
        account: account.to_owned(),
        from,
        text: text.to_owned(),
        at,
        event,
    });
}
