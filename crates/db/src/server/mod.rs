//! What the backends with a server share: its address, TLS, and the pool of connections to it. `journal_batch.rs`, `store.rs`
//! and `transaction.rs` stand here too, and are mounted by each of them.

mod address;
mod pool;
mod tls;

pub(crate) use address::{Address, Endpoint};
#[cfg(feature = "postgres")]
pub(crate) use pool::OPENING;
pub(crate) use pool::{ATTEMPT, Opening, open_pool};
pub(crate) use tls::{Encryption, roots};
