//! Makes the parts that the endpoints use, once, and gives them to actix-web. A handler takes only what it uses.

mod auth;
mod clients;
mod common;
mod oauth_relay;
#[cfg(feature = "oidc")]
mod openid;
mod registering;
mod signing;

use std::sync::Arc;

use prometheus_client::registry::Registry;
use saoma_domain::{
    ports::{AuditTrail, Funnel},
    services::{AppAccess, PeopleService, Services, SessionService},
};

#[cfg(feature = "oidc")]
use crate::oidc::receivers;
use crate::{
    Adapters,
    chat_replies::{OwnTexts, StandingReplies},
    config::{Config, JournalConfig},
    extract::TrustedProxies,
    guard::GuardParts,
    handlers::{Assets, ForwardAuth, SessionReading},
    journal::{JournalPolicy, JournalWriter, Replays, Words},
    node::{
        AuditKeeping, FunnelCounters, LastSms, Maintenance, MeasureSources, MeasuredSms, Readiness, Shutdown,
        StatusReport,
    },
    reach::EventReach,
    relaying::{Delivery, HookedRelay, Relaying},
    telling::Telling,
};
use auth::AuthParts;
use clients::{ClientParts, EventParts};
use common::CommonParts;
use oauth_relay::RelayParts;
use registering::shared;
use signing::SigningParts;

/// The parts of one service, which all its endpoints share.
pub(crate) struct AppData {
    pub(crate) config: Config,
    pub(crate) assets: Assets,
    pub(crate) shutdown: Shutdown,
    pub(crate) maintenance: Maintenance,
    telling: Arc<Telling>,
    journal: Arc<JournalWriter>,
    audit: Arc<dyn AuditTrail>,
    funnel: Arc<dyn Funnel>,
    counters: Arc<FunnelCounters>,
    status: Arc<StatusReport>,
    replies: Arc<StandingReplies>,
    replays: Arc<Replays>,
    services: Services,
    common: CommonParts,
    auth: AuthParts,
    clients: ClientParts,
    proxies: Arc<TrustedProxies>,
    pub(crate) readiness: Arc<Readiness>,
    session_reading: Arc<SessionReading>,
    forward_auth: Arc<ForwardAuth>,
    signing: SigningParts,
    oauth_relay: RelayParts,
    #[cfg(feature = "oidc")]
    openid: Arc<crate::oidc::OpenIdProvider>,
    guards: Arc<GuardParts>,
}

