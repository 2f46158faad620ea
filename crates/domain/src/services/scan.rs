//! Taking a scan that WeChat reported.

use std::sync::Arc;

use super::{
    Policy, ServiceError,
    identification::{Identification, IdentifiedPerson},
    unionid_link::{FollowUp, UnionIdLinking},
};
use crate::{
    keys::KeyRing,
    login::{Channel, ClientInfo, ExpiryReason, LoginScene, LoginState},
    ports::{LoginCache, ScanRecord, ScanTaken},
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

/// The outcome of a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenScan {
    /// What the phone is to be told; the same for a repeated event.
    pub reply: ScanReply,
    /// Work to be done once WeChat has been answered.
    pub follow_up: Option<FollowUp>,
}

/// Takes scans.
pub struct ScanService {
    pub(super) login_cache: Arc<dyn LoginCache>,
    pub(super) identification: Identification,
    pub(super) linking: UnionIdLinking,
    pub(super) keys: Arc<KeyRing>,
    pub(super) policy: Arc<Policy>,
}

impl ScanService {
    /// Takes a scan: commits what it means, then notifies the waiting clients.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed: WeChat must not be told that it arrived.
    pub async fn take_scan(&self, event: ScannedEvent) -> Result<TakenScan, ServiceError> {
        let Some(scene) = LoginScene::verify(&event.scene, &self.keys) else {
            return Ok(TakenScan { reply: ScanReply::Foreign, follow_up: None });
        };
        let context = self.login_cache.context(scene.id).await.ok().flatten();
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
        let taken = self.identification.commit(scene.id, person, self.policy.qr_ttl).await?;
        Ok(self.answer(taken, event))
    }

    /// Does the work that a scan has left behind.
    ///
    /// # Errors
    /// [`ServiceError::Wechat`] or [`ServiceError::Store`]; a new person then binds a phone number as anyone does.
    pub async fn follow_up(&self, work: FollowUp) -> Result<(), ServiceError> {
        self.linking.link(work).await
    }

    fn answer(&self, taken: ScanTaken, event: ScannedEvent) -> TakenScan {
        let record = match taken {
            ScanTaken::First(record) | ScanTaken::Again(record) => record,
            ScanTaken::ByAnother => return TakenScan { reply: ScanReply::ByAnother, follow_up: None },
            ScanTaken::Over(reason) => return TakenScan { reply: ScanReply::Over(reason), follow_up: None },
            ScanTaken::LinkRefused(_) => return TakenScan { reply: ScanReply::LinkRefused, follow_up: None },
        };
        // Also for a repetition, since the node that took the first one may have died before it asked.
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

    /// Returns whether the person's unionid makes a difference: for a person without an account, and for one who may
    /// be known to another app and is not linked to that yet.
    fn wants_link(&self, record: &ScanRecord, app: &AppName) -> bool {
        match record.login.state {
            LoginState::Unregistered { .. } => self.policy.linking_account(app).is_some(),
            LoginState::Registered { .. } => !record.has_union && self.policy.links_to_other_apps(app),
            LoginState::Loop { .. } | LoginState::Expired { .. } => false,
        }
    }
}
