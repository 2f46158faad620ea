//! The section `[limits]`.

use std::time::Duration;

use saoma_domain::services::LimitPolicy;

use super::section::Section;

/// How many clients may have something at the same time; 0 switches a limit off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotLimits {
    /// From one address.
    pub per_ip: u32,
    /// On this node.
    pub per_node: u32,
}

pub(super) fn read(section: &mut Section<'_>) -> (LimitPolicy, SlotLimits, SlotLimits) {
    let mut limit = |key, default| section.number(key, default, 0..=1_000_000_000);
    let limits = LimitPolicy {
        logins_per_ip_burst: limit("logins_per_ip_burst", 30),
        logins_per_ip_per_min: limit("logins_per_ip_per_min", 20),
        logins_per_network_per_min: limit("logins_per_network_per_min", 200),
        logins_per_day: limit("logins_per_day", 90_000),
        sms_per_phone_gap: Duration::from_secs(limit("sms_per_phone_gap_s", 60).into()),
        sms_per_phone_hour: limit("sms_per_phone_hour", 5),
        sms_per_phone_day: limit("sms_per_phone_day", 10),
        sms_per_login: limit("sms_per_login", 3),
        sms_per_identity_day: limit("sms_per_identity_day", 6),
        sms_per_ip_hour: limit("sms_per_ip_hour", 20),
        sms_per_ip_day: limit("sms_per_ip_day", 60),
        sms_tries_per_phone_day: limit("sms_tries_per_phone_day", 15),
        sms_per_day: limit("sms_per_day", 10_000),
        sms_unused_permille: 0,
        tokens_per_session_per_min: limit("tokens_per_session_per_min", 120),
    };
    let waits = SlotLimits { per_ip: limit("waits_per_ip", 50), per_node: limit("waits_per_node", 20_000) };
    let connections = SlotLimits { per_ip: limit("connections_per_ip", 200), per_node: 0 };
    let limits = LimitPolicy { sms_unused_permille: section.permille("sms_unused_share", 700), ..limits };
    (limits, waits, connections)
}
