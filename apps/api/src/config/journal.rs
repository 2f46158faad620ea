//! The sections `[journal]` and `[audit]`.

use std::{path::PathBuf, time::Duration};

use super::section::Section;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What is kept of what WeChat told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalConfig {
    /// How long; zero: nothing is written.
    pub keep: Duration,
    /// Whether the texts of messages are kept.
    pub keep_text: bool,
}

pub(super) fn read(section: &mut Section<'_>) -> JournalConfig {
    let days = section.number("keep_days", 7, 0..=400);
    JournalConfig { keep: DAY * days, keep_text: section.flag("keep_text", false) }
}

/// What is kept of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditConfig {
    /// How long; zero: for ever.
    pub keep: Duration,
    /// Where the head of the chain is written down each hour.
    pub head_file: Option<PathBuf>,
}

pub(super) fn read_audit(section: &mut Section<'_>) -> AuditConfig {
    let days = section.number("keep_days", 400, 0..=36_500);
    AuditConfig { keep: DAY * days, head_file: section.text("head_file").map(PathBuf::from) }
}
