//! The settings that the services go by; they come from the configuration.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::LimitPolicy;
use crate::{
    consent::ConsentTerms,
    login::Channel,
    nearness::WhenElsewhere,
    session::SessionPolicy,
    sms::SmsCountries,
    wechat::{AppName, OpenAccount, RawUnionId, UnionId},
};

/// The settings that the services go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How long a QR code may be scanned.
    pub qr_ttl: Duration,
    /// How many QR codes are made in advance for each purpose of an official account; none for an app that is not named.
    pub codes_ready: BTreeMap<AppName, u32>,
    /// The official accounts that make no QR codes: their logins begin with a code that the person sends as a message.
    pub by_message: BTreeSet<AppName>,
    /// How long a phone number may be bound after the scan; also how long the client has to collect the session.
    pub bind_ttl: Duration,
    /// How long after the first answer the same session is issued again.
    pub handover: Duration,
    /// How long a browser may take from the start of a login until WeChat sends it back.
    pub oauth_ttl: Duration,
    /// Whether identities of one person are linked by their unionid.
    pub link_by_unionid: bool,
    /// The apps, each with the way in that it stands for.
    pub apps: BTreeMap<AppName, Channel>,
    /// The open-platform account of each app that is bound to one; unionids are compared within one only.
    pub open_accounts: BTreeMap<AppName, OpenAccount>,
    /// How long an account may be unseen for its number alone to lead to it; `None`: ever so long.
    pub recheck_phone: Option<Duration>,
    /// What the followers of an official account are told in the chat, where an identity came to their account by the
    /// number alone; an app without a text tells nothing.
    pub notices: BTreeMap<AppName, String>,
    /// Whether the sessions of a person end who stops following an official account.
    pub on_unsubscribe: OnUnsubscribe,
    /// How long sessions live.
    pub session: SessionPolicy,
    /// The settings of SMS codes.
    pub sms: SmsPolicy,
    /// How often things may be done.
    pub limits: LimitPolicy,
    /// What the phone that scans a code of an official account is asked first; an app that is not named asks nothing.
    pub confirm: BTreeMap<AppName, ConfirmBy>,
    /// What is done about a phone that is elsewhere than the client that it lets in; an app that is not named says it.
    pub elsewhere: BTreeMap<AppName, WhenElsewhere>,
    /// Whether a new person has to bind a phone number.
    pub phone: PhoneRule,
    /// Whether new accounts are made.
    pub registration: Registration,
    /// Whether people may log in by an SMS code alone.
    pub sms_login: SmsLogin,
    /// What tells people from machines.
    pub machine_check: MachineCheck,
    /// The terms of the site, if it has any.
    pub terms: Option<ConsentTerms>,
}

/// How the phone that scanned says yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmBy {
    /// By a tap.
    Click,
    /// By the digits that the waiting client shows.
    Number,
}

/// Whether a new person has to bind a phone number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PhoneRule {
    /// They have to.
    #[default]
    Required,
    /// They may go on without one.
    Optional,
    /// They are not asked: the first scan makes their account.
    Off,
}

/// Whether people may log in by an SMS code alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SmsLogin {
    /// They may not.
    #[default]
    Off,
    /// Those whose number has an account may; a stranger learns nothing from it.
    Existing,
    /// They may, and a new number makes an account.
    On,
}

/// What tells people from machines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MachineCheck {
    /// Nothing does.
    #[default]
    None,
    /// A proof of work, which costs a machine what it costs a person's browser.
    Work {
        /// The largest number; finding the right one takes half as many hashes on average.
        max_number: u32,
    },
    /// Another service ([`Captcha`](crate::ports::Captcha)).
    Captcha,
}

/// Whether new accounts are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Registration {
    /// They are.
    #[default]
    Open,
    /// Only those who are there already are let in.
    Closed,
}

impl Policy {
    /// Returns whether an app lets no client in whose phone is elsewhere. The chat does not tell where a phone is, so the numbers
    /// of such an app are taken on the page alone.
    pub(super) fn refuses_elsewhere(&self, app: &AppName) -> bool {
        self.elsewhere.get(app) == Some(&WhenElsewhere::Refuse)
    }

    /// Returns whether a number that has no account gets one in a login by the number alone.
    pub(super) fn admits_number_alone(&self) -> bool {
        self.sms_login == SmsLogin::On && self.registration == Registration::Open
    }

    /// Returns the open-platform account by which an app's identities are linked to those of other apps; `None`
    /// where identities are not linked.
    pub(super) fn linking_account(&self, app: &AppName) -> Option<&OpenAccount> {
        self.open_accounts.get(app).filter(|_| self.link_by_unionid)
    }

    /// Returns whether an app's identities can be linked to those of another app.
    pub(super) fn links_to_other_apps(&self, app: &AppName) -> bool {
        let bound_to = |own| self.open_accounts.values().filter(|account| *account == own).count();
        self.linking_account(app).is_some_and(|own| bound_to(own) > 1)
    }

    /// Returns an app's unionid as it is compared with those of other apps; `None` where identities are not linked.
    pub(super) fn union_id(&self, app: &AppName, unionid: Option<RawUnionId>) -> Option<UnionId> {
        let open_account = self.linking_account(app)?.clone();
        Some(UnionId { open_account, unionid: unionid? })
    }
}

/// Whether the sessions of a person end who stops following an official account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnUnsubscribe {
    /// They stay.
    #[default]
    Keep,
    /// They end.
    EndSessions,
}

/// The settings of SMS codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmsPolicy {
    /// How long a code is good for.
    pub code_ttl: Duration,
    /// How many tries a code has.
    pub code_attempts: u32,
    /// Where codes are sent.
    pub countries: SmsCountries,
}
