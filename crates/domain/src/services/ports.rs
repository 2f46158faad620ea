//! The adapters to make the services with.

use std::sync::Arc;

use crate::ports::{
    Accounts, AppApi, AppProfiles, AuditTrail, Background, Captcha, Clock, Gate, Grants, Limits, LoginCache,
    LoginNotifier, LoginSteps, Logins, Merges, MessageCodes, MiniProgram, OAuth, OfficialAccount,
    OneTimeCodes, People, Places, Random, SessionCache, SessionKeys, Sessions, SmsCodes, SmsSender,
};

/// The adapters to make the services with, one for each port.
#[derive(Clone)]
pub struct Ports {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of randomness.
    pub random: Arc<dyn Random>,
    /// Tasks in the background.
    pub background: Arc<dyn Background>,
    /// The cache of login states.
    pub login_cache: Arc<dyn LoginCache>,
    /// Notification of waiting clients.
    pub notifier: Arc<dyn LoginNotifier>,
    /// The codes that people send as messages.
    pub message_codes: Arc<dyn MessageCodes>,
    /// The counters of limits.
    pub limits: Arc<dyn Limits>,
    /// SMS codes that were sent.
    pub sms_codes: Arc<dyn SmsCodes>,
    /// The SMS gateway.
    pub sms_sender: Arc<dyn SmsSender>,
    /// The truth about logins.
    pub logins: Arc<dyn Logins>,
    /// The truth about accounts.
    pub accounts: Arc<dyn Accounts>,
    /// The audit trail, for what changes no row.
    pub audit: Arc<dyn AuditTrail>,
    /// The truth about accounts, as their site manages them.
    pub people: Arc<dyn People>,
    /// What merges accounts.
    pub merges: Arc<dyn Merges>,
    /// What WeChat apps know of persons.
    pub app_profiles: Arc<dyn AppProfiles>,
    /// What OpenID clients were granted.
    pub grants: Arc<dyn Grants>,
    /// The truth about sessions.
    pub sessions: Arc<dyn Sessions>,
    /// The one-time codes that were redeemed.
    pub one_time_codes: Arc<dyn OneTimeCodes>,
    /// The session keys of mini programs.
    pub session_keys: Arc<dyn SessionKeys>,
    /// The session cache.
    pub session_cache: Arc<dyn SessionCache>,
    /// The counters of the funnel.
    pub steps: Arc<dyn LoginSteps>,
    /// What tells people from machines, where that is another service; only asked where the settings say so.
    pub captcha: Option<Arc<dyn Captcha>>,
    /// Who decides whether a person is admitted.
    pub gate: Arc<dyn Gate>,
    /// Who knows where addresses are.
    pub places: Arc<dyn Places>,
    /// WeChat's official accounts.
    pub official_account: Arc<dyn OfficialAccount>,
    /// What the site's other systems get of WeChat's apps.
    pub app_api: Arc<dyn AppApi>,
    /// WeChat's web authorization.
    pub oauth: Arc<dyn OAuth>,
    /// WeChat's mini programs.
    pub mini_program: Arc<dyn MiniProgram>,
}
