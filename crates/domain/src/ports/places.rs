//! Where addresses are.

use std::net::IpAddr;

use crate::{nearness::Nearness, place::Place};

/// Knows where addresses are.
///
/// An implementation MUST answer from its own memory: it is asked while a person waits for a page. What it says is a guess
/// for the eyes of people and for rules that ask for more; nothing is granted because of it.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Places: Send + Sync {
    /// Returns where an address is; `None` where that is not known.
    fn place(&self, ip: IpAddr) -> Option<Place>;
}

impl dyn Places + '_ {
    /// Returns how near two addresses seem to be.
    pub fn nearness(&self, one: IpAddr, other: IpAddr) -> Nearness {
        let (one_place, other_place) = (self.place(one), self.place(other));
        Nearness::of((one, one_place.as_ref()), (other, other_place.as_ref()))
    }
}

/// Knows no place.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPlaces;

impl Places for NoPlaces {
    fn place(&self, _: IpAddr) -> Option<Place> {
        None
    }
}
