//! Going by copies of sessions, and taking back those of sessions that were ended.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::{FlowError, Flows};
use crate::{
    account::AccountId,
    ports::{CachedSession, KnownSession, LiveSession, StoreError},
    session::SessionTokenHash,
    time::Timestamp,
};

/// How many sessions one call says to be ended.
const BATCH: usize = 500;

/// So many ends are tried again at the most; the copies of those beyond are over by themselves.
const CAPACITY: usize = 10_000;

/// How long an end is tried again: after that there is no copy left which does not know of it. A little longer
/// than a copy lives, for what is on its way.
const TRIED_FOR: Duration = CachedSession::TTL.saturating_add(Duration::from_secs(5));

/// The ends that are committed and not yet known to everybody, each with the moment of its commit.
#[derive(Default)]
pub(super) struct PendingInvalidations(Mutex<HashMap<SessionTokenHash, Timestamp>>);

impl PendingInvalidations {
    fn note(&self, ended: &[SessionTokenHash], now: Timestamp) {
        let mut untold = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for hash in ended {
            if untold.len() < CAPACITY {
                untold.entry(*hash).or_insert(now);
            }
        }
    }

    fn forget(&self, told: &[SessionTokenHash]) {
        let mut untold = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for hash in told {
            untold.remove(hash);
        }
        if untold.is_empty() {
            // Gives back what a flood took up.
            *untold = HashMap::new();
        }
    }

    /// Returns those for which it is not too late, and forgets the others.
    fn recent(&self, now: Timestamp) -> Vec<SessionTokenHash> {
        let mut untold = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        untold.retain(|_, ended_at| now < ended_at.plus(TRIED_FOR));
        untold.keys().copied().collect()
    }
}

impl Flows {
    /// Returns the session with this token unless it was ended, from a copy where there is one.
    ///
    /// Only what can be used is believed of a copy and put up as one: so a session that another node has let
    /// slide, or an account that was opened again, is good at once.
    pub(super) async fn known_session(
        &self,
        token_hash: &SessionTokenHash,
    ) -> Result<Option<KnownSession>, FlowError> {
        let (copies, asked_at) = (&self.ports.session_cache, self.now());
        let copy = copies.read(token_hash).await;
        match &copy {
            Ok(Some(CachedSession::Ended)) => return Ok(None),
            Ok(Some(CachedSession::Live(known))) if self.is_usable(known, asked_at) => {
                return Ok(Some(known.clone()));
            }
            Ok(Some(CachedSession::Live(_) | CachedSession::Invalidated) | None) | Err(_) => {}
        }
        let Some(LiveSession { session, account }) = self.ports.sessions.find(token_hash).await? else {
            return Ok(None);
        };
        let identities = self.ports.accounts.identities(account.id).await?;
        let conflicts = self.ports.accounts.conflicts(account.id).await?;
        let known = KnownSession { session, account, identities, conflicts };
        if copy == Ok(None) && self.is_usable(&known, asked_at) {
            // Without a copy the next check asks again.
            let _ = copies.put(token_hash, &known, asked_at.plus(CachedSession::TTL)).await;
        }
        Ok(Some(known))
    }

    fn is_usable(&self, known: &KnownSession, now: Timestamp) -> bool {
        !known.account.disabled && !known.session.is_over(&self.policy.session, now)
    }

    /// Tells all nodes of sessions whose end is committed. What cannot be told now is told later, by
    /// [`Flows::retry_invalidations`]; also when the caller gives up in between.
    pub(super) async fn invalidate(&self, ended: &[SessionTokenHash]) {
        self.pending_invalidations.note(ended, self.now());
        // Whoever is logged out is logged out: the database says so.
        let _ = self.tell(ended).await;
    }

    /// Tells all nodes of the ends that they could not be told of. To be called every few seconds; returns how
    /// many they were told of.
    ///
    /// # Errors
    /// [`FlowError::Store`] when some could not be told; the next call tries again, for a minute in all.
    pub async fn retry_invalidations(&self) -> Result<usize, FlowError> {
        let untold = self.pending_invalidations.recent(self.now());
        self.tell(&untold).await?;
        Ok(untold.len())
    }

    /// Tells all nodes that what they know of an account is out of date, after it was committed. Whom that does
    /// not reach goes by the copies for as long as they live.
    pub(super) async fn account_changed(&self, account: AccountId) {
        let Ok(sessions) = self.ports.sessions.tokens_of(account).await else { return };
        let until = self.now().plus(CachedSession::INVALIDATED_TTL);
        for batch in sessions.chunks(BATCH) {
            let _ = self.ports.session_cache.invalidate(batch, until).await;
        }
    }

    async fn tell(&self, ended: &[SessionTokenHash]) -> Result<(), StoreError> {
        let until = self.now().plus(CachedSession::ENDED_TTL);
        let mut told = Ok(());
        for batch in ended.chunks(BATCH) {
            // A batch that fails must not keep the others back.
            match self.ports.session_cache.mark_ended(batch, until).await {
                Ok(()) => self.pending_invalidations.forget(batch),
                Err(error) => told = Err(error),
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: usize) -> SessionTokenHash {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        SessionTokenHash::from_store(bytes)
    }

    #[test]
    fn a_flood_of_ends_is_not_kept_in_mind_without_bound() {
        let (untold, now) = (PendingInvalidations::default(), Timestamp::from_secs(1));
        let many: Vec<_> = (0..CAPACITY + 1).map(hash).collect();
        untold.note(&many, now);
        assert_eq!(untold.recent(now).len(), CAPACITY);
        untold.forget(&many);
        assert_eq!(untold.recent(now), []);
        assert_eq!(untold.0.lock().unwrap().capacity(), 0);
    }

    #[test]
    fn an_end_that_is_noted_again_is_as_old_as_it_was() {
        let (untold, now) = (PendingInvalidations::default(), Timestamp::from_secs(1));
        untold.note(&[hash(1)], now);
        untold.note(&[hash(1), hash(2)], now.plus(Duration::from_secs(9)));
        assert_eq!(untold.recent(now.plus(TRIED_FOR).minus(Duration::from_millis(1))).len(), 2);
        assert_eq!(untold.recent(now.plus(TRIED_FOR)), [hash(2)]);
    }
}
