//! What happens to accounts.

use std::time::Duration;

use saoma_domain::ports::{FollowChange, Removal, Removed};

use super::{
    logins::openid_of,
    play::{Play, Verdict, recent},
    sessions::sorted,
    step::APPS,
};
use crate::values::{app, phone};

impl Play {
    /// Takes an identity from its account, or from one that it is not bound to.
    pub(super) async fn remove(&self, identity: usize, asked_by: usize) -> Verdict {
        let Some(identity) = recent(&self.seen.identities, identity) else { return Ok(()) };
        let known = self.both(async |ledger| ledger.identity(identity).await).await?.flatten();
        let account = known.and_then(|known| known.account).unwrap_or_else(|| self.account(0));
        let Some((asked_by, _)) = recent(&self.seen.sessions, asked_by) else { return Ok(()) };
        let removal = Removal { account, identity, asked_by, at: self.at() };
        self.both(async |ledger| {
            Ok(match ledger.remove_identity(removal.clone()).await? {
                Removed::Done { ended } => Removed::Done { ended: sorted(ended) },
                other @ (Removed::LastOne | Removed::Unknown) => other,
            })
        })
        .await?;
        Ok(())
    }

    pub(super) async fn change_phone(&self, account: usize, number: usize) -> Verdict {
        let (account, number) = (self.account(account), u32::try_from(number).expect("small numbers"));
        self.both(async |ledger| ledger.change_phone(account, phone(number), self.at()).await).await?;
        Ok(())
    }

    pub(super) async fn follow(
        &self,
        app_number: usize,
        person: usize,
        subscribed: bool,
        ago: Duration,
    ) -> Verdict {
        let (app, openid) = (app(APPS[app_number].0), openid_of(person));
        let noted = FollowChange { app, openid, subscribed, at: self.at().minus(ago) };
        self.both(async |ledger| ledger.record_follow(noted.clone()).await).await?;
        Ok(())
    }

    pub(super) async fn shut(&self, account: usize, shut: bool) -> Verdict {
        let account = self.account(account);
        self.both(async |ledger| ledger.set_disabled(account, shut).await).await?;
        Ok(())
    }
}
