//! Signs that codes are relayed: an attacker shows their own code to other people.

/// A sign that a code is relayed. None of them proves it, and nothing is refused because of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Suspicion {
    /// A code that one person had scanned was scanned by another.
    ScannedBySeveral,
    /// A second person refused a code that was asked for from one address.
    RefusedBySeveral,
    /// From an address whose code was refused a new one was asked for, while it gets none.
    TriedAgain,
}

impl Suspicion {
    /// All signs.
    pub const ALL: [Self; 3] = [Self::ScannedBySeveral, Self::RefusedBySeveral, Self::TriedAgain];

    /// Returns the word of the trail, the event and the metric.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ScannedBySeveral => "scanned_by_several",
            Self::RefusedBySeveral => "refused_by_several",
            Self::TriedAgain => "tried_again",
        }
    }
}
