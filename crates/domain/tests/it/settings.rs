//! The keys and settings of a node.

use std::time::Duration;

use saoma_domain::{
    keys::{KeyRing, ServerKey},
    login::Channel,
    services::{
        LimitPolicy, MachineCheck, OnUnsubscribe, PhoneRule, Policy, Registration, SmsLogin, SmsPolicy,
    },
    session::SessionPolicy,
    sms::SmsCountries,
};

use crate::world::{app, open_account, secs};

pub(crate) fn keys(numbers: &[u8]) -> KeyRing {
    let mut keys = numbers.iter().map(|number| ServerKey::new([*number; 32]));
    KeyRing::new(keys.next().unwrap(), keys.collect())
}

/// What a follower is told of an identity that came by the number alone.
pub(crate) const NOTICE: &str = "Somebody came by your number.";

/// Returns the settings of a node unless a test changes them.
pub(crate) fn policy() -> Policy {
    Policy {
        qr_ttl: secs(120),
        codes_ready: [].into(),
        by_message: [].into(),
        bind_ttl: secs(600),
        handover: secs(60),
        oauth_ttl: secs(600),
        link_by_unionid: true,
        apps: [
            ("main", Channel::OfficialAccount),
            ("shop", Channel::OfficialAccount),
            ("site", Channel::Website),
            ("mini", Channel::MiniProgram),
            ("mobile", Channel::App),
        ]
        .map(|(name, channel)| (app(name), channel))
        .into(),
        open_accounts: ["main", "shop", "site", "mini", "mobile"]
            .map(|name| (app(name), open_account("default")))
            .into(),
        recheck_phone: None,
        notices: [(app("main"), NOTICE.to_owned()), (app("shop"), NOTICE.to_owned())].into(),
        on_unsubscribe: OnUnsubscribe::Keep,
        session: SessionPolicy { idle: secs(1800), absolute: secs(2_592_000) },
        sms: SmsPolicy { code_ttl: secs(180), code_attempts: 5, countries: SmsCountries::Everywhere },
        confirm: [].into(),
        elsewhere: [].into(),
        phone: PhoneRule::Required,
        registration: Registration::Open,
        sms_login: SmsLogin::Off,
        machine_check: MachineCheck::None,
        terms: None,
        limits: LimitPolicy {
            logins_per_ip_burst: 30,
            logins_per_ip_per_min: 20,
            logins_per_network_per_min: 200,
            logins_per_day: 90_000,
            sms_per_phone_gap: secs(60),
            sms_per_phone_hour: 5,
            sms_per_phone_day: 10,
            sms_per_login: 3,
            sms_per_identity_day: 6,
            sms_per_ip_hour: 20,
            sms_per_ip_day: 60,
            sms_tries_per_phone_day: 15,
            sms_per_day: 10_000,
            sms_unused_permille: 700,
            tokens_per_session_per_min: 120,
        },
    }
}

/// Returns settings with every limit switched off.
pub(crate) fn unlimited() -> LimitPolicy {
    LimitPolicy {
        logins_per_ip_burst: 0,
        logins_per_ip_per_min: 0,
        logins_per_network_per_min: 0,
        logins_per_day: 0,
        sms_per_phone_gap: Duration::ZERO,
        sms_per_phone_hour: 0,
        sms_per_phone_day: 0,
        sms_per_login: 0,
        sms_per_identity_day: 0,
        sms_per_ip_hour: 0,
        sms_per_ip_day: 0,
        sms_tries_per_phone_day: 0,
        sms_per_day: 0,
        sms_unused_permille: 0,
        tokens_per_session_per_min: 0,
    }
}
