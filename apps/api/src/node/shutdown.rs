//! Says that the service is about to stop.

use tokio::sync::watch;

/// Whether the service is about to stop. Waiting clients are told; it cannot be undone.
#[derive(Clone, Debug)]
pub(crate) struct Shutdown(watch::Sender<bool>);

impl Shutdown {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Begins to stop.
    pub(crate) fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Returns whether the service is about to stop.
    pub(crate) fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once the service is about to stop.
    pub(crate) async fn begun(&self) {
        // The sender lives as long as `self`, so this ends only when the service is about to stop.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }
}
