//! What a person does in WeChat itself: follow, scan, write.

use std::time::Duration;

use super::Person;
use crate::error::SandboxError;
use crate::simulation::{EventContent, NotSent, Reaction};
use crate::state::{EXPIRED_NOTICE, Following, Mood, Speaker, State, openid};

/// The most characters that WeChat takes in a message.
const MAX_TEXT_CHARS: usize = 2000;

impl Person {
    /// Follows an account without a QR code: `subscribe` with an empty key.
    ///
    /// # Errors
    /// [`SandboxError::UnknownAccount`].
    pub async fn follow(&self, account: &str) -> Result<Reaction, SandboxError> {
        let follow = |state: &mut State, now| {
            let following = Following { since: now, scene: None };
            let news = state.people.follow(&self.name, account, following);
            if news { Ok(EventContent::subscribe("", None)) } else { Err(NotSent::AlreadyFollows) }
        };
        self.cause_event(account, 1, follow).await
    }

    /// Stops following an account: `unsubscribe`.
    ///
    /// # Errors
    /// [`SandboxError::UnknownAccount`].
    pub async fn unfollow(&self, account: &str) -> Result<Reaction, SandboxError> {
        let unfollow = |state: &mut State, _now| {
            let news = state.people.unfollow(&self.name, account);
            if news { Ok(EventContent::unsubscribe()) } else { Err(NotSent::DoesNotFollow) }
        };
        self.cause_event(account, 1, unfollow).await
    }

    /// Writes a message of 1–2000 characters to an account that the person follows.
    ///
    /// # Errors
    /// [`SandboxError::UnknownAccount`].
    pub async fn send_text(&self, account: &str, text: &str) -> Result<Reaction, SandboxError> {
        let text = text.chars().filter(|c| !c.is_control() || *c == '\n').collect::<String>();
        let id = self.simulation.shared.random.nonce();
        let write = |state: &mut State, now| {
            if text.trim().is_empty() || text.chars().count() > MAX_TEXT_CHARS {
                return Err(NotSent::TextLength);
            }
            if !state.people.follows(&self.name, account) {
                return Err(NotSent::DoesNotFollow);
            }
            let event = state.events.next_id();
            state.say((&self.name, account), (Speaker::Person, &text), now, Some(event));
            Ok(EventContent::text(&text, &id))
        };
        self.cause_event(account, 1, write).await
    }

    /// Taps an item of an account's menu, whose key it is.
    ///
    /// # Errors
    /// [`SandboxError::UnknownAccount`].
    pub async fn tap_menu(&self, account: &str, key: &str) -> Result<Reaction, SandboxError> {
        let tap = |state: &mut State, _now| match state.people.follows(&self.name, account) {
            true => Ok(EventContent::click(key)),
            false => Err(NotSent::DoesNotFollow),
        };
        self.cause_event(account, 1, tap).await
    }

    /// Sends a picture to an account that the person follows.
    ///
    /// # Errors
    /// [`SandboxError::UnknownAccount`].
    pub async fn send_picture(&self, account: &str) -> Result<Reaction, SandboxError> {
        let id = self.simulation.shared.random.nonce();
        let send = |state: &mut State, _now| match state.people.follows(&self.name, account) {
            true => Ok(EventContent::picture(&id)),
            false => Err(NotSent::DoesNotFollow),
        };
        self.cause_event(account, 1, send).await
    }

    /// Takes back, in WeChat's settings, what the person allowed an account to know: `user_authorization_revoke`.
    ///
    /// # Errors
    /// [`SandboxError::UnknownAccount`].
    pub async fn revoke(&self, account: &str) -> Result<Reaction, SandboxError> {
        let app_id = self.simulation.shared.account(account)?.app_id.clone();
        let openid = openid(&app_id, &self.name);
        self.cause_event(account, 1, |_state, _now| Ok(EventContent::revoke(&app_id, &openid))).await
    }

    /// Says what the person does from now on whom a code of an account leads to that they do not follow.
    ///
    /// # Errors
    /// [`SandboxError::UnknownPerson`].
    pub fn set_mood(&self, mood: Mood) -> Result<(), SandboxError> {
        self.simulation.shared.write(|state| {
            state.people.get_mut(&self.name)?.mood = mood;
            Ok(())
        })
    }

    /// Scans a QR code by the URL in it. An account's own code leads to the account, without an event for a follower. Of the others a
    /// follower causes `SCAN`; any other person follows the account, if that is their
    /// [`Mood`], and causes `subscribe` with `qrscene_`.
    ///
    /// # Errors
    /// [`SandboxError::Stopped`].
    pub async fn scan(&self, url: &str) -> Result<Reaction, SandboxError> {
        self.scan_in_copies(url, 1).await
    }

    /// Scans once, while WeChat sends the event in 1–64 copies at the same time.
    ///
    /// # Errors
    /// [`SandboxError::Stopped`].
    pub async fn scan_in_copies(&self, url: &str, copies: usize) -> Result<Reaction, SandboxError> {
        let mut accounts = self.simulation.shared.config.accounts.iter();
        if let Some(account) = accounts.find(|account| account.own_code_url() == url) {
            return self.follow(&account.name).await;
        }
        let Some(code) = self.simulation.shared.read(|state| state.qr_codes.by_url(url).cloned()) else {
            return Ok(Reaction::NotSent { reason: NotSent::QrUnknown });
        };
        let account = code.account.as_str();
        let (follows, mood) = self.simulation.shared.read(|state| {
            let mood = state.people.get(&self.name).map(|person| person.mood).unwrap_or_default();
            (state.people.follows(&self.name, account), mood)
        });
        match mood {
            Mood::Never if !follows => {
                self.simulation.shared.write(|state| state.qr_codes.scanned(url, &self.name));
                return Ok(Reaction::NotSent { reason: NotSent::DoesNotFollow });
            }
            Mood::After { ms } if !follows => tokio::time::sleep(Duration::from_millis(ms.into())).await,
            Mood::AtOnce | Mood::After { .. } | Mood::Never => {}
        }
        let scan = |state: &mut State, now| {
            if !code.is_open(now) {
                state.say((&self.name, account), (Speaker::Wechat, EXPIRED_NOTICE), now, None);
                return Err(NotSent::QrExpired);
            }
            state.qr_codes.scanned(url, &self.name);
            let following = Following { since: now, scene: Some(code.scene.clone()) };
            if state.people.follow(&self.name, account, following) {
                let key = format!("qrscene_{}", code.scene);
                return Ok(EventContent::subscribe(&key, Some(&code.ticket)));
            }
            Ok(EventContent::scan(&code.scene, &code.ticket))
        };
        self.cause_event(account, copies, scan).await
    }

    /// Changes the state, logs the event that `change` returns, and sends it in so many copies.
    async fn cause_event(
        &self,
        account: &str,
        copies: usize,
        change: impl FnOnce(&mut State, i64) -> Result<EventContent, NotSent>,
    ) -> Result<Reaction, SandboxError> {
        let shared = &self.simulation.shared;
        let (account, now) = (shared.account(account)?, shared.now());
        let logged = shared.write(|state| {
            let content = change(state, now)?;
            Ok(state.events.push_numbered(|id| content.into_event(id, &self.name, account, now)))
        });
        match logged {
            Ok(event) => self.simulation.send_event(event, copies).await,
            Err(reason) => Ok(Reaction::NotSent { reason }),
        }
    }
}
