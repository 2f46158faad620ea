//! Recording a person whom WeChat named for a login, by whichever way in, and telling everybody.

use std::time::Duration;

use super::{FlowError, Flows};
use crate::{
    account::IdentityId,
    login::{Asker, Channel, Login, LoginId, LoginState},
    ports::{Scan, ScanRecord, ScanTaken},
    time::Timestamp,
    wechat::{AppName, OpenId, Profile, Union, UnionId},
};

/// A person who is named this close to the deadline is too late: the transaction might end after the deadline,
/// when the waiting client may have been told that the time is up. Of short lifetimes it is an eighth.
const COMMIT_MARGIN: Duration = Duration::from_secs(4);

/// A person whom WeChat named.
pub(super) struct Named {
    /// The app that named them.
    pub(super) app: AppName,
    /// The way in.
    pub(super) channel: Channel,
    /// Who it is.
    pub(super) openid: OpenId,
    /// The link to the person's other apps, where it is known.
    pub(super) unionid: Option<UnionId>,
    /// Name and picture, where they are known.
    pub(super) profile: Profile,
    /// Who asked for the login, as far as that is known.
    pub(super) asker: Asker,
}

impl Flows {
    /// Commits whom WeChat named for a login that was issued for this lifetime, then wakes whoever waits.
    pub(super) async fn record(
        &self,
        login: LoginId,
        person: Named,
        lifetime: Duration,
    ) -> Result<ScanTaken, FlowError> {
        let scan = Scan {
            login,
            union: self.union(&person.app, person.unionid),
            app: person.app,
            channel: person.channel,
            openid: person.openid,
            profile: person.profile,
            asker: person.asker,
            at: self.in_time(login, lifetime),
            window: self.policy.bind_ttl,
            new_identity: IdentityId::generate(self.now(), &*self.ports.random),
        };
        let taken = self.ports.logins.take_scan(scan).await?;
        if let ScanTaken::First(ScanRecord { login, bound_now: true, .. }) = &taken {
            self.bound(login).await;
        }
        match &taken {
            // Also for a repetition: the node that took the first one may have died before it told the board.
            ScanTaken::First(record) | ScanTaken::Again(record) => self.publish(&record.login).await,
            ScanTaken::NotJoined(login) => self.publish(login).await,
            ScanTaken::ByAnother | ScanTaken::Over(_) => {}
        }
        Ok(taken)
    }

    /// Tells that a login has bound an identity to its account.
    pub(super) async fn bound(&self, login: &Login) {
        match login.state {
            LoginState::Registered { account, .. } => self.account_changed(account).await,
            LoginState::Loop { .. } | LoginState::Unregistered { .. } | LoginState::Expired { .. } => {}
        }
    }

    /// Returns the current time, or the deadline where it is too close.
    fn in_time(&self, login: LoginId, lifetime: Duration) -> Timestamp {
        let (now, deadline) = (self.now(), login.deadline());
        let too_late = deadline <= now.plus(COMMIT_MARGIN.min(lifetime / 8));
        if too_late { now.max(deadline) } else { now }
    }

    /// Returns a person within the open-platform account of an app, if links are wanted.
    pub(super) fn union(&self, app: &AppName, unionid: Option<UnionId>) -> Option<Union> {
        let open_account = self.policy.open_accounts.get(app).filter(|_| self.policy.link_by_unionid)?;
        Some(Union { open_account: open_account.clone(), unionid: unionid? })
    }

    /// Tells the board and the waiters what was committed; the board reports its own failures.
    pub(super) async fn publish(&self, login: &Login) {
        let until = match login.state {
            LoginState::Loop { deadline } | LoginState::Unregistered { deadline, .. } => deadline,
            LoginState::Registered { collect_by, .. } => collect_by.plus(self.policy.handover),
            LoginState::Expired { since, .. } => since.plus(super::TOMBSTONE),
        };
        let _ = self.ports.board.publish(login, until).await;
    }
}
