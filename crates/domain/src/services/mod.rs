//! What the service does, one file a use case. A flow sees ports and nothing else.

mod begin;
mod bind_phone;
mod bind_wechat_phone;
mod cancel;
mod change_phone;
mod commit_identification;
mod error;
mod finish_oauth;
mod issue_session;
mod log_in_mini_program;
mod own_identities;
mod policy;
mod prove_phone;
mod reconcile;
mod redeem_code;
mod send_code;
mod session_cache;
mod sessions;
mod start_login;
mod start_oauth;
mod take_follow;
mod take_scan;
mod wait;
mod waited_logins;

pub use bind_wechat_phone::WechatPhone;
pub use error::FlowError;
pub use finish_oauth::OAuthReturn;
pub use issue_session::IssuedSession;
pub use policy::{LimitPolicy, OnUnsubscribe, Policy, SmsPolicy};
pub use send_code::{CodeRequest, SentCode};
pub use sessions::CheckedSession;
pub use start_login::{StartLogin, StartedLogin};
pub use start_oauth::StartedOAuth;
pub use take_scan::{FollowUp, ScanReply, ScannedEvent, TakenScan};

use std::{sync::Arc, time::Duration};

use crate::{
    keys::{KeyRing, ServerKey},
    login::{AuthenticatedLogin, LoginId},
    ports::{
        Accounts, Clock, Limits, LoginCache, LoginNotifier, Logins, MiniProgram, OAuth, OfficialAccount,
        OneTimeCodes, Random, SessionCache, SessionKeys, Sessions, SmsCodes, SmsSender,
    },
    time::Timestamp,
};
use session_cache::PendingInvalidations;
use waited_logins::WaitedLogins;

/// Everything that the flows need from outside.
#[derive(Clone)]
pub struct Ports {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of randomness.
    pub random: Arc<dyn Random>,
    /// Copies of outcomes.
    pub login_cache: Arc<dyn LoginCache>,
    /// Hints that something happened.
    pub notifier: Arc<dyn LoginNotifier>,
    /// Counters.
    pub limits: Arc<dyn Limits>,
    /// Codes that were sent.
    pub sms_codes: Arc<dyn SmsCodes>,
    /// The way to a phone.
    pub sms_sender: Arc<dyn SmsSender>,
    /// The truth about logins.
    pub logins: Arc<dyn Logins>,
    /// The truth about accounts.
    pub accounts: Arc<dyn Accounts>,
    /// The truth about sessions.
    pub sessions: Arc<dyn Sessions>,
    /// What was claimed.
    pub one_time_codes: Arc<dyn OneTimeCodes>,
    /// The session keys of mini programs.
    pub session_keys: Arc<dyn SessionKeys>,
    /// Copies of sessions.
    pub session_cache: Arc<dyn SessionCache>,
    /// WeChat's official accounts.
    pub official_account: Arc<dyn OfficialAccount>,
    /// WeChat's web authorization.
    pub oauth: Arc<dyn OAuth>,
    /// WeChat's mini programs.
    pub mini_program: Arc<dyn MiniProgram>,
}

/// The use cases of the service; cheap to share behind an [`Arc`].
pub struct Flows {
    ports: Ports,
    keys: KeyRing,
    policy: Policy,
    waited_logins: WaitedLogins,
    pending_invalidations: PendingInvalidations,
}

/// How long after its deadline a login that nothing happened to is still called expired; then it is unknown.
const TOMBSTONE: Duration = Duration::from_secs(600);

impl Flows {
    /// Wires the flows to their ports.
    pub fn new(ports: Ports, keys: KeyRing, policy: Policy) -> Self {
        Self {
            ports,
            keys,
            policy,
            waited_logins: WaitedLogins::default(),
            pending_invalidations: PendingInvalidations::default(),
        }
    }

    /// Returns the rules that the flows go by.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns the current time, as the flows see it.
    pub fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    /// Checks that whoever shows this poll token created this login, without any look-up.
    ///
    /// # Errors
    /// [`FlowError::LoginUnknown`] alike for a foreign id and for a foreign or malformed token.
    pub fn hold(&self, id: &str, poll_token: &str) -> Result<AuthenticatedLogin, FlowError> {
        AuthenticatedLogin::verify(id, poll_token, &self.keys).ok_or(FlowError::LoginUnknown)
    }

    /// Returns the key that a login's codes are bound to it by: the one that issued the login, so that all nodes
    /// agree on it while keys are rotated and some sign with another one already.
    fn key_of(&self, login: LoginId) -> &ServerKey {
        login.issuer(&self.keys).unwrap_or(self.keys.current())
    }
}
