//! Making the services, each with only the ports that it uses.

mod accounts;
mod logins;

use std::sync::Arc;

use super::{
    AccountService, AppAccess, AppLogin, AppProfileService, CallbackSignatures, Cancellation, ConsentService,
    FollowService, LinkOpening, LoginAuthenticator, LoginStart, MachineChecks, MessageCodeService,
    MiniProgramLogin, MiniProgramScan, NoticeService, OAuthReturns, OpenData, OpenIdService, PeopleService,
    PhoneBinding, PhoneConfirmation, Policy, Ports, ReadyCodes, RevocationService, ScanService,
    SessionIssuer, SessionService, SiteTrail, SmsWatch, Suspicions, Waiting, WechatPhoneBinding,
    parts::Parts,
};
use crate::{keys::KeyRing, ports::Places};
use accounts::{
    accounts, app_access, follows, open_data, openid, people, revocations, session_issuer, sessions,
};
use logins::{
    app, cancellation, confirmation, link_opening, machine_checks, message_codes, mini_program,
    mini_program_scan, oauth_returns, phone_binding, scans, start, waiting, wechat_phone_binding,
};

/// All services. They share no state but their ports, the logins that clients wait for, the QR codes that are ready, the
/// invalidations that are to be retried, the count of SMS codes, and which introspections were noted.
pub struct Services {
    /// Starts logins.
    pub start: Arc<LoginStart>,
    /// Makes QR codes in advance.
    pub ready_codes: Arc<ReadyCodes>,
    /// Logs in the users of mini programs.
    pub mini_program: Arc<MiniProgramLogin>,
    /// Takes what the pages of mini programs say that codes opened.
    pub mini_program_scan: Arc<MiniProgramScan>,
    /// Logs in the users of mobile applications.
    pub app: Arc<AppLogin>,
    /// Takes one signature of a callback for one body.
    pub callback_signatures: Arc<CallbackSignatures>,
    /// Finds the logins of codes that people send as messages.
    pub message_codes: Arc<MessageCodeService>,
    /// Takes scans.
    pub scans: Arc<ScanService>,
    /// Takes what the phones that scanned say.
    pub confirmation: Arc<PhoneConfirmation>,
    /// Opens logins of other clients by links inside WeChat.
    pub link_opening: Arc<LinkOpening>,
    /// Takes the returns of browsers.
    pub oauth_returns: Arc<OAuthReturns>,
    /// Checks poll tokens.
    pub authenticator: Arc<LoginAuthenticator>,
    /// Tells clients how their logins stand.
    pub waiting: Arc<Waiting>,
    /// Cancels logins.
    pub cancellation: Arc<Cancellation>,
    /// Binds phone numbers with SMS codes.
    pub phone_binding: Arc<PhoneBinding>,
    /// Binds phone numbers that WeChat vouches for.
    pub wechat_phone_binding: Arc<WechatPhoneBinding>,
    /// Checks that a client is no machine.
    pub machine_checks: Arc<MachineChecks>,
    /// Keeps to which terms people agree.
    pub consents: Arc<ConsentService>,
    /// Issues sessions.
    pub session_issuer: Arc<SessionIssuer>,
    /// Checks, lists and ends sessions.
    pub sessions: Arc<SessionService>,
    /// Reads accounts and changes them for their owners.
    pub accounts: Arc<AccountService>,
    /// Reads what WeChat tells of the users of mini programs who have accounts.
    pub open_data: Arc<OpenData>,
    /// Gives OpenID clients codes and tokens.
    pub openid: Arc<OpenIdService>,
    /// Gives the site's other systems what they need of WeChat's apps.
    pub app_access: Arc<AppAccess>,
    /// Writes into the trail what the site's systems read, and what they do that changes no account.
    pub site_trail: Arc<SiteTrail>,
    /// Keeps what WeChat apps know of persons.
    pub profiles: Arc<AppProfileService>,
    /// Finds, makes, changes and erases accounts for their site and its operators.
    pub people: Arc<PeopleService>,
    /// Takes the news that persons follow official accounts, or stop.
    pub follows: Arc<FollowService>,
    /// Takes the news that persons revoked an authorization.
    pub revocations: Arc<RevocationService>,
    /// Watches how many of the SMS codes are used.
    pub sms_watch: Arc<SmsWatch>,
    /// Who knows where addresses are.
    pub places: Arc<dyn Places>,
    /// Notices that codes are relayed.
    pub suspicions: Arc<Suspicions>,
    /// Tells an account's persons in the chat of an identity that came to it by the number alone.
    pub notices: Arc<NoticeService>,
}

impl Services {
    /// Makes the services from their ports, the server's keys and the settings.
    pub fn new(ports: Ports, keys: KeyRing, policy: Policy) -> Self {
        let parts = Parts::new(ports, keys, policy);
        let waiting = Arc::new(waiting(&parts));
        let ready_codes = Arc::new(parts.ready_codes());
        let message_codes = Arc::new(message_codes(&parts));
        let open_data = Arc::new(open_data(&parts));
        let scans = Arc::new(scans(&parts));
        let confirmation = Arc::new(confirmation(&parts, scans.clone()));
        Self {
            start: Arc::new(start(&parts, ready_codes.clone(), message_codes.clone())),
            ready_codes,
            message_codes,
            mini_program: Arc::new(mini_program(&parts)),
            app: Arc::new(app(&parts)),
            callback_signatures: Arc::new(CallbackSignatures { code_redeemer: parts.code_redeemer() }),
            mini_program_scan: Arc::new(mini_program_scan(&parts, scans.clone(), confirmation.clone())),
            confirmation,
            link_opening: Arc::new(link_opening(&parts, scans.clone())),
            scans,
            oauth_returns: Arc::new(oauth_returns(&parts, waiting.clone())),
            authenticator: Arc::new(LoginAuthenticator { keys: parts.keys.clone() }),
            cancellation: Arc::new(cancellation(&parts, waiting.clone())),
            phone_binding: Arc::new(phone_binding(&parts)),
            wechat_phone_binding: Arc::new(wechat_phone_binding(&parts, waiting.clone())),
            machine_checks: Arc::new(machine_checks(&parts)),
            consents: Arc::new(parts.consents()),
            session_issuer: Arc::new(session_issuer(&parts)),
            sessions: Arc::new(sessions(&parts)),
            accounts: Arc::new(accounts(&parts, open_data.clone())),
            open_data,
            openid: Arc::new(openid(&parts)),
            app_access: Arc::new(app_access(&parts)),
            site_trail: parts.site_trail.clone(),
            profiles: parts.profiles.clone(),
            people: Arc::new(people(&parts)),
            follows: Arc::new(follows(&parts)),
            revocations: Arc::new(revocations(&parts)),
            sms_watch: parts.sms_watch.clone(),
            places: parts.ports.places.clone(),
            suspicions: Arc::new(parts.suspicions()),
            notices: parts.notices.clone(),
            waiting,
        }
    }
}
