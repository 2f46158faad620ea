//! The configuration: typed sections, read from `saoma.toml` and the environment, checked before anything
//! starts. Every problem names its key, and all of them are reported at once.

mod admin;
mod app;
mod app_callback;
mod builder;
mod chat;
mod check;
mod forward_auth;
mod geo;
mod journal;
mod limits;
mod log;
mod login;
mod login_by;
mod login_page;
mod mount;
mod oidc;
mod page;
mod problem;
mod relay;
mod replies_to;
mod section;
mod server;
mod server_keys;
mod session;
mod signing;
mod sms;
mod source;
mod store;
#[cfg(test)]
mod tests;
mod tokens;
mod verify_files;
mod webhooks;
mod wechat;

pub use admin::{AdminConfig, AdminKey, Scope};
pub use app::{AppConfig, ShownApp};
pub use builder::{ConfigBuilder, Credentials};
pub use chat::{ChatConfig, Confirm, Language, ReplyTexts};
pub use check::CheckConfig;
pub use forward_auth::{ForwardAuthConfig, PhoneShown};
pub use geo::GeoConfig;
pub use journal::{AuditConfig, JournalConfig};
pub use limits::SlotLimits;
pub use log::{LogConfig, LogFormat, LogLevel};
pub use login::LoginConfig;
pub use login_by::LoginBy;
pub use mount::{MalformedMount, Mount, Part, Parts};
pub use oidc::OidcClient;
pub use page::{Color, FooterEntry, MalformedColor, PageColors, PageConfig, PageLanguage, SiteFile};
pub use problem::{ConfigError, ConfigProblem};
pub use relay::RelayConfig;
pub use replies_to::{ReplyContent, ReplyMatch, ReplyOn, ReplyTo};
pub use server::ServerConfig;
pub use signing::SigningConfig;
pub use sms::SmsConfig;
pub use store::{DatabaseConfig, StoreConfig};
pub use tokens::TokenAudience;
pub use verify_files::VerifyFiles;
pub use webhooks::WebhookConfig;
pub use wechat::WechatConfig;

pub use saoma_domain::{signing::SigningAlgorithm, wechat::AppKind};
pub use saoma_jwt::{ConfiguredKey, SigningKey};
pub use saoma_relay::{DataField, GateTarget, WebhookTarget};
pub use saoma_sms::SmsProvider;
pub use saoma_wechat::client::InWechatScope;

use std::{collections::BTreeMap, path::Path};

use crate::chat_replies::notices;
pub(crate) use admin::hash_of;
use saoma_domain::{
    login::Channel,
    services::{LimitPolicy, Policy, SmsPolicy},
    session::SessionPolicy,
    wechat::AppName,
};
use section::Section;
use toml::Table;

/// A configuration that was checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Listeners, keys, and the origins and proxies that are trusted.
    pub server: ServerConfig,
    /// Who may call the site API.
    pub admin: AdminConfig,
    /// Where caches and counters are kept.
    pub store: StoreConfig,
    /// The database.
    pub database: DatabaseConfig,
    /// Where WeChat is, and the apps that are configured there.
    pub wechat: WechatConfig,
    /// The times and rules of logins.
    pub login: LoginConfig,
    /// How the pages look, and what they lead to.
    pub page: PageConfig,
    /// What tells people from machines.
    pub check: CheckConfig,
    /// How long sessions live.
    pub session: SessionPolicy,
    /// The domain that session cookies are for; empty for this host only.
    pub cookie_domain: String,
    /// What the systems behind a proxy are told.
    pub forward_auth: ForwardAuthConfig,
    /// The services that get signed tokens.
    pub tokens: Vec<TokenAudience>,
    /// The keys that sign tokens.
    pub signing: SigningConfig,
    /// The systems that log people in by OpenID Connect.
    pub oidc: Vec<OidcClient>,
    /// How SMS codes are sent.
    pub sms: SmsConfig,
    /// How the service logs.
    pub log: LogConfig,
    /// The rate limits.
    pub limits: LimitPolicy,
    /// What is kept of the audit trail.
    pub audit: AuditConfig,
    /// What is kept of what WeChat told.
    pub journal: JournalConfig,
    /// The systems of the site that hear events.
    pub webhooks: Vec<WebhookConfig>,
    /// The system of the site that decides whether a person is admitted; without one every person is.
    pub gate: Option<GateTarget>,
    /// Where addresses are.
    pub geo: GeoConfig,
    /// How many clients may wait at the same time.
    pub waits: SlotLimits,
    /// How many connections the public listener holds; how many in all follows from the open files that are allowed.
    pub connections: SlotLimits,
    /// Whether the login page is served at `/` too, as the demo does; no key of the file sets it.
    pub page_at_root: bool,
    /// Where on its site the service is mounted, see [`ConfigBuilder::mount`]; no key of the file sets it.
    pub mount: Mount,
    /// The parts that are there, see [`ConfigBuilder::without`]; no key of the file sets it.
    pub parts: Parts,
    /// Whether the application sends SMS by itself ([`ConfigBuilder::own_sms_sender`]); no key of the file sets it.
    pub brings_sms_sender: bool,
}

