//! Of all nodes one makes the next key, and the keys of before are published until nothing they signed is valid.

use std::time::Duration;

use async_trait::async_trait;

use super::{
    rows::{RowResult, SigningKeyRow, SigningKeyRows},
    transactions::Transactions,
};
use crate::{
    ports::{SigningKeys, StoreError, StoredSigningKey},
    signing::SigningAlgorithm,
    time::Timestamp,
};

/// How long a key is published after its time to sign: longer than any token is valid, and a client that was asleep may come late.
pub const KEYS_PUBLISHED_LONGER: Duration = Duration::from_secs(8 * 24 * 60 * 60);

/// How long before its time a key is published, so that every client has read it by then.
const PUBLISHED_BEFORE: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// A key to be made: its number, and when it signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NextKey {
    pub(crate) generation: u32,
    pub(crate) signs_from: Timestamp,
    pub(crate) signs_until: Timestamp,
}

impl NextKey {
    /// Returns the key that has to be made now, if one has to be: where there is no usable one at once, else some time before the
    /// last one's time is over.
    ///
    /// `is_usable` says which keys this node can open; one that was sealed with another server key is as good as none.
    pub(crate) fn due(
        keys: &[StoredSigningKey],
        algorithm: SigningAlgorithm,
        is_usable: impl Fn(&StoredSigningKey) -> bool,
        signs_for: Duration,
        now: Timestamp,
    ) -> Option<Self> {
        let last = keys.iter().filter(|key| key.algorithm == algorithm).max_by_key(|key| key.generation);
        let generation = last.map_or(1, |last| last.generation.saturating_add(1));
        let signs_from = match last {
            Some(last) if is_usable(last) => {
                if now < last.signs_until.minus(PUBLISHED_BEFORE.min(signs_for / 2)) {
                    return None;
                }
                last.signs_until.max(now)
            }
            Some(_) | None => now,
        };
        Some(Self { generation, signs_from, signs_until: signs_from.plus(signs_for) })
    }
}

/// A key to add.
struct KeyToAdd {
    key: SigningKeyRow,
    now: Timestamp,
}

#[async_trait]
impl<X: Transactions> SigningKeys for X {
    async fn signing_keys(&self) -> Result<Vec<StoredSigningKey>, StoreError> {
        self.read((), |rows, ()| Box::pin(rows.signing_keys())).await
    }

    async fn add_signing_key(
        &self,
        key: StoredSigningKey,
        now: Timestamp,
    ) -> Result<Vec<StoredSigningKey>, StoreError> {
        self.run(KeyToAdd { key, now }, |rows, wanted| Box::pin(add_signing_key(rows, wanted))).await
    }
}

async fn add_signing_key(rows: &mut impl SigningKeyRows, wanted: &KeyToAdd) -> RowResult<Vec<SigningKeyRow>> {
    let keys = rows.signing_keys().await?;
    let SigningKeyRow { algorithm, generation, .. } = wanted.key;
    if keys.iter().any(|key| key.algorithm == algorithm && key.generation >= generation) {
        return Ok(keys);
    }
    rows.insert_signing_key(&wanted.key).await?;
    let is_over = |key: &SigningKeyRow| key.algorithm == algorithm && key.published_until <= wanted.now;
    let (over, mut left): (Vec<_>, Vec<_>) = keys.into_iter().partition(is_over);
    for key in over {
        rows.delete_signing_key(key.algorithm, key.generation).await?;
    }
    left.push(wanted.key.clone());
    left.sort_by_key(|key| (key.algorithm, key.generation));
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn day(number: u32) -> Timestamp {
        Timestamp::from_secs(0).plus(DAY * number)
    }

    fn key(generation: u32, from: u32, until: u32) -> StoredSigningKey {
        StoredSigningKey {
            algorithm: SigningAlgorithm::Es256,
            generation,
            sealed: Vec::new(),
            signs_from: day(from),
            signs_until: day(until),
            published_until: day(until).plus(KEYS_PUBLISHED_LONGER),
        }
    }

    fn due(keys: &[StoredSigningKey], now: Timestamp) -> Option<NextKey> {
        NextKey::due(keys, SigningAlgorithm::Es256, |_| true, DAY * 90, now)
    }

    fn next(generation: u32, from: u32) -> Option<NextKey> {
        Some(NextKey { generation, signs_from: day(from), signs_until: day(from + 90) })
    }

    #[test]
    fn the_first_key_signs_at_once() {
        assert_eq!(due(&[], day(7)), next(1, 7));
        let other = StoredSigningKey { algorithm: SigningAlgorithm::Rs256, ..key(5, 0, 90) };
        assert_eq!(due(&[other], day(7)), next(1, 7));
    }

    #[test]
    fn the_next_key_is_published_two_days_before_it_signs() {
        assert_eq!(due(&[key(1, 0, 90)], day(87)), None);
        assert_eq!(due(&[key(1, 0, 90)], day(88)), next(2, 90));
        assert_eq!(due(&[key(1, 0, 90), key(2, 90, 180)], day(89)), None);
    }

    #[test]
    fn a_key_whose_time_went_by_is_followed_at_once() {
        assert_eq!(due(&[key(1, 0, 90)], day(95)), next(2, 95));
    }

    #[test]
    fn a_key_that_cannot_be_opened_is_followed_at_once() {
        let due = NextKey::due(&[key(1, 0, 90)], SigningAlgorithm::Es256, |_| false, DAY * 90, day(3));
        assert_eq!(due, next(2, 3));
    }
}
