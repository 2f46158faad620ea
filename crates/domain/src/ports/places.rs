//! Where addresses are.

use std::net::IpAddr;

use crate::place::Place;

/// Knows where addresses are.
///
/// An implementation MUST answer from its own memory: it is asked while a person waits for a page. What it says is a guess
/// for the eyes of people and for rules that ask for more; nothing is granted because of it.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Places: Send + Sync {
    /// Returns where an address is; `None` where that is not known.
    fn place(&self, ip: IpAddr) -> Option<Place>;
}

/// Knows no place.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPlaces;

impl Places for NoPlaces {
    fn place(&self, _: IpAddr) -> Option<Place> {
        None
    }
}