impl Config {
    /// Reads and checks a configuration.
    ///
    /// # Errors
    /// [`ConfigError`] with everything that is wrong.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let table = source::read(file, environment)?;
        let source = file.map_or_else(|| "environment".to_owned(), |path| path.display().to_string());
        Self::check(&source, table, Vec::new(), false)
    }

    /// Reads a table, whose problems are added to those that are known already.
    fn check(
        source: &str,
        table: Table,
        mut problems: Vec<ConfigProblem>,
        brings_sms_sender: bool,
    ) -> Result<Self, ConfigError> {
        let mut root = Section::new("", table, &mut problems);
        let config = Self::read(&mut root, brings_sms_sender);
        root.finish();
        match config {
            Some(config) if problems.is_empty() => Ok(config),
            Some(_) | None => Err(ConfigError { source: source.to_owned(), problems }),
        }
    }

    fn read(root: &mut Section<'_>, brings_sms_sender: bool) -> Option<Self> {
        let server = root.section("server", server::read);
        let admin = root.section("admin", admin::read);
        let store = root.section("store", store::read_store);
        let database = root.section("database", store::read_database);
        let wechat = root.section("wechat", wechat::read);
        let login = root.section("login", login::read);
        let page = root.section("page", page::read);
        let check = root.section("check", check::read);
        let host =
            server.as_ref().and_then(|server| server.public_url.host_str()).unwrap_or_default().to_owned();
        let (session, cookie_domain) = root.section("session", |section| {
            (session::read(section), session::read_cookie_domain(section, &host))
        });
        let tokens = tokens::read(root);
        let signing = root.section("signing", signing::read);
        let oidc = root.section("oidc", oidc::read);
        let forward_auth = root.section("forward_auth", |section| forward_auth::read(section, &tokens));
        let https = server.as_ref().is_some_and(|server| server.public_url.scheme() == "https");
        // Who brings a sender shows no codes in the log.
        let shows_codes = https && !brings_sms_sender && !wechat.is_for_tests();
        let around = sms::Around { shows_codes, asks_for_numbers: login.asks_for_numbers() };
        let sms = root.section("sms", |section| sms::read(section, around));
        let log = root.section("log", log::read);
        let journal = root.section("journal", journal::read);
        let audit = root.section("audit", journal::read_audit);
        let webhooks = webhooks::read(root);
        let gate = root.section("gate", webhooks::read_gate);
        let geo = root.section("geo", geo::read);
        let (limits, waits, connections) = root.section("limits", limits::read);
        let (server, store, database) = (server?, store?, database?);
        let config = Self {
            server,
            admin,
            store,
            database,
            wechat,
            login,
            page,
            check,
            session,
            cookie_domain,
            forward_auth,
            tokens,
            signing,
            oidc,
            sms,
            log,
            limits,
            audit,
            journal,
            webhooks,
            gate,
            geo,
            waits,
            connections,
            page_at_root: false,
            mount: Mount::default(),
            parts: Parts::default(),
            brings_sms_sender,
        };
        if let Some((key, message)) = config.audience_of_client() {
            root.problem(key, message);
        }
        if let Some(missing) = signing::missing(&config.signing, &config.signing_algorithms()) {
            root.problem("signing.keys", missing);
        }
        Some(config)
    }

    /// Returns what signed tokens say of who signed them (`iss`): where the service is, without a slash at the end.
    pub fn issuer(&self) -> String {
        format!("{}{}", self.server.public_url.origin().ascii_serialization(), self.mount)
    }

    /// Says which audience of tokens is a client's id too: the ID tokens of that client would pass for tokens of that audience.
    fn audience_of_client(&self) -> Option<(&'static str, String)> {
        let is_client = |name: &str| self.oidc.iter().any(|client| client.client.id.as_str() == name);
        let mut of_tokens = self.tokens.iter().map(|it| ("tokens.audience", &it.audience));
        let of_proxy =
            || self.forward_auth.token.as_ref().map(|it| ("forward_auth.jwt_audience", &it.audience));
        let (key, name) = of_tokens
            .find(|(_, name)| is_client(name))
            .or_else(|| of_proxy().filter(|(_, name)| is_client(name)))?;
        let message = format!(
            "`{name}` is the id of one of `oidc.clients` too, whose ID tokens would pass for tokens of this audience; choose another name"
        );
        Some((key, message))
    }

    /// Returns the algorithms that tokens are signed with.
    pub fn signing_algorithms(&self) -> Vec<SigningAlgorithm> {
        let audiences = self.tokens.iter().chain(&self.forward_auth.token);
        let clients = self.oidc.iter().map(|client| client.algorithm);
        let used: Vec<_> = audiences.map(|audience| audience.algorithm).chain(clients).collect();
        SigningAlgorithm::ALL.into_iter().filter(|algorithm| used.contains(algorithm)).collect()
    }

    /// Returns where the login page is: where the configuration says, or else the page of the service.
    pub fn login_page(&self) -> String {
        self.login.page_url.clone().unwrap_or_else(|| self.mount.path("/login"))
    }

    fn codes_ready(&self) -> BTreeMap<AppName, u32> {
        let accounts = self.wechat.apps_of(AppKind::OfficialAccount).filter(|app| !app.login_by.is_message());
        let ready = |app: &AppConfig| (app.name.clone(), self.login.codes_ready);
        accounts.map(ready).filter(|(_, ready)| *ready > 0).collect()
    }

    /// Returns the name of the site as chat and pages say it: its own, or else its host.
    pub(crate) fn site_name(&self) -> &str {
        self.page.site_name.as_deref().or(self.server.public_url.host_str()).unwrap_or_default()
    }

    /// Returns the settings of the services.
    pub fn policy(&self) -> Policy {
        Policy {
            qr_ttl: self.login.qr_ttl,
            codes_ready: self.codes_ready(),
            by_message: self.wechat.by_message(),
            bind_ttl: self.login.bind_ttl,
            handover: self.login.handover,
            oauth_ttl: self.login.oauth_ttl,
            link_by_unionid: self.login.link_by_unionid,
            apps: self.wechat.apps.iter().map(|app| (app.name.clone(), channel_of(app.kind))).collect(),
            open_accounts: self.wechat.open_accounts(),
            recheck_phone: self.login.recheck_phone,
            notices: notices(&self.wechat, self.site_name()),
            confirm: self.wechat.confirm_by(),
            elsewhere: self.wechat.elsewhere(),
            on_unsubscribe: self.login.on_unsubscribe,
            session: self.session,
            sms: SmsPolicy {
                code_ttl: self.sms.code_ttl,
                code_attempts: self.sms.code_attempts,
                countries: self.sms.countries.clone(),
            },
            limits: self.limits,
            phone: self.login.phone,
            registration: self.login.registration,
            sms_login: self.login.sms,
            machine_check: self.check.policy(),
            terms: self.page.terms.clone(),
        }
    }
}

/// Returns the way in that an app of a kind stands for.
fn channel_of(kind: AppKind) -> Channel {
    match kind {
        AppKind::OfficialAccount => Channel::OfficialAccount,
        AppKind::Website => Channel::Website,
        AppKind::MiniProgram => Channel::MiniProgram,
        AppKind::MobileApp => Channel::App,
    }
}
