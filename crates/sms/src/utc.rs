//! Times as clouds want them.

use saoma_domain::time::Timestamp;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Returns a moment in UTC, as `2025-11-20T03:40:00Z`.
pub(crate) fn utc(at: Timestamp) -> String {
    let time = OffsetDateTime::from_unix_timestamp(at.as_secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(&Rfc3339).unwrap_or_default()
}
