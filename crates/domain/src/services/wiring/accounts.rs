//! Making what works on sessions, accounts and people.

use std::sync::Arc;

use crate::services::{
    AccountService, AppAccess, FollowService, OpenData, OpenIdService, PeopleService, RevocationService,
    SessionIssuer, SessionService, parts::Parts,
};

pub(super) fn session_issuer(parts: &Parts) -> SessionIssuer {
    SessionIssuer {
        accounts: parts.ports.accounts.clone(),
        sessions: parts.ports.sessions.clone(),
        session_cache: parts.ports.session_cache.clone(),
        invalidation: parts.invalidation.clone(),
        known_networks: parts.known_networks(),
        gatekeeping: parts.gatekeeping(),
        profiles: parts.profiles.clone(),
        random: parts.ports.random.clone(),
        clock: parts.ports.clock.clone(),
        keys: parts.keys.clone(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn sessions(parts: &Parts) -> SessionService {
    SessionService {
        sessions: parts.ports.sessions.clone(),
        session_cache: parts.ports.session_cache.clone(),
        invalidation: parts.invalidation.clone(),
        limiter: parts.limiter(),
        keys: parts.keys.clone(),
        clock: parts.ports.clock.clone(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn open_data(parts: &Parts) -> OpenData {
    OpenData {
        accounts: parts.ports.accounts.clone(),
        people: parts.ports.people.clone(),
        mini_program: parts.ports.mini_program.clone(),
        session_keys: parts.ports.session_keys.clone(),
        code_redeemer: parts.code_redeemer(),
        keys: parts.keys.clone(),
        clock: parts.ports.clock.clone(),
    }
}

pub(super) fn accounts(parts: &Parts, open_data: Arc<OpenData>) -> AccountService {
    AccountService {
        open_data,
        accounts: parts.ports.accounts.clone(),
        codes: parts.phone_codes(),
        merges: parts.ports.merges.clone(),
        invalidation: parts.invalidation.clone(),
        clock: parts.ports.clock.clone(),
        random: parts.ports.random.clone(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn app_access(parts: &Parts) -> AppAccess {
    AppAccess {
        app_api: parts.ports.app_api.clone(),
        official_account: parts.ports.official_account.clone(),
        limiter: parts.limiter(),
    }
}

pub(super) fn people(parts: &Parts) -> PeopleService {
    PeopleService {
        people: parts.ports.people.clone(),
        merges: parts.ports.merges.clone(),
        sessions: parts.ports.sessions.clone(),
        session_keys: parts.ports.session_keys.clone(),
        login_cache: parts.ports.login_cache.clone(),
        trail: parts.site_trail.clone(),
        invalidation: parts.invalidation.clone(),
        clock: parts.ports.clock.clone(),
        random: parts.ports.random.clone(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn follows(parts: &Parts) -> FollowService {
    FollowService {
        accounts: parts.ports.accounts.clone(),
        sessions: parts.ports.sessions.clone(),
        invalidation: parts.invalidation.clone(),
        clock: parts.ports.clock.clone(),
        policy: parts.policy.clone(),
    }
}

pub(super) fn revocations(parts: &Parts) -> RevocationService {
    RevocationService {
        accounts: parts.ports.accounts.clone(),
        invalidation: parts.invalidation.clone(),
        clock: parts.ports.clock.clone(),
    }
}

pub(super) fn openid(parts: &Parts) -> OpenIdService {
    OpenIdService {
        grants: parts.ports.grants.clone(),
        limiter: parts.limiter(),
        keys: parts.keys.clone(),
        random: parts.ports.random.clone(),
        clock: parts.ports.clock.clone(),
        policy: parts.policy.clone(),
    }
}
