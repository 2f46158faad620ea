//! The word that the service is about to stop.

use tokio::sync::watch;

/// Tells everybody who waits that the service is about to stop; once said it stays said.
#[derive(Clone, Debug)]
pub(crate) struct Shutdown(watch::Sender<bool>);

impl Shutdown {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Says that the service stops.
    pub(crate) fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Returns whether it was said.
    pub(crate) fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once it was said.
    pub(crate) async fn begun(&self) {
        // The sender lives as long as `self`, so this ends only when it was said.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }
}
