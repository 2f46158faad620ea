//! The results of what a person does.

use serde::Serialize;
use serde_json::Value;

use crate::state::{Delivery, DeliveryOutcome, EventKind};

/// WeChat's reaction to what a person did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Reaction {
    /// An event was sent to the service, in as many copies as were asked for.
    Sent {
        /// The number of the event in the log.
        event: u64,
        /// What it reports.
        kind: EventKind,
        /// The deliveries, in the order in which they ended.
        deliveries: Vec<Delivery>,
    },
    /// No event was sent.
    NotSent {
        /// Why.
        reason: NotSent,
    },
}

impl Reaction {
    /// Returns the first text that the service replied with.
    pub fn reply(&self) -> Option<&str> {
        self.outcomes().into_iter().find_map(|outcome| match outcome {
            DeliveryOutcome::Reply(text) => Some(text.as_str()),
            DeliveryOutcome::Silent | DeliveryOutcome::Fault(_) => None,
        })
    }

    /// Returns the outcome of each delivery; empty when no event was sent.
    pub fn outcomes(&self) -> Vec<&DeliveryOutcome> {
        match self {
            Self::Sent { deliveries, .. } => deliveries.iter().map(|delivery| &delivery.outcome).collect(),
            Self::NotSent { .. } => Vec::new(),
        }
    }
}

/// Why no event was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotSent {
    /// The code has expired; the person's chat says so.
    QrExpired,
    /// No account here has made such a code.
    QrUnknown,
    /// The person follows the account already.
    AlreadyFollows,
    /// The person does not follow the account, so that there is no chat to write in or to leave.
    DoesNotFollow,
    /// The message is empty or has more than 2000 characters.
    TextLength,
    /// The account has no callback URL.
    NoCallbackUrl,
}

/// The answer of the service that a mini program belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The JSON; `null` where the body is none.
    pub body: Value,
}
