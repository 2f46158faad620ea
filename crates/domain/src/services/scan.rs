//! Taking a scan that WeChat reported.

use std::sync::Arc;

use super::{
    Policy, ServiceError,
    identification::{Identification, IdentifiedPerson},
    unionid_link::{ScanToLink, UnionIdLinking},
};
use crate::{
    keys::KeyRing,
    login::{Channel, ClientInfo, ExpiryReason, LoginScene, LoginState},
    ports::{Background, LoginCache, ScanRecord, ScanTaken},
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

/// Takes scans.
pub struct ScanService {
    pub(super) login_cache: Arc<dyn LoginCache>,
    pub(super) identification: Identification,
    pub(super) linking: Arc<UnionIdLinking>,
    pub(super) background: Arc<dyn Background>,
    pub(super) keys: Arc<KeyRing>,
    pub(super) policy: Arc<Policy>,
}

impl ScanService {
    /// Takes a scan: commits what it means, then notifies the waiting clients. A repeated event gets the same reply.
    ///
    /// Where the person's unionid may lead to an account, WeChat is asked for it in the background, and the login
    /// moves once it answers. Without an answer a new person binds a phone number, as anyone does.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed: WeChat must not be told that it arrived.
    pub async fn take_scan(&self, event: ScannedEvent) -> Result<ScanReply, ServiceError> {
        let Some(scene) = LoginScene::verify(&event.scene, &self.keys) else { return Ok(ScanReply::Foreign) };
        let context = self.login_cache.context(scene.id).await.ok().flatten();
        if context.as_ref().is_some_and(|context| context.app != event.app) {
            return Ok(ScanReply::Foreign);
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
        match self.identification.commit(scene.id, person, self.policy.qr_ttl).await? {
            ScanTaken::First(record) | ScanTaken::Again(record) => {
                // Also for a repetition, since the node that took the first one may have died before it asked.
                if self.wants_link(&record, &event.app) {
                    self.link_in_background(&record, event);
                }
                Ok(reply(record))
            }
            ScanTaken::ByAnother => Ok(ScanReply::ByAnother),
            ScanTaken::Over(reason) => Ok(ScanReply::Over(reason)),
            ScanTaken::LinkRefused(_) => Ok(ScanReply::LinkRefused),
        }
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

    fn link_in_background(&self, record: &ScanRecord, event: ScannedEvent) {
        let ScannedEvent { app, openid, .. } = event;
        let scan = ScanToLink { login: record.login.id, identity: record.identity, app, openid };
        let linking = Arc::clone(&self.linking);
        let work = async move { Ok(linking.link(scan).await?) };
        self.background.spawn("linking an identity by its unionid", Box::pin(work));
    }
}

fn reply(record: ScanRecord) -> ScanReply {
    let ScanRecord { known, linked, client_info, at, .. } = record;
    match (linked, known) {
        (true, _) => ScanReply::Linked { client_info, at },
        (false, true) => ScanReply::LoggedIn { client_info, at },
        (false, false) => ScanReply::GoOn { client_info, at },
    }
}
