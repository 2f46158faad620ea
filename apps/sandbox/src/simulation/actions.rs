//! What people do.

use std::sync::Arc;

use super::{Happening, NotSent, Reaction, Simulation, known, say};
use crate::SandboxError;
use crate::world::{EXPIRED_NOTICE, EventKind, Following, Speaker};

/// WeChat takes no longer message from a person.
const MAX_TEXT_CHARS: usize = 2000;

impl Simulation {
    /// The person follows the account without any code.
    pub(crate) async fn follow(
        self: &Arc<Self>,
        person: &str,
        account: &str,
    ) -> Result<Reaction, SandboxError> {
        let event = self.happen(person, account, |_state, record, now| {
            if record.follows.contains_key(account) {
                return Err(NotSent::AlreadyFollows);
            }
            record.follows.insert(account.to_owned(), Following { since: now, scene: None });
            Ok(Happening::event(EventKind::Subscribe, "subscribe", "", None))
        })?;
        self.tell(event, 1).await
    }

    /// The person stops following the account.
    pub(crate) async fn unfollow(
        self: &Arc<Self>,
        person: &str,
        account: &str,
    ) -> Result<Reaction, SandboxError> {
        let event = self.happen(person, account, |_state, record, _now| {
            record.follows.remove(account).ok_or(NotSent::DoesNotFollow)?;
            Ok(Happening::event(EventKind::Unsubscribe, "unsubscribe", "", None))
        })?;
        self.tell(event, 1).await
    }

    /// The person writes to the account.
    pub(crate) async fn text(
        self: &Arc<Self>,
        person: &str,
        account: &str,
        text: &str,
    ) -> Result<Reaction, SandboxError> {
        let text = text.chars().filter(|c| !c.is_control() || *c == '\n').collect::<String>();
        let id = self.world.random.nonce();
        let event = self.happen(person, account, |state, record, now| {
            if text.trim().is_empty() || text.chars().count() > MAX_TEXT_CHARS {
                return Err(NotSent::TextLength);
            }
            if !record.follows.contains_key(account) {
                return Err(NotSent::DoesNotFollow);
            }
            let event = state.events.next_id();
            say(state, (person, account), (Speaker::Person, &text), now, Some(event));
            let fields = vec![("Content", text.clone()), ("MsgId", format!("249{id:0>14}"))];
            Ok(Happening { kind: EventKind::Text, message_type: "text", fields })
        })?;
        self.tell(event, 1).await
    }

    /// The person scans what may be a QR code of an account here; who does not follow it yet, does so now.
    pub(crate) async fn scan(
        self: &Arc<Self>,
        person: &str,
        url: &str,
        copies: usize,
    ) -> Result<Reaction, SandboxError> {
        self.world.read(|state| known(state, person))?;
        let code = self.world.read(|state| state.codes.by_url(url).cloned());
        let Some(code) = code else {
            return Ok(Reaction::NotSent { reason: NotSent::QrUnknown });
        };
        let event = self.happen(person, &code.account, |state, record, now| {
            if !code.is_open(now) {
                say(state, (person, &code.account), (Speaker::Wechat, EXPIRED_NOTICE), now, None);
                return Err(NotSent::QrExpired);
            }
            if let Some(code) = state.codes.by_url_mut(url) {
                code.scanned_by.push(person.to_owned());
            }
            if record.follows.contains_key(&code.account) {
                return Ok(Happening::event(EventKind::Scan, "SCAN", &code.scene, Some(&code.ticket)));
            }
            let following = Following { since: now, scene: Some(code.scene.clone()) };
            record.follows.insert(code.account.clone(), following);
            let key = format!("qrscene_{}", code.scene);
            Ok(Happening::event(EventKind::Subscribe, "subscribe", &key, Some(&code.ticket)))
        })?;
        self.tell(event, copies).await
    }

    /// Sends an event from the log once more, in so many copies at once.
    pub(crate) async fn resend(
        self: &Arc<Self>,
        event: u64,
        copies: usize,
    ) -> Result<Reaction, SandboxError> {
        self.world
            .read(|state| state.events.get(event).map(|_| ()))
            .ok_or(SandboxError::UnknownEvent(event))?;
        self.tell(Ok(event), copies).await
    }
}
