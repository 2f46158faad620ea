//! A line in the log about a login.

use std::time::Duration;

use actix_web::{HttpMessage, HttpRequest};
use saoma_domain::login::LoginId;
use tracing::{Span, field};

use super::{LoginLabels, Step};
use crate::node::LogBudget;

/// What is to be logged of a login, with the id of the request that it was noted for.
#[derive(Clone, Debug)]
pub(super) struct LoginNote {
    pub(super) id: Option<LoginId>,
    pub(super) labels: Option<LoginLabels>,
    /// The step that failed; absent where the login ended.
    pub(super) step: Option<Step>,
    pub(super) outcome: &'static str,
    /// Since the login was started.
    pub(super) lasted: Option<Duration>,
}

/// Logs what was noted for a request, and says to its span which login it is about.
pub(crate) fn log_note(request: &HttpRequest, request_id: &str, span: &Span) {
    // Most requests have nothing noted.
    if request.extensions().get::<LoginNote>().is_none() {
        return;
    }
    let note = request.extensions_mut().remove::<LoginNote>();
    if let Some(note) = note {
        if let Some(id) = note.id {
            span.record("login.id", field::display(id));
        }
        note.log(request_id);
    }
}

impl LoginNote {
    /// Writes the line. Starts that fail, and limits, can be had by strangers at will: ten lines a minute are enough.
    pub(super) fn log(&self, request_id: &str) {
        static BUDGET: LogBudget = LogBudget::new();
        let is_free = self.id.is_none() || self.outcome == "rate_limited";
        let withheld = if is_free { BUDGET.spend() } else { Some(0) };
        let Some(withheld) = withheld else { return };
        let id = self.id.map(|id| id.to_string());
        let (channel, app, purpose) = match &self.labels {
            Some(labels) => (labels.channel.as_str(), labels.app.as_str(), labels.purpose.as_str()),
            None => ("unknown", "unknown", "unknown"),
        };
        let duration_ms = self.lasted.map(|lasted| u64::try_from(lasted.as_millis()).unwrap_or(u64::MAX));
        let outcome = self.outcome;
        match self.step {
            None => tracing::info!(
                request.id = request_id,
                login.id = id,
                channel,
                app,
                purpose,
                outcome,
                duration_ms,
                "a login ended: {outcome} ({channel}, {app})"
            ),
            Some(step) => tracing::info!(
                request.id = request_id,
                login.id = id,
                channel,
                app,
                purpose,
                step = step.as_str(),
                outcome,
                duration_ms,
                withheld,
                "a step of a login failed: {}: {outcome} ({channel}, {app})",
                step.as_str()
            ),
        }
    }
}
