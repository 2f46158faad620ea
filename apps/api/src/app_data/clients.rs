//! The parts between the endpoints and the services of logins.

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use saoma_domain::services::Services;

use super::{auth::AuthParts, common::CommonParts, shared};
use crate::{
    chat_replies::{ChatSite, OwnTexts, StandingReplies},
    clients::{
        ClientSessions, ClientWaiting, LoginStarts, LoginStreams, MachineGuard, MiniProgramPages,
        OAUTH_AUTHORIZE, OAUTH_CALLBACK, PollPace, ReturnHandling,
    },
    config::Config,
    handlers::{LoginReading, PhonePages, PhoneStyle},
    journal::JournalWriter,
    node::FunnelCounters,
    relaying::Relaying,
    telling::Telling,
    wechat_events::{RefusalLog, WechatEvents},
};

/// The parts between the endpoints and the services of logins.
pub(super) struct ClientParts {
    sessions: Arc<ClientSessions>,
    pub(super) reading: Arc<LoginReading>,
    streams: Arc<LoginStreams>,
    machines: Arc<MachineGuard>,
    starts: Arc<LoginStarts>,
    returns: Arc<ReturnHandling>,
    pub(super) events: Arc<WechatEvents>,
    phone_pages: Arc<PhonePages>,
    mini_program_pages: Arc<MiniProgramPages>,
}

/// What becomes of WeChat's calls besides logins.
pub(super) struct EventParts {
    pub(super) relaying: Arc<Relaying>,
    pub(super) own_texts: OwnTexts,
    pub(super) telling: Arc<Telling>,
    pub(super) journal: Arc<JournalWriter>,
    pub(super) counters: Arc<FunnelCounters>,
    pub(super) replies: Arc<StandingReplies>,
}

impl ClientParts {
    pub(super) fn new(
        config: &Config,
        common: &CommonParts,
        auth: &AuthParts,
        services: &Services,
        event_parts: EventParts,
    ) -> Self {
        let sessions = Arc::new(ClientSessions {
            issuer: services.session_issuer.clone(),
            cookies: common.cookies.clone(),
            clock: common.clock.clone(),
        });
        let machines =
            Arc::new(MachineGuard { checks: services.machine_checks.clone(), config: config.check.clone() });
        Self {
            phone_pages: Arc::new(phone_pages(config, common, services)),
            mini_program_pages: Arc::new(mini_program_pages(config, common, services)),
            reading: Arc::new(reading(common, auth, services, &sessions)),
            streams: Arc::new(streams(common, services, &sessions)),
            starts: Arc::new(starts(
                config,
                common,
                auth,
                services,
                &sessions,
                (&event_parts.counters, &machines),
            )),
            returns: Arc::new(returns(config, common, auth, services, &sessions)),
            events: Arc::new(events(config, common, services, event_parts)),
            machines,
            sessions,
        }
    }

    pub(super) fn register(&self, config: &mut ServiceConfig) {
        config
            .app_data(shared(&self.sessions))
            .app_data(shared(&self.reading))
            .app_data(shared(&self.streams))
            .app_data(shared(&self.machines))
            .app_data(shared(&self.starts))
            .app_data(shared(&self.returns))
            .app_data(shared(&self.phone_pages))
            .app_data(shared(&self.mini_program_pages))
            .app_data(shared(&self.events));
    }
}

fn reading(
    common: &CommonParts,
    auth: &AuthParts,
    services: &Services,
    sessions: &Arc<ClientSessions>,
) -> LoginReading {
    let waiting = ClientWaiting {
        waiting: services.waiting.clone(),
        slots: common.slots.clone(),
        shutdown: common.shutdown.clone(),
        pace: PollPace::new(),
    };
    let (credentials, watch) = (auth.login_credentials.clone(), common.watch.clone());
    LoginReading { credentials, waiting, sessions: sessions.clone(), watch }
}

fn streams(common: &CommonParts, services: &Services, sessions: &Arc<ClientSessions>) -> LoginStreams {
    LoginStreams {
        waiting: services.waiting.clone(),
        accounts: services.accounts.clone(),
        sessions: sessions.clone(),
        slots: common.slots.clone(),
        shutdown: common.shutdown.clone(),
        watch: common.watch.clone(),
    }
}

