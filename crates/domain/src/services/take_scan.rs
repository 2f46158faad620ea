//! Taking a scan that WeChat reported.

use super::{FlowError, Flows, commit_identification::IdentifiedPerson};
use crate::{
    account::IdentityId,
    login::{Channel, ClientInfo, ExpiryReason, LoginId, LoginScene, LoginState},
    ports::{ScanRecord, ScanTaken, UnionIdLink},
    time::Timestamp,
    wechat::{AppName, OpenId, Profile},
};

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
        client_info: ClientInfo,
        /// When the code was scanned.
        at: Timestamp,
    },
    /// Who scanned was added to the account of the client that asked, and is logged in there.
    Linked {
        /// Who asked for the login.
        client_info: ClientInfo,
        /// When the code was scanned.
        at: Timestamp,
    },
    /// Who scanned is new: the client that asked goes on.
    GoOn {
        /// Who asked for the login.
        client_info: ClientInfo,
        /// When the code was scanned.
        at: Timestamp,
    },
    /// Another person scanned the code before.
    ByAnother,
    /// The code was over before anybody scanned it.
    Over(ExpiryReason),
    /// The code was to add who scans to an account, and they are another account's.
    LinkRefused,
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
        let context = self.ports.login_cache.context(scene.id).await.ok().flatten();
        if context.as_ref().is_some_and(|context| context.app != event.app) {
            return Ok(TakenScan { reply: ScanReply::Foreign, follow_up: None });
        }
        let person = IdentifiedPerson {
            app: event.app.clone(),
            channel: Channel::OfficialAccount,
            openid: event.openid.clone(),
            // Asking for it would take longer than WeChat waits.
            unionid: None,
            profile: Profile::default(),
            client_info: context.map(|context| context.client_info).unwrap_or_default(),
        };
        let taken = self.record(scene.id, person, self.policy.qr_ttl).await?;
        Ok(self.answer_scan(taken, event))
    }

    fn answer_scan(&self, taken: ScanTaken, event: ScannedEvent) -> TakenScan {
        let record = match taken {
            ScanTaken::First(record) | ScanTaken::Again(record) => record,
            ScanTaken::ByAnother => return TakenScan { reply: ScanReply::ByAnother, follow_up: None },
            ScanTaken::Over(reason) => return TakenScan { reply: ScanReply::Over(reason), follow_up: None },
            ScanTaken::LinkRefused(_) => return TakenScan { reply: ScanReply::LinkRefused, follow_up: None },
        };
        // Also for a repetition, since whoever took the first one may have died before it asked.
        let wants_link = self.wants_link(&record, &event.app);
        let ScanRecord { login, identity, known, linked, client_info, at, .. } = record;
        let work = FollowUp { login: login.id, identity, app: event.app, openid: event.openid };
        let follow_up = wants_link.then_some(work);
        let reply = match (linked, known) {
            (true, _) => ScanReply::Linked { client_info, at },
            (false, true) => ScanReply::LoggedIn { client_info, at },
            (false, false) => ScanReply::GoOn { client_info, at },
        };
        TakenScan { reply, follow_up }
    }

    /// Returns whether it makes a difference who somebody is within the open-platform account: for whoever waits
    /// for an account, and for whoever may be known to another app and is not linked to that yet.
    fn wants_link(&self, record: &ScanRecord, app: &AppName) -> bool {
        let accounts = &self.policy.open_accounts;
        let Some(own) = accounts.get(app).filter(|_| self.policy.link_by_unionid) else { return false };
        match record.login.state {
            LoginState::Unregistered { .. } => true,
            LoginState::Registered { .. } => {
                !record.has_union && accounts.values().filter(|account| *account == own).count() > 1
            }
            LoginState::Loop { .. } | LoginState::Expired { .. } => false,
        }
    }

    /// Asks WeChat for the unionid of an identity, and logs the person in if that leads to an account.
    ///
    /// # Errors
    /// [`FlowError::Wechat`] or [`FlowError::Store`]; a new person then binds a phone number as anyone does.
    pub async fn follow_up(&self, work: FollowUp) -> Result<(), FlowError> {
        let follower = self.ports.official_account.follower(&work.app, &work.openid).await?;
        let Some(unionid) = follower.unionid else { return Ok(()) };
        let (at, window) = (self.now(), self.policy.bind_ttl);
        let Some(union) = self.union(&work.app, Some(unionid)) else { return Ok(()) };
        let link = UnionIdLink { login: work.login, identity: work.identity, union, at, window };
        match self.ports.logins.link(link).await? {
            Some(login) => {
                self.bound(&login).await;
                self.publish(&login).await;
            }
            None => self.linked(work.identity).await,
        }
        Ok(())
    }

    /// Tells that a link may have bound an identity, although its login was over, or shown a conflict.
    async fn linked(&self, identity: IdentityId) {
        // Who cannot be told goes by the copies for as long as they live.
        let Ok(Some(identity)) = self.ports.accounts.identity(identity).await else { return };
        if let Some(account) = identity.account {
            self.account_changed(account).await;
        }
    }
}