impl AppData {
    /// Makes the parts from the configuration and the adapters.
    pub(crate) fn new(config: Config, adapters: Adapters) -> Self {
        let Adapters {
            mut ports,
            on_message,
            chat_texts,
            relay,
            messages,
            outbox,
            audit,
            funnel,
            schema,
            journal,
            signing_keys,
            events,
            webhooks,
            database,
            store,
            mut pruning,
        } = adapters;
        let apps: Vec<_> = config.wechat.apps.iter().map(|app| (app.name.clone(), app.kind)).collect();
        let counters = FunnelCounters::new(funnel.clone(), ports.clock.clone(), apps.iter().cloned());
        let counters = Arc::new(counters);
        ports.steps = counters.clone();
        let last_sms = Arc::new(LastSms::default());
        let status = StatusReport {
            node: String::new(),
            apps,
            schema,
            database: database.clone(),
            store: store.clone(),
            journal: journal.clone(),
            outbox: outbox.clone(),
            messages: messages.clone(),
            app_api: ports.app_api.clone(),
            sms: last_sms.clone(),
            clock: ports.clock.clone(),
            recent: tokio::sync::Mutex::default(),
        };
        let wechat = ports.official_account.clone();
        let (database_health, suspicions) = (database.clone(), counters.suspicions());
        let sources = MeasureSources { database: database_health, store: store.clone(), wechat, suspicions };
        let common = CommonParts::new(&config, &ports, sources);
        let (providers, metrics) = (&config.sms.providers, (common.metrics.clone(), last_sms));
        let measured = MeasuredSms::new(ports.sms_sender, providers, metrics, common.clock.clone());
        ports.sms_sender = Arc::new(measured);
        let relay = HookedRelay {
            hook: on_message,
            relay,
            apps: common.apps.clone(),
            accounts: ports.accounts.clone(),
            clock: common.clock.clone(),
            random: common.random.clone(),
        };
        let spoken = OwnTexts { texts: chat_texts, accounts: ports.accounts.clone() };
        let relaying = Relaying::new(Arc::new(relay), messages, common.clock.clone(), common.metrics.clone());
        let relaying = Arc::new(relaying);
        let (clock, metrics) = (common.clock.clone(), common.metrics.clone());
        let signing = SigningParts::new(&config, &common, signing_keys);
        #[cfg(feature = "oidc")]
        let webhooks = webhooks.into_iter().chain(receivers(&config, &signing.signing, &clock)).collect();
        let telling = Arc::new(Telling::new(outbox.clone(), events, webhooks, clock, metrics));
        let JournalConfig { keep, keep_text } = config.journal;
        let policy = JournalPolicy { keep, keep_text };
        let journal = Arc::new(JournalWriter::new(journal, common.clock.clone(), &*common.random, policy));
        pruning.push(journal.clone());
        let oauth = ports.oauth.clone();
        let services = Services::new(ports, config.server.keys.clone(), config.policy());
        let auth = AuthParts::new(&config, &common, &services);
        let oauth_relay = RelayParts::new(&config, &common, &auth, &services, oauth);
        let replies = Arc::new(StandingReplies::default());
        replies.replace(&config.wechat);
        let event_parts = EventParts {
            relaying: relaying.clone(),
            own_texts: spoken,
            telling: telling.clone(),
            journal: journal.clone(),
            counters: counters.clone(),
            replies: replies.clone(),
        };
        let clients = ClientParts::new(&config, &common, &auth, &services, event_parts);
        let status = StatusReport { node: journal.node().to_owned(), ..status };
        let replays = Replays {
            journal: journal.clone(),
            scans: services.scans.clone(),
            follows: services.follows.clone(),
            revocations: services.revocations.clone(),
            words: Words {
                relaying: relaying.clone(),
                replies: replies.clone(),
                site: clients::site(&config),
                by_message: config.wechat.by_message(),
            },
            clock: common.clock.clone(),
        };
        let maintenance = Maintenance {
            waiting: services.waiting.clone(),
            sessions: services.sessions.clone(),
            ready_codes: services.ready_codes.clone(),
            sms_watch: services.sms_watch.clone(),
            store: store.clone(),
            pruning,
            delivery: delivery(&common, relaying),
            telling: telling.clone(),
            funnel: counters.clone(),
            signing: signing.signing.clone(),
            audit: AuditKeeping {
                trail: audit.clone(),
                outbox: outbox.clone(),
                clock: common.clock.clone(),
                random: common.random.clone(),
                node: journal.node().to_owned(),
                keep: config.audit.keep,
                head_file: config.audit.head_file.clone(),
            },
            clock: common.clock.clone(),
            shutdown: common.shutdown.clone(),
        };
        let guards = GuardParts {
            sessions: auth.session_credentials.clone(),
            return_addresses: common.return_addresses.clone(),
            login_page: common.login_page.clone(),
            policy: config.session,
            clock: common.clock.clone(),
        };
        let session_reading =
            SessionReading { credentials: auth.session_credentials.clone(), policy: config.session };
        let forward_auth = ForwardAuth {
            credentials: auth.session_credentials.clone(),
            return_addresses: common.return_addresses.clone(),
            login_page: common.login_page.clone(),
            public_url: config.server.public_url.clone(),
            phone: config.forward_auth.phone,
            tokens: signing.tokens.clone(),
            token_audience: config.forward_auth.token.clone(),
        };
        #[cfg(feature = "oidc")]
        let openid = openid::provider(&config, &common, &auth, &services, &signing.signing);
        Self {
            forward_auth: Arc::new(forward_auth),
            #[cfg(feature = "oidc")]
            openid: Arc::new(openid),
            signing,
            oauth_relay,
            assets: Assets::new(&config),
            shutdown: common.shutdown.clone(),
            maintenance,
            telling,
            journal,
            audit,
            funnel,
            counters,
            status: Arc::new(status),
            replies,
            replays: Arc::new(replays),
            proxies: Arc::new(TrustedProxies(config.server.trusted_proxies.clone())),
            readiness: Arc::new(Readiness { database, store, shutdown: common.shutdown.clone() }),
            session_reading: Arc::new(session_reading),
            guards: Arc::new(guards),
            config,
            services,
            common,
            auth,
            clients,
        }
    }

    /// Returns what finds, makes, changes and erases accounts.
    pub(crate) fn people(&self) -> Arc<PeopleService> {
        self.services.people.clone()
    }

    /// Returns what calls WeChat for others.
    pub(crate) fn app_access(&self) -> Arc<AppAccess> {
        self.services.app_access.clone()
    }

    /// Returns the audit trail.
    pub(crate) fn audit(&self) -> Arc<dyn AuditTrail> {
        self.audit.clone()
    }

    /// Takes the replies of a configuration in place of those before.
    pub(crate) fn replace_replies(&self, config: &Config) {
        self.replies.replace(&config.wechat);
    }

    /// Returns the journal.
    pub(crate) fn events(&self) -> EventReach {
        EventReach { journal: self.journal.clone(), replays: self.replays.clone() }
    }

    /// Returns the sessions.
    pub(crate) fn sessions(&self) -> Arc<SessionService> {
        self.services.sessions.clone()
    }

    /// Adds the counters to a registry.
    pub(crate) fn register_metrics_into(&self, registry: &mut Registry) {
        self.common.metrics.register_into(registry);
    }
}

/// Makes what delivers messages to the site's own systems, whose counters begin at 0.
fn delivery(common: &CommonParts, relaying: Arc<Relaying>) -> Delivery {
    let relayed = common.apps.with_callback().filter(|(app, _)| relaying.relays(&app.name));
    let apps = relayed.inspect(|(app, _)| {
        for outcome in ["answered", "kept", "delivered", "given_up"] {
            common.metrics.relayed_messages_of(&app.name, outcome);
        }
    });
    let has_targets = apps.count() > 0;
    Delivery { relaying, has_targets }
}