fn starts(
    config: &Config,
    common: &CommonParts,
    auth: &AuthParts,
    services: &Services,
    sessions: &Arc<ClientSessions>,
    (counters, machines): (&Arc<FunnelCounters>, &Arc<MachineGuard>),
) -> LoginStarts {
    LoginStarts {
        start: services.start.clone(),
        links: services.link_opening.clone(),
        mini_program: services.mini_program.clone(),
        app: services.app.clone(),
        sessions: sessions.clone(),
        apps: common.apps.clone(),
        return_addresses: common.return_addresses.clone(),
        cookies: common.cookies.clone(),
        binding: auth.binding.clone(),
        oauth_states: auth.oauth_states.clone(),
        clock: common.clock.clone(),
        watch: common.watch.clone(),
        steps: counters.clone(),
        machines: machines.clone(),
        redirect_uri: redirect_uri(config),
    }
}

/// Returns the site as the chat and the phone's pages name it.
pub(super) fn site(config: &Config) -> Arc<ChatSite> {
    let url = &config.server.public_url;
    let base = url.join(&config.mount.path("/")).map(String::from).unwrap_or_default();
    let (name, host) = (config.site_name().to_owned(), url.host_str().unwrap_or_default().to_owned());
    Arc::new(ChatSite { name, host, base: base.trim_end_matches('/').to_owned() })
}

fn phone_pages(config: &Config, common: &CommonParts, services: &Services) -> PhonePages {
    PhonePages {
        confirmation: services.confirmation.clone(),
        places: services.places.clone(),
        site: site(config),
        watch: common.watch.clone(),
        metrics: common.metrics.clone(),
        style: PhoneStyle::new(),
    }
}

fn mini_program_pages(config: &Config, common: &CommonParts, services: &Services) -> MiniProgramPages {
    MiniProgramPages {
        scans: services.mini_program_scan.clone(),
        authenticator: services.authenticator.clone(),
        apps: common.apps.clone(),
        places: services.places.clone(),
        site: site(config),
        watch: common.watch.clone(),
        metrics: common.metrics.clone(),
    }
}

/// Returns where WeChat sends browsers back to.
fn redirect_uri(config: &Config) -> String {
    let path = config.mount.path(OAUTH_CALLBACK);
    config.server.public_url.join(&path).map(String::from).unwrap_or_default()
}

fn returns(
    config: &Config,
    common: &CommonParts,
    auth: &AuthParts,
    services: &Services,
    sessions: &Arc<ClientSessions>,
) -> ReturnHandling {
    ReturnHandling {
        returns: services.oauth_returns.clone(),
        links: services.link_opening.clone(),
        site: site(config),
        link_path: config.mount.path(OAUTH_AUTHORIZE),
        sessions: sessions.clone(),
        cookies: common.cookies.clone(),
        binding: auth.binding.clone(),
        login_page: common.login_page.clone(),
        return_addresses: common.return_addresses.clone(),
        metrics: common.metrics.clone(),
        watch: common.watch.clone(),
    }
}

fn events(config: &Config, common: &CommonParts, services: &Services, parts: EventParts) -> WechatEvents {
    let apps = common.apps.with_callback().map(|(app, _)| app.name.clone());
    WechatEvents {
        signatures: services.callback_signatures.clone(),
        refusals: RefusalLog::new(apps, &common.metrics),
        scans: services.scans.clone(),
        codes: services.message_codes.clone(),
        confirmation: services.confirmation.clone(),
        follows: services.follows.clone(),
        revocations: services.revocations.clone(),
        notices: services.notices.clone(),
        relaying: parts.relaying,
        telling: parts.telling,
        journal: parts.journal,
        steps: parts.counters,
        replies: parts.replies,
        accounts: services.accounts.clone(),
        own_texts: parts.own_texts,
        apps: common.apps.clone(),
        clock: common.clock.clone(),
        random: common.random.clone(),
        metrics: common.metrics.clone(),
        watch: common.watch.clone(),
        site: site(config),
    }
}
