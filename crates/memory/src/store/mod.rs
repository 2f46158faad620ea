//! The building blocks of stores that are bounded and whose entries expire.

mod bounded;
mod copies;
mod expiring;
mod quota;
mod sharded;

pub(crate) use bounded::{Bounded, REMOVED_PER_WRITE, REMOVED_WHEN_FULL};
pub(crate) use copies::{Copies, ReadBegun};
pub(crate) use expiring::Expiring;
pub(crate) use quota::Quota;
pub(crate) use sharded::{Locked, Sharded};
