//! What can go wrong on the way.

use std::time::Duration;

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the server.
    ToServer,
    /// From the server to the client.
    ToClient,
    /// Either way.
    Both,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Bytes arrive so much later.
    Delay(Duration),
    /// A connection is closed after it has passed on so many more bytes.
    CutAfter(u64),
    /// Connections are reset (RST), at once; in one direction only the end there is told so, and the other one
    /// sees an ordinary end.
    Reset,
    /// Bytes are swallowed. A connection that has lost some passes on no more of them, even afterwards.
    BlackHole,
    /// Of every so many messages to a subscriber of Redis the last one is swallowed; answers pass. To be set
    /// while no message is on its way, else the beginning of the next one is not found.
    DropMessages {
        /// One of how many; 0 drops none.
        every: u32,
    },
}

/// The faults that act at the moment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Faults {
    pub(super) to_server: Option<Fault>,
    pub(super) to_client: Option<Fault>,
    pub(super) refused: bool,
    /// Counts the changes, so that a count of bytes begins anew with each.
    pub(super) change: u64,
    /// Connections that were opened before this change pass on nothing.
    pub(super) silent_before: u64,
}

impl Faults {
    pub(super) fn set(&mut self, direction: Direction, fault: Fault) {
        self.change += 1;
        match direction {
            Direction::ToServer => self.to_server = Some(fault),
            Direction::ToClient => self.to_client = Some(fault),
            Direction::Both => (self.to_server, self.to_client) = (Some(fault), Some(fault)),
        }
    }

    pub(super) fn silencing(self) -> Self {
        Self { change: self.change + 1, silent_before: self.change + 1, ..self }
    }

    pub(super) fn refusing(self) -> Self {
        Self { refused: true, change: self.change + 1, ..Self::default() }
    }

    pub(super) fn healed(self) -> Self {
        Self { change: self.change + 1, ..Self::default() }
    }

    /// Returns whether the server's and the client's end are to be reset now, if either is.
    pub(super) fn resets(&self) -> Option<Resets> {
        let server = self.refused || self.to_server == Some(Fault::Reset);
        let client = self.refused || self.to_client == Some(Fault::Reset);
        (server || client).then_some(Resets { server, client })
    }
}

/// Which ends of a connection are reset instead of closed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Resets {
    pub(super) server: bool,
    pub(super) client: bool,
}

impl Resets {
    pub(super) const BOTH: Self = Self { server: true, client: true };
}
