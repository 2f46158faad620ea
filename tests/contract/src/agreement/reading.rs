//! Comparing everything that can be read.

use saoma_domain::ports::{AuditEntry, Logins, Sessions};

use super::{
    play::{Play, Verdict},
    sessions::sorted,
};

/// More entries than a play can leave.
const ALL: u32 = 1000;

impl Play {
    /// Asks both ledgers for everything that they hold, in all ways.
    pub(super) async fn compare_everything(&self) -> Verdict {
        self.compare_logins().await?;
        self.compare_accounts().await?;
        for identity in &self.seen.identities {
            self.both(async |ledger| ledger.identity(*identity).await).await?;
        }
        for token in &self.seen.tokens {
            self.both(async |ledger| Sessions::find(ledger, token).await).await?;
        }
        Ok(())
    }

    async fn compare_logins(&self) -> Verdict {
        let ids = &self.seen.logins;
        for id in ids {
            self.both(async |ledger| Logins::find(ledger, *id).await).await?;
        }
        self.both(async |ledger| {
            let mut logins = ledger.find_many(ids).await?;
            logins.sort_by_key(|login| login.id);
            Ok(logins)
        })
        .await?;
        Ok(())
    }

    async fn compare_accounts(&self) -> Verdict {
        for id in self.seen.accounts.iter().copied() {
            self.both(async |ledger| ledger.account(id).await).await?;
            self.both(async |ledger| ledger.identities(id).await).await?;
            self.both(async |ledger| ledger.conflicts(id).await).await?;
            self.both(async |ledger| ledger.list(id).await).await?;
            self.both(async |ledger| ledger.tokens_of(id).await.map(sorted)).await?;
            self.both(async |ledger| ledger.entries(id, ALL).await.map(in_any_order_at_one_moment)).await?;
        }
        Ok(())
    }
}

/// Sorts neighbours of one kind and moment, which one call may have written in any order.
fn in_any_order_at_one_moment(mut entries: Vec<AuditEntry>) -> Vec<AuditEntry> {
    for same in entries.chunk_by_mut(|one, next| (one.at, one.kind) == (next.at, next.kind)) {
        same.sort_by_key(|entry| entry.login);
    }
    entries
}
