//! The transitions of a login: each consumes the state, takes the time, and returns the next state or a
//! refusal that names both.

use std::time::Duration;

use super::{ConfirmNumber, ExpiryReason, Login, LoginId, LoginState, PhoneQuestion, WRONG_NUMBERS};
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
    /// WeChat reported who scanned the code, and their phone is asked first.
    Asked {
        /// The identity that scanned.
        identity: IdentityId,
        /// What the phone is asked.
        question: PhoneQuestion,
        /// How long it may take to answer.
        window: Duration,
    },
    /// The phone that scanned lets the client in from a place that asks for more: it takes the number, too.
    NumberDemanded {
        /// The number that the client is to show.
        number: ConfirmNumber,
    },
    /// The phone that scanned lets the client in.
    Confirmed {
        /// The account that the identity is bound to, if any.
        account: Option<AccountId>,
        /// How long the person has to bind a phone number, or the client to collect the session.
        window: Duration,
    },
    /// The phone that scanned sent another number than the client shows.
    WrongNumber,
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
    /// The person whom a registered login logged in says that they did not mean to.
    Disowned,
}

impl LoginEvent {
    const fn name(&self) -> &'static str {
        match self {
            Self::Scanned { .. } => "scanned",
            Self::Asked { .. } => "asked",
            Self::Confirmed { .. } => "confirmed",
            Self::NumberDemanded { .. } => "asked for the client's number",
            Self::WrongNumber => "answered with a number",
            Self::NumberAsked { .. } => "asked for a number",
            Self::Bound { .. } => "bound",
            Self::Cancelled => "cancelled",
            Self::Denied => "denied",
            Self::Disowned => "disowned",
        }
    }
}

/// An event that cannot happen in a state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a login in state {from} cannot be {event}", from = .login.state.name())]
pub struct InvalidTransition {
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
            LoginState::Loop { deadline }
            | LoginState::Scanned { deadline, .. }
            | LoginState::Unregistered { deadline, .. }
                if deadline <= now =>
            {
                self.moved_to(LoginState::Expired { reason: ExpiryReason::Timeout, since: deadline })
            }
            LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Registered { .. }
            | LoginState::Expired { .. } => self,
        }
    }

    /// Returns the login as it stands after an event at `now`.
    ///
    /// # Errors
    /// [`InvalidTransition`] when the event cannot happen in the login's state; nothing moves after the deadline.
    pub fn apply(self, event: LoginEvent, now: Timestamp) -> Result<Self, InvalidTransition> {
        let login = self.at(now);
        match (&login.state, event) {
            (LoginState::Loop { .. }, LoginEvent::Scanned { account: Some(account), window, .. })
            | (LoginState::Scanned { .. }, LoginEvent::Confirmed { account: Some(account), window })
            | (LoginState::Unregistered { .. }, LoginEvent::Bound { account, window }) => {
                let collect_by = now.plus(window);
                Ok(login.moved_to(LoginState::Registered { account, since: now, collect_by }))
            }
            (LoginState::Loop { .. }, LoginEvent::Scanned { identity, account: None, window }) => {
                let identity = Some(identity);
                Ok(login.moved_to(LoginState::Unregistered { identity, deadline: now.plus(window) }))
            }
            (LoginState::Scanned { identity, .. }, LoginEvent::Confirmed { account: None, window }) => {
                let (identity, deadline) = (Some(*identity), now.plus(window));
                Ok(login.moved_to(LoginState::Unregistered { identity, deadline }))
            }
            (LoginState::Loop { .. }, LoginEvent::NumberAsked { window }) => {
                Ok(login.moved_to(LoginState::Unregistered { identity: None, deadline: now.plus(window) }))
            }
            (LoginState::Loop { .. }, LoginEvent::Asked { identity, question, window }) => {
                Ok(login.moved_to(LoginState::Scanned { identity, question, deadline: now.plus(window) }))
            }
            (
                LoginState::Scanned { identity, question: PhoneQuestion::YesOrNo, deadline },
                LoginEvent::NumberDemanded { number },
            ) => {
                let (identity, deadline) = (*identity, *deadline);
                let question = PhoneQuestion::Number { number, wrong: 0 };
                Ok(login.moved_to(LoginState::Scanned { identity, question, deadline }))
            }
            (
                LoginState::Scanned { identity, question: PhoneQuestion::Number { number, wrong }, deadline },
                LoginEvent::WrongNumber,
            ) if wrong + 1 < WRONG_NUMBERS => {
                let question = PhoneQuestion::Number { number: *number, wrong: wrong + 1 };
                let (identity, deadline) = (*identity, *deadline);
                Ok(login.moved_to(LoginState::Scanned { identity, question, deadline }))
            }
            (
                LoginState::Loop { .. } | LoginState::Scanned { .. } | LoginState::Unregistered { .. },
                LoginEvent::Cancelled,
            ) => Ok(login.moved_to(LoginState::Expired { reason: ExpiryReason::Cancelled, since: now })),
            (
                LoginState::Loop { .. } | LoginState::Scanned { .. } | LoginState::Unregistered { .. },
                LoginEvent::Denied,
            )
            | (LoginState::Scanned { .. }, LoginEvent::WrongNumber)
            | (LoginState::Registered { .. }, LoginEvent::Disowned) => {
                Ok(login.moved_to(LoginState::Expired { reason: ExpiryReason::Denied, since: now }))
            }
            (
                LoginState::Loop { .. },
                event @ (LoginEvent::Confirmed { .. }
                | LoginEvent::NumberDemanded { .. }
                | LoginEvent::WrongNumber
                | LoginEvent::Bound { .. }
                | LoginEvent::Disowned),
            )
            | (
                LoginState::Scanned { .. },
                event @ (LoginEvent::Scanned { .. }
                | LoginEvent::Asked { .. }
                | LoginEvent::NumberDemanded { .. }
                | LoginEvent::NumberAsked { .. }
                | LoginEvent::Bound { .. }
                | LoginEvent::Disowned),
            )
            | (
                LoginState::Unregistered { .. },
                event @ (LoginEvent::Scanned { .. }
                | LoginEvent::Asked { .. }
                | LoginEvent::NumberDemanded { .. }
                | LoginEvent::NumberAsked { .. }
                | LoginEvent::Confirmed { .. }
                | LoginEvent::WrongNumber
                | LoginEvent::Disowned),
            )
            | (
                LoginState::Registered { .. },
                event @ (LoginEvent::Scanned { .. }
                | LoginEvent::Asked { .. }
                | LoginEvent::NumberDemanded { .. }
                | LoginEvent::NumberAsked { .. }
                | LoginEvent::Confirmed { .. }
                | LoginEvent::WrongNumber
                | LoginEvent::Bound { .. }
                | LoginEvent::Cancelled
                | LoginEvent::Denied),
            )
            | (LoginState::Expired { .. }, event) => Err(InvalidTransition { event: event.name(), login }),
        }
    }

    fn moved_to(self, state: LoginState) -> Self {
        Self { id: self.id, version: self.version.saturating_add(1), state }
    }
}
