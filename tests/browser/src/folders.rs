//! Where the tests read and write.

use std::{env, path::PathBuf};

/// Returns the folder `target` of the workspace.
pub(crate) fn target() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target")
}

/// Returns where this run's screenshots go: `SAOMA_SCREENSHOTS`, or `target/screenshots`.
pub(crate) fn screenshots() -> PathBuf {
    env::var_os("SAOMA_SCREENSHOTS").map_or_else(|| target().join("screenshots"), PathBuf::from)
}

/// Returns where the stored screenshots are.
pub(crate) fn stored_screenshots() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("screenshots")
}
