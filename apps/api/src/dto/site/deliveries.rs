//! Deliveries to webhooks that wait or failed.

use saoma_domain::{login::LoginId, ports::EventDelivery};
use serde::Serialize;
use utoipa::ToSchema;

use crate::dto::rfc3339;

/// An event that one receiver has not taken yet.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryBody {
    /// By which it is retried.
    pub(crate) id: String,
    /// The webhook's URL without its query; `embedder` for what hears in the process of the service.
    webhook: String,
    /// Such as `account.created`.
    r#type: &'static str,
    /// When it happened.
    timestamp: String,
    account: Option<String>,
    login: Option<String>,
    /// `waiting` or `failed`.
    state: &'static str,
    /// How often it was tried.
    tries: u32,
    /// When it is tried next, while it waits.
    next_try_at: Option<String>,
    /// Why the last try failed.
    last_error: Option<String>,
}

impl DeliveryBody {
    /// Says what is known of a delivery to a target.
    pub(crate) fn new(delivery: &EventDelivery, target: String) -> Self {
        let event = &delivery.event;
        Self {
            id: delivery.id.to_string(),
            webhook: target,
            r#type: event.kind.as_str(),
            timestamp: rfc3339(event.at),
            account: event.account.map(|id| id.to_string()),
            login: event.login.as_ref().map(LoginId::to_string),
            state: if delivery.next_try_at.is_some() { "waiting" } else { "failed" },
            tries: delivery.tries,
            next_try_at: delivery.next_try_at.map(rfc3339),
            last_error: delivery.last_error.clone(),
        }
    }
}
