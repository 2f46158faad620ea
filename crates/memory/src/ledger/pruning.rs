//! Removing what is over.

use async_trait::async_trait;
use saoma_domain::{
    login::{Login, LoginState},
    ports::{LOGIN_KEPT_FOR, Pruning, StoreError},
    time::Timestamp,
};

use super::{MemoryLedger, state::State};

#[async_trait]
impl Pruning for MemoryLedger {
    async fn prune(&self, now: Timestamp, batch: u32) -> Result<u64, StoreError> {
        let batch = usize::try_from(batch).unwrap_or(usize::MAX);
        let over_since = now.minus(LOGIN_KEPT_FOR);
        let mut state = self.begin()?;
        let logins = state.prune_logins(over_since, batch);
        let sessions =
            take_out(&mut state.sessions, batch, |row| row.ended.is_some_and(|at| at <= over_since));
        let identities = take_out(&mut state.identities, batch, |row| {
            row.identity.account.is_none() && row.kept_until <= now
        });
        let one_time_codes = state.prune_claims(now, batch);
        Ok(u64::try_from(logins + sessions + identities + one_time_codes).unwrap_or(u64::MAX))
    }
}

impl State {
    fn prune_logins(&mut self, over_since: Timestamp, batch: usize) -> usize {
        let happened = self.logins.values().map(|row| (row.login.id, last_deadline(&row.login)));
        let expected = self.pending_links.keys().map(|id| (*id, id.deadline()));
        let over = happened.chain(expected).filter(|(_, deadline)| *deadline <= over_since);
        let ids: Vec<_> = over.take(batch).map(|(id, _)| id).collect();
        for id in &ids {
            self.logins.remove(id);
            self.pending_links.remove(id);
        }
        ids.len()
    }

    fn prune_claims(&mut self, now: Timestamp, batch: usize) -> usize {
        let over = self.one_time_codes.iter().filter(|(_, claim)| claim.until <= now);
        let over: Vec<_> = over.take(batch).map(|(what, _)| *what).collect();
        for what in &over {
            self.one_time_codes.remove(what);
        }
        over.len()
    }
}

/// Returns the last moment at which anybody may have business with a login.
pub(super) fn last_deadline(login: &Login) -> Timestamp {
    let deadline = match &login.state {
        LoginState::Loop { deadline } | LoginState::Unregistered { deadline, .. } => *deadline,
        LoginState::Registered { collect_by, .. } => *collect_by,
        LoginState::Expired { since, .. } => *since,
    };
    deadline.max(login.id.deadline())
}

/// Removes the first `batch` rows that `is_over` says so of, and returns how many those are.
fn take_out<T>(rows: &mut Vec<T>, batch: usize, is_over: impl Fn(&T) -> bool) -> usize {
    let mut removed = 0;
    rows.retain(|row| {
        let goes = removed < batch && is_over(row);
        removed += usize::from(goes);
        !goes
    });
    removed
}
