//! What people do in WeChat itself: follow, scan, write.

use std::sync::Arc;

use super::{EventContent, NotSent, Reaction, Simulation};
use crate::error::SandboxError;
use crate::state::{EXPIRED_NOTICE, Following, Speaker};

/// The most characters that WeChat takes in a message.
const MAX_TEXT_CHARS: usize = 2000;

impl Simulation {
    /// The person follows the account without a QR code.
    pub(crate) async fn follow(
        self: &Arc<Self>,
        person: &str,
        account: &str,
    ) -> Result<Reaction, SandboxError> {
        let event = self.log_event(person, account, |state, now| {
            let following = Following { since: now, scene: None };
            if state.people.follow(person, account, following) {
                Ok(EventContent::subscribe("", None))
            } else {
                Err(NotSent::AlreadyFollows)
            }
        })?;
        self.send_event(event, 1).await
    }

    /// The person stops following the account.
    pub(crate) async fn unfollow(
        self: &Arc<Self>,
        person: &str,
        account: &str,
    ) -> Result<Reaction, SandboxError> {
        let event = self.log_event(person, account, |state, _now| {
            if state.people.unfollow(person, account) {
                Ok(EventContent::unsubscribe())
            } else {
                Err(NotSent::DoesNotFollow)
            }
        })?;
        self.send_event(event, 1).await
    }

    /// The person writes to the account.
    pub(crate) async fn text(
        self: &Arc<Self>,
        person: &str,
        account: &str,
        text: &str,
    ) -> Result<Reaction, SandboxError> {
        let text = text.chars().filter(|c| !c.is_control() || *c == '\n').collect::<String>();
        let id = self.shared.random.nonce();
        let event = self.log_event(person, account, |state, now| {
            if text.trim().is_empty() || text.chars().count() > MAX_TEXT_CHARS {
                return Err(NotSent::TextLength);
            }
            if !state.people.follows(person, account) {
                return Err(NotSent::DoesNotFollow);
            }
            let event = state.events.next_id();
            state.say((person, account), (Speaker::Person, &text), now, Some(event));
            Ok(EventContent::text(&text, &id))
        })?;
        self.send_event(event, 1).await
    }

    /// The person scans what may be a QR code of an account here, and follows the account from now on.
    pub(crate) async fn scan(
        self: &Arc<Self>,
        person: &str,
        url: &str,
        copies: usize,
    ) -> Result<Reaction, SandboxError> {
        let code = self.shared.read(|state| {
            state.people.get(person)?;
            Ok::<_, SandboxError>(state.qr_codes.by_url(url).cloned())
        })?;
        let Some(code) = code else {
            return Ok(Reaction::NotSent { reason: NotSent::QrUnknown });
        };
        let account = code.account.as_str();
        let event = self.log_event(person, account, |state, now| {
            if !code.is_open(now) {
                state.say((person, account), (Speaker::Wechat, EXPIRED_NOTICE), now, None);
                return Err(NotSent::QrExpired);
            }
            state.qr_codes.scanned(url, person);
            let following = Following { since: now, scene: Some(code.scene.clone()) };
            if state.people.follow(person, account, following) {
                let key = format!("qrscene_{}", code.scene);
                return Ok(EventContent::subscribe(&key, Some(&code.ticket)));
            }
            Ok(EventContent::scan(&code.scene, &code.ticket))
        })?;
        self.send_event(event, copies).await
    }

    /// Sends an event from the log once more, in so many copies at the same time.
    pub(crate) async fn resend(
        self: &Arc<Self>,
        event: u64,
        copies: usize,
    ) -> Result<Reaction, SandboxError> {
        self.send_event(Ok(event), copies).await
    }
}
