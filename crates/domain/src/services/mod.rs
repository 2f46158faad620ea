//! What the service does: application services, one a group of use cases, each with only the ports that it uses.
//!
//! | service | what it does | what it is made of |
//! | --- | --- | --- |
//! | [`LoginStart`] | starts a login, with a code to scan or to send as a message, or by sending the browser to WeChat | `login_issuer` |
//! | [`ReadyCodes`] | makes QR codes in advance | `login_issuer` |
//! | [`MiniProgramLogin`] | logs in the user of a mini program | `code_login` |
//! | [`MiniProgramScan`] | takes what the page of a mini program says that a code opened | `code_redeemer`, `identification` |
//! | [`AppLogin`] | logs in the user of a mobile application | `code_login` |
//! | [`MessageCodeService`] | finds the login of a code that a person wrote to the account | `rate_limiter` |
//! | [`ScanService`] | takes the scan of a QR code | `unionid_lookup`, `identification`, `unionid_link` |
//! | [`PhoneConfirmation`] | takes what the phone that scanned says | `answer_weighing`, `identification` |
//! | [`LinkOpening`] | takes a link that opens the login of another client inside WeChat | `login_issuer`, `identification` |
//! | [`OAuthReturns`] | takes a browser that WeChat sends back | `code_redeemer`, `identification` |
//! | [`LoginAuthenticator`] | checks a poll token | |
//! | [`Waiting`] | tells a client how its login stands | `login_reader`, `waited_logins` |
//! | [`Cancellation`] | cancels a login | |
//! | [`PhoneBinding`] | binds a phone number with an SMS code | `phone_codes`, `phone_commit` |
//! | [`ConsentService`] | keeps to which terms people agree | |
//! | [`MachineChecks`] | checks that a client is no machine | `rate_limiter` |
//! | [`WechatPhoneBinding`] | binds a phone number that WeChat vouches for | `code_redeemer`, `phone_commit` |
//! | [`SessionIssuer`] | issues the session of a registered login | |
//! | [`SessionService`] | checks, lists and ends sessions | `session_invalidation` |
//! | [`AccountService`] | reads accounts and changes them for their owners | `phone_codes`, `session_invalidation` |
//! | [`OpenData`] | reads what WeChat tells of the users of mini programs who have accounts | `code_redeemer` |
//! | [`OpenIdService`] | gives OpenID clients codes and tokens, and reads them | |
//! | [`PeopleService`] | finds, makes, changes and erases accounts for their site and its operators | `session_invalidation` |
//! | [`SigningService`] | signs and verifies tokens, and keeps the keys for it | |
//! | [`SmsWatch`] | watches how many of the SMS codes are used | |
//! | [`Suspicions`] | notices that codes are relayed | |
//! | [`CallbackSignatures`] | takes one signature of a callback for one body | `code_redeemer` |
//! | [`FollowService`] | takes the news that a person follows, or stops | `session_invalidation` |
//! | [`RevocationService`] | takes the news that a person revoked an authorization | `session_invalidation` |
//! | [`AppAccess`] | gives the site's other systems what they need of a WeChat app | |
//! | [`NoticeService`] | tells an account's persons in the chat of an identity that came by the number alone | |
//!
//! [`Services::new`] makes them all. What several of them do stands once, in a part of its own: `rate_limiter` counts
//! against limits, and `login_publisher` caches a login and notifies the clients that wait for it.
//!
//! After a commit, a service caches the outcome, notifies the clients and invalidates cached sessions before it answers.
//! What may take longer goes to the port [`Background`](crate::ports::Background).

mod accounts;
mod answer_weighing;
mod app_access;
mod app_login;
mod app_profiles;
mod authenticator;
mod callback_signatures;
mod cancellation;
mod client_subject;
mod code_login;
mod code_redeemer;
mod consents;
mod error;
mod follows;
mod gatekeeping;
mod identification;
mod issuing_key;
mod known_networks;
mod limits;
mod link_opening;
mod login_issuer;
mod login_publisher;
mod login_reader;
mod machine_checks;
mod message_codes;
mod mini_program;
mod mini_program_scan;
mod notices;
mod oauth_return;
mod open_data;
mod openid;
mod own_merges;
mod parts;
mod pending_invalidations;
mod people;
mod phone_binding;
mod phone_codes;
mod phone_commit;
mod phone_confirmation;
mod policy;
mod ports;
mod rate_limiter;
mod ready_codes;
mod recent_login;
mod refused_addresses;
mod revocations;
mod scan;
mod scan_foresight;
mod session_invalidation;
mod session_issuer;
mod sessions;
mod signing;
mod site_trail;
mod sms_watch;
mod start;
mod start_request;
mod suspicions;
mod unionid_link;
mod unionid_lookup;
mod waited_logins;
mod waiting;
mod wechat_phone_binding;
mod wiring;

pub use accounts::AccountService;
pub use app_access::{AppAccess, SITE_CODE_LIVES, SiteScene};
pub use app_login::AppLogin;
pub use app_profiles::AppProfileService;
pub use authenticator::LoginAuthenticator;
pub use callback_signatures::CallbackSignatures;
pub use cancellation::Cancellation;
pub use client_subject::ClientSubject;
pub use consents::{Agreement, ConsentService};
pub use error::ServiceError;
pub use follows::FollowService;
pub use limits::LimitPolicy;
pub use link_opening::{LinkOpened, LinkOpening, SentByLink};
pub use machine_checks::{CheckAnswer, MachineChecks};
pub use message_codes::{MessageCodeService, ReadCode};
pub use mini_program::MiniProgramLogin;
pub use mini_program_scan::{LoginInMiniProgram, MiniProgramCall, MiniProgramScan};
pub use notices::NoticeService;
pub use oauth_return::{OAuthReturn, OAuthReturns};
pub use open_data::OpenData;
pub use openid::{InspectedKind, InspectedToken, IssuedTokens, OpenIdError, OpenIdService};
pub use own_merges::OwnAccountMerge;
pub use people::{AccountMerge, ChangeDraft, IdentityDraft, PeopleService, PersonDraft, SearchDraft};
pub use phone_binding::PhoneBinding;
pub use phone_codes::{CodeRequest, SentCode};
pub use phone_confirmation::{LoginOnPhone, PhoneConfirmation, TakenBack};
pub use policy::{
    ConfirmBy, MachineCheck, OnUnsubscribe, PhoneRule, Policy, Registration, SmsLogin, SmsPolicy,
};
pub use ports::Ports;
pub use ready_codes::{ReadyCodes, ReadyCounts};
pub use revocations::RevocationService;
pub use scan::{ClientOfScan, ScanReply, ScanService, ScannedEvent};
pub use session_issuer::{IssuedSession, SessionIssuer};
pub use sessions::SessionService;
pub use signing::{KeyLives, SigningError, SigningService};
pub use site_trail::{ActedBy, SiteTrail};
pub use sms_watch::{SmsWatch, UnusedCodes};
pub use start::{LoginStart, StartedByMessage, StartedLogin, StartedMiniProgramCode, StartedOAuth};
pub use start_request::StartLogin;
pub use suspicions::Suspicions;
pub use waiting::Waiting;
pub use wechat_phone_binding::{WechatPhone, WechatPhoneBinding};
pub use wiring::Services;
