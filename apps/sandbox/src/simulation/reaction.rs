//! What comes of something that a person does.

use serde::Serialize;

use crate::world::{Delivery, EventKind, Outcome};

/// What WeChat did when a person did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Reaction {
    /// An event was sent to the service, as often as was asked for.
    Sent {
        /// The number of the event in the log.
        event: u64,
        /// What it tells.
        kind: EventKind,
        /// Each sending, in the order in which they ended.
        deliveries: Vec<Delivery>,
    },
    /// The service was told nothing.
    NotSent {
        /// Why.
        reason: NotSent,
    },
}

impl Reaction {
    /// Returns the text that the service replied with, where it did.
    pub fn reply(&self) -> Option<&str> {
        self.outcomes().into_iter().find_map(|outcome| match outcome {
            Outcome::Reply(text) => Some(text.as_str()),
            Outcome::Silent | Outcome::Fault(_) => None,
        })
    }

    /// Returns what came of each sending; nothing when the service was told nothing.
    pub fn outcomes(&self) -> Vec<&Outcome> {
        match self {
            Self::Sent { deliveries, .. } => deliveries.iter().map(|delivery| &delivery.outcome).collect(),
            Self::NotSent { .. } => Vec::new(),
        }
    }
}

/// Why the service was told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotSent {
    /// The code's time is over; the person is told so.
    QrExpired,
    /// No account here has made such a code.
    QrUnknown,
    /// The person follows the account already.
    AlreadyFollows,
    /// The person does not follow the account, so there is no chat to write in or to leave.
    DoesNotFollow,
    /// There is nothing in the message, or more than 2000 characters.
    TextLength,
    /// The account has no callback URL.
    NoCallbackUrl,
}
