//! Recording a person whom WeChat named for a login, by whichever way in, and telling everybody.

use std::time::Duration;

use super::{FlowError, Flows};
use crate::{
    account::IdentityId,
    login::{Channel, ClientInfo, Login, LoginId, LoginState},
    ports::{Scan, ScanRecord, ScanTaken, StoreError},
    time::Timestamp,
    wechat::{AppName, OpenId, Profile, RawUnionId, UnionId},
};

/// A person who is named this close to the deadline is too late: the transaction might end after the deadline,
/// when the waiting client may have been told that the time is up. Of short lifetimes it is an eighth.
const COMMIT_MARGIN: Duration = Duration::from_secs(4);

/// How often a person is recorded whose code is used up: there would be no other way to name them again.
const TRIES: usize = 3;

/// A person whom WeChat named.
#[derive(Clone)]
pub(super) struct IdentifiedPerson {
    /// The app that named them.
    pub(super) app: AppName,
    /// The way in.
    pub(super) channel: Channel,
    /// Who it is.
    pub(super) openid: OpenId,
    /// The link to the person's other apps, where it is known.
    pub(super) unionid: Option<RawUnionId>,
    /// Name and picture, where they are known.
    pub(super) profile: Profile,
    /// Who asked for the login, as far as that is known.
    pub(super) client_info: ClientInfo,
}

impl Flows {
    /// Commits whom WeChat named for a login that was issued for this lifetime, then wakes whoever waits.
    pub(super) async fn record(
        &self,
        login: LoginId,
        person: IdentifiedPerson,
        lifetime: Duration,
    ) -> Result<ScanTaken, FlowError> {
        let scan = Scan {
            login,
            union: self.union(&person.app, person.unionid),
            app: person.app,
            channel: person.channel,
            openid: person.openid,
            profile: person.profile,
            client_info: person.client_info,
            at: self.in_time(login, lifetime),
            window: self.policy.bind_ttl,
            new_identity: IdentityId::generate(self.now(), &*self.ports.random),
        };
        let taken = self.ports.logins.take_scan(scan).await?;
        if let ScanTaken::First(ScanRecord { login, bound_now: true, .. }) = &taken {
            self.bound(login).await;
        }
        match &taken {
            // Also for a repetition: the node that took the first one may have died before it told the cache.
            ScanTaken::First(record) | ScanTaken::Again(record) => self.publish(&record.login).await,
            ScanTaken::LinkRefused(login) => self.publish(login).await,
            ScanTaken::ByAnother | ScanTaken::Over(_) => {}
        }
        Ok(taken)
    }

    /// Records somebody whose code was exchanged: a store that is busy is asked again, since recording the same
    /// person twice is recording them once.
    pub(super) async fn commit_exchanged(
        &self,
        login: LoginId,
        person: IdentifiedPerson,
        lifetime: Duration,
    ) -> Result<ScanTaken, FlowError> {
        for _ in 1..TRIES {
            match self.record(login, person.clone(), lifetime).await {
                Err(FlowError::Store(StoreError::Unavailable(_))) => {}
                done => return done,
            }
        }
        self.record(login, person, lifetime).await
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
    pub(super) fn union(&self, app: &AppName, unionid: Option<RawUnionId>) -> Option<UnionId> {
        let open_account = self.policy.open_accounts.get(app).filter(|_| self.policy.link_by_unionid)?;
        Some(UnionId { open_account: open_account.clone(), unionid: unionid? })
    }

    /// Tells the cache and the waiters what was committed; the cache reports its own failures.
    pub(super) async fn publish(&self, login: &Login) {
        let until = match login.state {
            LoginState::Loop { deadline } | LoginState::Unregistered { deadline, .. } => deadline,
            LoginState::Registered { collect_by, .. } => collect_by.plus(self.policy.handover),
            LoginState::Expired { since, .. } => since.plus(super::TOMBSTONE),
        };
        let _ = self.ports.login_cache.publish(login, until).await;
    }
}
