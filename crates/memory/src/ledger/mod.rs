//! The fake of everything that is kept in SQL.

mod accounts;
mod logins;
mod one_time_codes;
mod pruning;
mod scanning;
mod sessions;
mod state;
mod steps;
#[cfg(test)]
mod tests;

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use saoma_domain::ports::StoreError;

use state::State;

/// Accounts, identities, logins, sessions, claims and the audit trail in one process, for tests.
///
/// It decides by the domain's own state machine, and a method is a transaction because it holds the one
/// lock. It forgets what [`Pruning`](saoma_domain::ports::Pruning) removes and nothing else.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    state: Mutex<State>,
    out_of_service: AtomicBool,
}

impl MemoryLedger {
    /// Returns an empty ledger.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the ledger out of service, or puts it back: until then every call fails with
    /// [`StoreError::Unavailable`] and changes nothing.
    pub fn set_available(&self, available: bool) {
        self.out_of_service.store(!available, Ordering::SeqCst);
    }

    fn begin(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        if self.out_of_service.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("the ledger was taken out of service".to_owned()));
        }
        Ok(self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
