//! The transitions of a login: each consumes the state, takes the time, and returns the next state or a
//! refusal that names both.

use std::time::Duration;

use super::{ExpiryReason, Login, LoginId, LoginState};
use crate::{
    account::{AccountId, IdentityId},
    time::Timestamp,
};

/// What can happen to a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginEvent {
    /// WeChat reported who scanned the code.
    Scanned {
        /// The identity that scanned.
        identity: IdentityId,
        /// The account that the identity is bound to, if any.
        account: Option<AccountId>,
        /// How long the person has to bind a phone number, or the client to collect the session.
        window: Duration,
    },
    /// The person is to be known by a phone number alone: nothing is asked of WeChat.
    NumberAsked {
        /// How long the person has to prove a phone number.
        window: Duration,
    },
    /// The identity was bound to an account, by a phone number that the person proved to own or because
    /// another identity of the same person has one.
    Bound {
        /// The account.
        account: AccountId,
        /// How long the client has to collect the session.
        window: Duration,
    },
    /// The client gave the login up.
    Cancelled,
    /// The person refused in WeChat, or is not one whom this login can log in.
    Denied,
}

impl LoginEvent {
    const fn name(&self) -> &'static str {
        match self {
            Self::Scanned { .. } => "scanned",
            Self::NumberAsked { .. } => "asked for a number",
            Self::Bound { .. } => "bound",
            Self::Cancelled => "cancelled",
            Self::Denied => "denied",
        }
    }
}

/// An event that cannot happen in a state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a login in state {from} cannot be {event}", from = .login.state.name())]
pub struct Refusal {
    /// The login, as it was and stays.
    pub login: Login,
    /// The event's name.
    pub event: &'static str,
}

impl Login {
    /// Returns a login that nothing has happened to yet.
    pub fn new(id: LoginId) -> Self {
        Self { id, version: 1, state: LoginState::Loop { deadline: id.deadline() } }
    }

    /// Returns the login as it stands at `now`: expired if its deadline is over, else unchanged.
    pub fn at(self, now: Timestamp) -> Self {
        match self.state {
            LoginState::Loop { deadline } | LoginState::Unregistered { deadline, .. } if deadline <= now => {
                self.moved_to(LoginState::Expired { reason: ExpiryReason::Timeout, since: deadline })
            }
            LoginState::Loop { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Registered { .. }
            | LoginState::Expired { .. } => self,
        }
    }

    /// Returns the login as it stands after an event at `now`.
    ///
    /// # Errors
    /// [`Refusal`] when the event cannot happen in the login's state; nothing moves after the deadline.
    pub fn apply(self, event: LoginEvent, now: Timestamp) -> Result<Self, Refusal> {
        let login = self.at(now);
        match (&login.state, event) {
            (LoginState::Loop { .. }, LoginEvent::Scanned { account: Some(account), window, .. })
            | (LoginState::Unregistered { .. }, LoginEvent::Bound { account, window }) => {
                let collect_by = now.plus(window);
                Ok(login.moved_to(LoginState::Registered { account, since: now, collect_by }))
            }
            (LoginState::Loop { .. }, LoginEvent::Scanned { identity, account: None, window }) => {
                let identity = Some(identity);
                Ok(login.moved_to(LoginState::Unregistered { identity, deadline: now.plus(window) }))
            }
            (LoginState::Loop { .. }, LoginEvent::NumberAsked { window }) => {
                Ok(login.moved_to(LoginState::Unregistered { identity: None, deadline: now.plus(window) }))
            }
            (LoginState::Loop { .. } | LoginState::Unregistered { .. }, LoginEvent::Cancelled) => {
                Ok(login.moved_to(LoginState::Expired { reason: ExpiryReason::Cancelled, since: now }))
            }
            (LoginState::Loop { .. } | LoginState::Unregistered { .. }, LoginEvent::Denied) => {
                Ok(login.moved_to(LoginState::Expired { reason: ExpiryReason::Denied, since: now }))
            }
            (LoginState::Loop { .. }, event @ LoginEvent::Bound { .. })
            | (
                LoginState::Unregistered { .. },
                event @ (LoginEvent::Scanned { .. } | LoginEvent::NumberAsked { .. }),
            )
            | (LoginState::Registered { .. } | LoginState::Expired { .. }, event) => {
                Err(Refusal { event: event.name(), login })
            }
        }
    }

    fn moved_to(self, state: LoginState) -> Self {
        Self { id: self.id, version: self.version.saturating_add(1), state }
    }
}
