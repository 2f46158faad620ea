//! Times as the contract writes them.

use saoma_domain::time::Timestamp;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Returns a moment as RFC 3339 in UTC, in whole seconds.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    let time = OffsetDateTime::from_unix_timestamp(at.as_secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(&Rfc3339).unwrap_or_default()
}
