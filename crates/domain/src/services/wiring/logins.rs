//! Making what starts, follows and ends logins.

use std::sync::Arc;

use crate::services::{
    AppLogin, Cancellation, LinkOpening, LoginStart, MachineChecks, MessageCodeService, MiniProgramLogin,
    MiniProgramScan, OAuthReturns, PhoneBinding, PhoneConfirmation, ReadyCodes, ScanService, Waiting,
    WechatPhoneBinding, code_login::CodeLogin, parts::Parts, waited_logins::WaitedLogins,
};

pub(super) fn message_codes(parts: &Parts) -> MessageCodeService {
    MessageCodeService {
        codes: parts.ports.message_codes.clone(),
        limiter: parts.limiter(),
        random: parts.ports.random.clone(),
        clock: parts.ports.clock.clone(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn start(
    parts: &Parts,
    ready_codes: Arc<ReadyCodes>,
    message_codes: Arc<MessageCodeService>,
) -> LoginStart {
    LoginStart {
        ready_codes,
        message_codes,
        issuer: parts.issuer(),
        oauth: parts.ports.oauth.clone(),
        mini_program: parts.ports.mini_program.clone(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn mini_program(parts: &Parts) -> MiniProgramLogin {
    MiniProgramLogin {
        by_code: by_code(parts),
        mini_program: parts.ports.mini_program.clone(),
        session_keys: parts.ports.session_keys.clone(),
        random: parts.ports.random.clone(),
        clock: parts.ports.clock.clone(),
        keys: parts.keys.clone(),
    }
}

pub(super) fn mini_program_scan(
    parts: &Parts,
    scans: Arc<ScanService>,
    confirmation: Arc<PhoneConfirmation>,
) -> MiniProgramScan {
    MiniProgramScan {
        issuer: parts.issuer(),
        code_redeemer: parts.code_redeemer(),
        mini_program: parts.ports.mini_program.clone(),
        identification: parts.identification(),
        scans,
        confirmation,
        login_cache: parts.ports.login_cache.clone(),
        logins: parts.ports.logins.clone(),
        accounts: parts.ports.accounts.clone(),
        clock: parts.ports.clock.clone(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn app(parts: &Parts) -> AppLogin {
    AppLogin { by_code: by_code(parts), oauth: parts.ports.oauth.clone(), profiles: parts.profiles.clone() }
}

fn by_code(parts: &Parts) -> CodeLogin {
    CodeLogin {
        issuer: parts.issuer(),
        code_redeemer: parts.code_redeemer(),
        identification: parts.identification(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn scans(parts: &Parts) -> ScanService {
    ScanService {
        login_cache: parts.ports.login_cache.clone(),
        lookup: parts.unionid_lookup(),
        identification: parts.identification(),
        linking: Arc::new(parts.linking()),
        gatekeeping: parts.gatekeeping(),
        background: parts.ports.background.clone(),
        keys: parts.keys.clone(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn confirmation(parts: &Parts, scans: Arc<ScanService>) -> PhoneConfirmation {
    PhoneConfirmation {
        logins: parts.ports.logins.clone(),
        accounts: parts.ports.accounts.clone(),
        scans,
        identification: parts.identification(),
        weighing: parts.answer_weighing(),
        publisher: parts.publisher(),
        invalidation: parts.invalidation.clone(),
        refused_addresses: parts.refused_addresses(),
        suspicions: parts.suspicions(),
        random: parts.ports.random.clone(),
        clock: parts.ports.clock.clone(),
        keys: parts.keys.clone(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn link_opening(parts: &Parts, scans: Arc<ScanService>) -> LinkOpening {
    LinkOpening {
        issuer: parts.issuer(),
        code_redeemer: parts.code_redeemer(),
        oauth: parts.ports.oauth.clone(),
        identification: parts.identification(),
        scans,
        login_cache: parts.ports.login_cache.clone(),
        clock: parts.ports.clock.clone(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn oauth_returns(parts: &Parts, waiting: Arc<Waiting>) -> OAuthReturns {
    OAuthReturns {
        logins: parts.ports.logins.clone(),
        code_redeemer: parts.code_redeemer(),
        oauth: parts.ports.oauth.clone(),
        identification: parts.identification(),
        profiles: parts.profiles.clone(),
        waiting,
        publisher: parts.publisher(),
        clock: parts.ports.clock.clone(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn waiting(parts: &Parts) -> Waiting {
    Waiting {
        login_cache: parts.ports.login_cache.clone(),
        reader: parts.reader(),
        publisher: parts.publisher(),
        notifier: parts.ports.notifier.clone(),
        logins: parts.ports.logins.clone(),
        clock: parts.ports.clock.clone(),
        waited_logins: WaitedLogins::default(),
    }
}

pub(super) fn cancellation(parts: &Parts, waiting: Arc<Waiting>) -> Cancellation {
    Cancellation {
        waiting,
        logins: parts.ports.logins.clone(),
        publisher: parts.publisher(),
        clock: parts.ports.clock.clone(),
    }
}

pub(super) fn phone_binding(parts: &Parts) -> PhoneBinding {
    PhoneBinding {
        reader: parts.reader(),
        codes: parts.phone_codes(),
        commit: parts.phone_commit(),
        keys: parts.keys.clone(),
    }
}

pub(super) fn wechat_phone_binding(parts: &Parts, waiting: Arc<Waiting>) -> WechatPhoneBinding {
    WechatPhoneBinding {
        reader: parts.reader(),
        accounts: parts.ports.accounts.clone(),
        limiter: parts.limiter(),
        code_redeemer: parts.code_redeemer(),
        waiting,
        mini_program: parts.ports.mini_program.clone(),
        session_keys: parts.ports.session_keys.clone(),
        commit: parts.phone_commit(),
        clock: parts.ports.clock.clone(),
        keys: parts.keys.clone(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn machine_checks(parts: &Parts) -> MachineChecks {
    MachineChecks {
        captcha: parts.ports.captcha.clone(),
        one_time_codes: parts.ports.one_time_codes.clone(),
        limiter: parts.limiter(),
        random: parts.ports.random.clone(),
        clock: parts.ports.clock.clone(),
        keys: parts.keys.clone(),
        policy: parts.policy.clone(),
    }
}
