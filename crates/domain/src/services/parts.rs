//! Making the parts that several services are made of, each with only the ports that it uses.

use std::sync::{Arc, Mutex};

use super::{
    AppProfileService, ConsentService, NoticeService, Policy, Ports, ReadyCodes, SiteTrail, SmsWatch,
    Suspicions, answer_weighing::AnswerWeighing, code_redeemer::CodeRedeemer, gatekeeping::Gatekeeping,
    identification::Identification, known_networks::KnownNetworks, login_issuer::LoginIssuer,
    login_publisher::LoginPublisher, login_reader::LoginReader, pending_invalidations::PendingInvalidations,
    phone_codes::PhoneCodes, phone_commit::PhoneCommit, rate_limiter::RateLimiter,
    refused_addresses::RefusedAddresses, session_invalidation::SessionInvalidation,
    unionid_link::UnionIdLinking, unionid_lookup::UnionIdLookup,
};
use crate::keys::KeyRing;

/// What the services are made of.
pub(super) struct Parts {
    pub(super) ports: Ports,
    pub(super) keys: Arc<KeyRing>,
    pub(super) policy: Arc<Policy>,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) sms_watch: Arc<SmsWatch>,
    pub(super) notices: Arc<NoticeService>,
    pub(super) profiles: Arc<AppProfileService>,
    pub(super) site_trail: Arc<SiteTrail>,
}

impl Parts {
    pub(super) fn new(ports: Ports, keys: KeyRing, policy: Policy) -> Self {
        let invalidation = SessionInvalidation {
            sessions: ports.sessions.clone(),
            session_cache: ports.session_cache.clone(),
            clock: ports.clock.clone(),
            pending: PendingInvalidations::default(),
        };
        let (keys, policy) = (Arc::new(keys), Arc::new(policy));
        let sms_watch = SmsWatch::new(ports.clock.clone(), policy.clone());
        let notices = NoticeService {
            accounts: ports.accounts.clone(),
            official_account: ports.official_account.clone(),
            clock: ports.clock.clone(),
            policy: policy.clone(),
        };
        let invalidation = Arc::new(invalidation);
        let profiles = AppProfileService {
            profiles: ports.app_profiles.clone(),
            official_account: ports.official_account.clone(),
            oauth: ports.oauth.clone(),
            invalidation: invalidation.clone(),
            background: ports.background.clone(),
            random: ports.random.clone(),
            clock: ports.clock.clone(),
            keys: keys.clone(),
            policy: policy.clone(),
        };
        let site_trail = SiteTrail {
            audit: ports.audit.clone(),
            clock: ports.clock.clone(),
            introspections: Mutex::default(),
        };
        Self {
            ports,
            keys,
            policy,
            invalidation,
            sms_watch: Arc::new(sms_watch),
            notices: Arc::new(notices),
            profiles: Arc::new(profiles),
            site_trail: Arc::new(site_trail),
        }
    }

    pub(super) fn limiter(&self) -> RateLimiter {
        RateLimiter { limits: self.ports.limits.clone(), clock: self.ports.clock.clone() }
    }

    pub(super) fn known_networks(&self) -> KnownNetworks {
        KnownNetworks {
            limits: self.ports.limits.clone(),
            clock: self.ports.clock.clone(),
            keys: self.keys.clone(),
            noted: Arc::default(),
        }
    }

    pub(super) fn refused_addresses(&self) -> RefusedAddresses {
        RefusedAddresses {
            limits: self.ports.limits.clone(),
            clock: self.ports.clock.clone(),
            keys: self.keys.clone(),
        }
    }

    pub(super) fn suspicions(&self) -> Suspicions {
        Suspicions {
            limits: self.ports.limits.clone(),
            audit: self.ports.audit.clone(),
            steps: self.ports.steps.clone(),
            background: self.ports.background.clone(),
            clock: self.ports.clock.clone(),
        }
    }

    pub(super) fn gatekeeping(&self) -> Gatekeeping {
        let Ports { gate, logins, accounts, .. } = &self.ports;
        Gatekeeping::new(gate.clone(), logins.clone(), accounts.clone())
    }

