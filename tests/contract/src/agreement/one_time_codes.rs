//! What may be used once, and removing what is over.

use std::time::Duration;

use saoma_domain::{
    ports::{CodeHash, Redemption},
    time::Timestamp,
};

use super::play::{Play, Verdict};

/// How much longer than asked for a claim may be kept.
const GRACE: Duration = Duration::from_secs(60 * 60);

impl Play {
    pub(super) async fn redeem(&mut self, code: usize, by: u64, kept: Duration) -> Verdict {
        let what = CodeHash::of("code", &[&code.to_be_bytes()]);
        let (by, until) = (CodeHash::of("login", &[&by.to_be_bytes()]), self.at().plus(kept));
        let claimed = self.both(async |ledger| ledger.redeem(what, by, until).await).await?;
        if claimed != Some(Redemption::ByAnother) {
            let kept = self.one_time_codes.entry(code).or_insert(until);
            *kept = until.max(*kept);
        }
        Ok(())
    }

    /// Prunes until nothing is left to be removed, at a moment at which it is certain which claims are kept.
    pub(super) async fn prune(&mut self, batch: u32) -> Verdict {
        while let Some(until) = self.in_grace() {
            self.now = self.now.plus(until.plus(GRACE).saturating_duration_since(self.at()));
        }
        let now = self.at();
        let mut removed = Some(1);
        while removed.is_some_and(|removed| removed > 0) {
            removed = self.both(async |ledger| ledger.prune(now, batch).await).await?;
        }
        self.one_time_codes.retain(|_, until| *until > now);
        Ok(())
    }

    /// Returns until when a claim had to be kept that one ledger may have kept and the other not.
    fn in_grace(&self) -> Option<Timestamp> {
        let now = self.at();
        self.one_time_codes.values().find(|until| **until <= now && now < until.plus(GRACE)).copied()
    }
}
