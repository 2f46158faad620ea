//! What all the stores that forget by themselves are made of.

mod expiring;
mod quota;
mod sharded;

pub(crate) use expiring::Expiring;
pub(crate) use quota::Quota;
pub(crate) use sharded::{Locked, Sharded};

/// How many entries that are over one write removes at the most, besides its own work: more than the one it
/// may add, so that a busy store never falls behind.
pub(crate) const SWEPT_AT_ONCE: usize = 4;

/// How many keys of each part a write looks at when there is no room left.
pub(crate) const SWEPT_WHEN_FULL: usize = 64;