    pub(super) fn answer_weighing(&self) -> AnswerWeighing {
        AnswerWeighing {
            logins: self.ports.logins.clone(),
            accounts: self.ports.accounts.clone(),
            places: self.ports.places.clone(),
            gatekeeping: self.gatekeeping(),
            policy: self.policy.clone(),
        }
    }

    pub(super) fn consents(&self) -> ConsentService {
        ConsentService {
            logins: self.ports.logins.clone(),
            clock: self.ports.clock.clone(),
            policy: self.policy.clone(),
        }
    }

    pub(super) fn publisher(&self) -> LoginPublisher {
        LoginPublisher {
            login_cache: self.ports.login_cache.clone(),
            policy: self.policy.clone(),
            steps: self.ports.steps.clone(),
        }
    }

    pub(super) fn reader(&self) -> LoginReader {
        LoginReader { logins: self.ports.logins.clone(), clock: self.ports.clock.clone() }
    }

    pub(super) fn code_redeemer(&self) -> CodeRedeemer {
        CodeRedeemer { one_time_codes: self.ports.one_time_codes.clone(), clock: self.ports.clock.clone() }
    }

    pub(super) fn ready_codes(&self) -> ReadyCodes {
        ReadyCodes::new(
            self.issuer(),
            self.ports.official_account.clone(),
            self.ports.background.clone(),
            self.ports.clock.clone(),
            self.policy.clone(),
        )
    }

    pub(super) fn issuer(&self) -> LoginIssuer {
        LoginIssuer {
            limiter: self.limiter(),
            known_networks: self.known_networks(),
            refused_addresses: self.refused_addresses(),
            suspicions: self.suspicions(),
            publisher: self.publisher(),
            logins: self.ports.logins.clone(),
            consents: self.consents(),
            random: self.ports.random.clone(),
            clock: self.ports.clock.clone(),
            keys: self.keys.clone(),
            policy: self.policy.clone(),
        }
    }

    pub(super) fn identification(&self) -> Identification {
        Identification {
            logins: self.ports.logins.clone(),
            steps: self.ports.steps.clone(),
            suspicions: self.suspicions(),
            publisher: self.publisher(),
            invalidation: self.invalidation.clone(),
            gatekeeping: self.gatekeeping(),
            random: self.ports.random.clone(),
            clock: self.ports.clock.clone(),
            policy: self.policy.clone(),
        }
    }

    pub(super) fn unionid_lookup(&self) -> UnionIdLookup {
        UnionIdLookup {
            accounts: self.ports.accounts.clone(),
            official_account: self.ports.official_account.clone(),
            policy: self.policy.clone(),
        }
    }

    pub(super) fn linking(&self) -> UnionIdLinking {
        UnionIdLinking {
            official_account: self.ports.official_account.clone(),
            logins: self.ports.logins.clone(),
            accounts: self.ports.accounts.clone(),
            publisher: self.publisher(),
            invalidation: self.invalidation.clone(),
            clock: self.ports.clock.clone(),
            policy: self.policy.clone(),
        }
    }

    pub(super) fn phone_codes(&self) -> PhoneCodes {
        PhoneCodes {
            limiter: self.limiter(),
            watch: self.sms_watch.clone(),
            audit: self.ports.audit.clone(),
            people: self.ports.people.clone(),
            background: self.ports.background.clone(),
            sms_codes: self.ports.sms_codes.clone(),
            sms_sender: self.ports.sms_sender.clone(),
            random: self.ports.random.clone(),
            clock: self.ports.clock.clone(),
            keys: self.keys.clone(),
            policy: self.policy.clone(),
        }
    }

    pub(super) fn phone_commit(&self) -> PhoneCommit {
        PhoneCommit {
            logins: self.ports.logins.clone(),
            publisher: self.publisher(),
            invalidation: self.invalidation.clone(),
            notices: self.notices.clone(),
            gatekeeping: self.gatekeeping(),
            background: self.ports.background.clone(),
            random: self.ports.random.clone(),
            clock: self.ports.clock.clone(),
            policy: self.policy.clone(),
        }
    }
}
