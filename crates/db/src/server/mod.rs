//! What the backends with a server share: its address, TLS, and the pool of connections to it.

mod address;
mod pool;
mod tls;

pub(crate) use address::{Address, Place};
pub(crate) use pool::{ATTEMPT, Opening, open_pool};
pub(crate) use tls::{Encryption, roots};

use std::time::Duration;

/// How long opening a connection may take.
pub(crate) const OPENING: Duration = Duration::from_secs(1);

/// How long several nodes that change the schema at once wait for their turns.
pub(crate) const TURN: Duration = Duration::from_secs(60);
