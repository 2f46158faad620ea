//! What an embedder lets the chat say after a scan.

use async_trait::async_trait;

use crate::chat::ScanSaid;

/// Chooses the words of the chat after a scan, where the texts of the configuration (`replies`) are not enough.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ChatTexts: Send + Sync {
    /// Returns whether it has words of its own. Without, nothing is looked up for it.
    fn is_used(&self) -> bool {
        true
    }

    /// Returns what to say to the person; `None` for what the configuration says. After a second the configuration's text
    /// is said as well.
    async fn after_scan(&self, scan: ScanSaid) -> Option<String>;
}

/// Has no words of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoChatTexts;

#[async_trait]
impl ChatTexts for NoChatTexts {
    fn is_used(&self) -> bool {
        false
    }

    async fn after_scan(&self, _: ScanSaid) -> Option<String> {
        None
    }
}
