//! Taking a scan that WeChat reported.

use std::time::Duration;

use super::{FlowError, Flows};
use crate::{
    account::IdentityId,
    login::{Asker, Channel, ExpiryReason, Login, LoginId, LoginScene, LoginState},
    ports::{Scan, ScanRecord, ScanTaken, UnionLink},
    time::Timestamp,
    wechat::{AppName, OpenId, Profile, Union, UnionId},
};

/// A scan that comes this close to the deadline is too late: its transaction might end after the deadline,
/// when the waiting client may have been told that the time is up. Of short lifetimes it is an eighth.
const COMMIT_MARGIN: Duration = Duration::from_secs(4);

/// A scan as a verified callback reported it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannedEvent {
    /// The app whose callback it came to.
    pub app: AppName,
    /// Who scanned.
    pub openid: OpenId,
    /// The scene of the QR code, without WeChat's own prefix.
    pub scene: String,
}

/// What the phone is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanReply {
    /// Who scanned has an account: the client that asked is logged in.
    LoggedIn {
        /// Who asked for the login.
        asker: Asker,
        /// When the code was scanned.
        at: Timestamp,
    },
    /// Who scanned is new: the client that asked goes on.
    GoOn {
        /// Who asked for the login.
        asker: Asker,
        /// When the code was scanned.
        at: Timestamp,
    },
    /// Another person scanned the code before.
    ByAnother,
    /// The code was over before anybody scanned it.
    Over(ExpiryReason),
    /// The code was to add who scans to an account, and they are another account's.
    NotJoined,
    /// The scene is not one of ours.
    Foreign,
}

/// What became of a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenScan {
    /// What the phone is to be told; the same for a repeated event.
    pub reply: ScanReply,
    /// Work to be done once WeChat has been answered.
    pub follow_up: Option<FollowUp>,
}

/// Work that a scan leaves behind; for [`Flows::follow_up`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    login: LoginId,
    identity: IdentityId,
    app: AppName,
    openid: OpenId,
}

impl Flows {
    /// Takes a scan: commits what it means, then wakes whoever waits.
    ///
    /// # Errors
    /// [`FlowError::Store`] when it is not known to be committed: WeChat must not be told that it arrived.
    pub async fn take_scan(&self, event: ScannedEvent) -> Result<TakenScan, FlowError> {
        let Some(scene) = LoginScene::verify(&event.scene, &self.keys) else {
            return Ok(TakenScan { reply: ScanReply::Foreign, follow_up: None });
        };
        let context = self.ports.board.context(scene.id).await.ok().flatten();
        if context.as_ref().is_some_and(|context| context.app != event.app) {
            return Ok(TakenScan { reply: ScanReply::Foreign, follow_up: None });
        }
        let (now, deadline) = (self.now(), scene.id.deadline());
        let too_late = deadline <= now.plus(COMMIT_MARGIN.min(self.policy.qr_ttl / 8));
        let scan = Scan {
            login: scene.id,
            app: event.app.clone(),
            channel: Channel::OfficialAccount,
            openid: event.openid.clone(),
            union: None,
            profile: Profile::default(),
            asker: context.map(|context| context.asker).unwrap_or_default(),
            at: if too_late { now.max(deadline) } else { now },
            window: self.policy.bind_ttl,
            new_identity: IdentityId::generate(now, &*self.ports.random),
        };
        let taken = self.ports.logins.take_scan(scan).await?;
        Ok(self.answer_scan(taken, event).await)
    }

    async fn answer_scan(&self, taken: ScanTaken, event: ScannedEvent) -> TakenScan {
        let record = match taken {
            ScanTaken::First(record) | ScanTaken::Again(record) => record,
            ScanTaken::ByAnother => return TakenScan { reply: ScanReply::ByAnother, follow_up: None },
            ScanTaken::Over(reason) => return TakenScan { reply: ScanReply::Over(reason), follow_up: None },
            ScanTaken::NotJoined(login) => {
                self.publish(&login).await;
                return TakenScan { reply: ScanReply::NotJoined, follow_up: None };
            }
        };
        // Also for a repetition: the node that took the first one may have died before it told the board.
        self.publish(&record.login).await;
        let ScanRecord { login, identity, known, has_union: _, asker, at } = record;
        // Also for a repetition, since whoever took the first one may have died before it asked.
        let waits = matches!(login.state, LoginState::Unregistered { .. });
        let wants_link = waits && self.policy.link_by_unionid;
        let work = FollowUp { login: login.id, identity, app: event.app, openid: event.openid };
        let follow_up = wants_link.then_some(work);
        let reply = if known { ScanReply::LoggedIn { asker, at } } else { ScanReply::GoOn { asker, at } };
        TakenScan { reply, follow_up }
    }

    /// Asks WeChat for the unionid of a new identity, and logs the person in if that leads to an account.
    ///
    /// # Errors
    /// [`FlowError::Wechat`] or [`FlowError::Store`]; the person then binds a phone number as anyone does.
    pub async fn follow_up(&self, work: FollowUp) -> Result<(), FlowError> {
        let follower = self.ports.official_account.follower(&work.app, &work.openid).await?;
        let Some(unionid) = follower.unionid else { return Ok(()) };
        let (at, window) = (self.now(), self.policy.bind_ttl);
        let Some(union) = self.union(&work.app, Some(unionid)) else { return Ok(()) };
        let link = UnionLink { login: work.login, identity: work.identity, union, at, window };
        if let Some(login) = self.ports.logins.link(link).await? {
            self.publish(&login).await;
        }
        Ok(())
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
