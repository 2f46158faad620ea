//! Open files: each connection is one, and the stores and WeChat need theirs.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What is kept back for the stores, WeChat, SMS and files: their pools are smaller than this.
const KEPT_BACK: u64 = 192;

/// More would take gigabytes.
const MOST: u64 = 100_000;

/// Raises the limit of open files as far as the system allows, and returns how many of them connections of clients may be
/// beside `others`, which have connections of their own.
pub(super) fn for_connections(others: usize) -> usize {
    let limit = getrlimit(Resource::Nofile);
    // It stays as it is where the system does not allow it after all.
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let files = if raised.is_ok() { limit.maximum } else { limit.current };
    let left = connections(files.unwrap_or(u64::MAX), others as u64);
    tracing::info!(server.connections = left, "clients may have {left} connections to this node");
    usize::try_from(left).unwrap_or(usize::MAX)
}

/// Returns how many of so many open files connections may be. Where there are few, half of them are kept back.
fn connections(files: u64, others: u64) -> u64 {
    files.saturating_sub((KEPT_BACK + others).min(files / 2)).min(MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_for_stores_and_wechat_are_kept_back() {
        assert_eq!(connections(1024, 64), 768);
        assert_eq!(connections(64, 64), 32, "a few of few");
        assert_eq!(connections(20_000, 64), 19_744);
        assert_eq!(connections(u64::MAX, 64), MOST);
    }
}
