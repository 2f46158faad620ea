//! The smaller sections.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use saoma_domain::{
    services::{LimitPolicy, OnUnsubscribe},
    session::SessionPolicy,
    wechat::{AppName, OpenAccount},
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{AppConfig, AppKind, apps, reader::Section};

const DAY: u32 = 24 * 3600;

/// Where that which may vanish is kept.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// `memory://`, or the URL of a Redis.
    pub url: SecretString,
    /// What all keys in Redis begin with.
    pub key_prefix: String,
}

/// Where the truth is kept.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// `sqlite://path`, `sqlite::memory:`, `postgres://…` or `mysql://…`.
    pub url: SecretString,
}

/// Where WeChat is, and our apps there.
#[derive(Clone, Debug)]
pub struct WechatConfig {
    /// The API.
    pub api_base: Url,
    /// Where browsers are sent to.
    pub open_base: Url,
    /// Where the pictures of QR codes are.
    pub mp_base: Url,
    /// The time limit of a call.
    pub timeout: Duration,
    /// Our apps, in the order of the configuration.
    pub apps: Vec<AppConfig>,
}

impl WechatConfig {
    /// Returns the apps of a kind, in the order of the configuration.
    pub fn apps_of(&self, kind: AppKind) -> impl Iterator<Item = &AppConfig> {
        self.apps.iter().filter(move |app| app.kind == kind)
    }

    /// Returns the open-platform account of each app that is bound to one.
    pub fn open_accounts(&self) -> BTreeMap<AppName, OpenAccount> {
        self.apps.iter().filter_map(|app| Some((app.name.clone(), app.open_account.clone()?))).collect()
    }
}

/// How logins go.
#[derive(Clone, Debug)]
pub struct LoginConfig {
    /// How long a QR code may be scanned.
    pub qr_ttl: Duration,
    /// How long a browser may take to come back from WeChat.
    pub oauth_ttl: Duration,
    /// How long a phone number may be bound.
    pub bind_ttl: Duration,
    /// How long the same session is handed over again.
    pub handover: Duration,
    /// Where the login page is: a path of this site, or a URL.
    pub page_url: String,
    /// Where browsers may be sent to besides paths of this site.
    pub return_to_allowed: Vec<Url>,
    /// Whether identities of one person are linked by their unionid.
    pub link_by_unionid: bool,
    /// What becomes of the sessions of whoever stops following an official account.
    pub on_unsubscribe: OnUnsubscribe,
}

/// Who sends the SMS.
#[derive(Clone, Debug)]
pub enum SmsProvider {
    /// Nobody: the code is shown in the log.
    Log,
    /// A service of the operator's.
    Webhook {
        /// Where to.
        url: Url,
        /// What the message is signed with.
        secret: Option<SecretString>,
    },
}

/// How SMS codes are sent.
#[derive(Clone, Debug)]
pub struct SmsConfig {
    /// Who sends them.
    pub provider: SmsProvider,
    /// How long a code is good for.
    pub code_ttl: Duration,
    /// How many tries it has.
    pub code_attempts: u32,
}

/// How many clients may wait; 0 switches a limit off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitLimits {
    /// From one address.
    pub per_ip: u32,
    /// On this node.
    pub per_node: u32,
}

pub(super) fn read_store(section: &mut Section<'_>) -> Option<StoreConfig> {
    let url = section.secret("url").unwrap_or_else(|| "memory://".into());
    let key_prefix = section.text("key_prefix").unwrap_or_else(|| "saoma:".to_owned());
    let scheme = url.expose_secret().split_once("://").map_or("", |(scheme, _)| scheme);
    let is_redis =
        ["redis", "redis+sentinel", "redis+cluster"].contains(&scheme.replace("rediss", "redis").as_str());
    if url.expose_secret() != "memory://" && !is_redis {
        section.problem(
            "url",
            "expected memory://, redis://, redis+sentinel:// or redis+cluster://, or rediss for TLS",
        );
        return None;
    }
    Some(StoreConfig { url, key_prefix })
}

pub(super) fn read_database(section: &mut Section<'_>) -> Option<DatabaseConfig> {
    let url = section.secret("url").unwrap_or_else(|| "sqlite://saoma.db".into());
    let known = ["sqlite://", "sqlite::memory:", "postgres://", "postgresql://", "mysql://", "mariadb://"];
    if !known.iter().any(|scheme| url.expose_secret().starts_with(scheme)) {
        section.problem("url", "expected sqlite://path, sqlite::memory:, postgres:// or mysql://");
        return None;
    }
    Some(DatabaseConfig { url })
}

pub(super) fn read_wechat(section: &mut Section<'_>) -> WechatConfig {
    let api_base = base(section, "api_base", "https://api.weixin.qq.com");
    let open_base = base(section, "open_base", "https://open.weixin.qq.com");
    let mp_base = base(section, "mp_base", "https://mp.weixin.qq.com");
    let timeout = Duration::from_millis(section.number("timeout_ms", 3000, 100..=30_000).into());
    let (mut apps, mut names) = (Vec::new(), BTreeSet::new());
    for (at, table) in section.tables("apps").into_iter().enumerate() {
        let name = format!("apps[{at}]");
        let app = section.inside(&name, table, apps::read);
        if let Some(app) = app {
            if !names.insert(app.name.clone()) {
                section.problem(&format!("{name}.name"), format!("`{}` names two apps", app.name));
            }
            apps.push(app);
        }
    }
    WechatConfig { api_base, open_base, mp_base, timeout, apps }
}

#[expect(clippy::expect_used, reason = "the defaults are constants of this file, and every test reads them")]
fn base(section: &mut Section<'_>, key: &str, default: &str) -> Url {
    section.http_url(key).unwrap_or_else(|| Url::parse(default).expect("a constant URL"))
}

pub(super) fn read_login(section: &mut Section<'_>) -> LoginConfig {
    let allowed = section.list("return_to_allowed");
    let return_to_allowed = allowed
        .iter()
        .filter_map(|text| {
            let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            if url.is_none() {
                section.problem("return_to_allowed", format!("`{text}` is not an http(s) URL"));
            }
            url
        })
        .collect();
    let qr_ttl_s = section.number("qr_ttl_s", 120, 1..=1800);
    // Who makes codes live for seconds, to see them expire, wants the same of every way in.
    let oauth_ttl_s = if qr_ttl_s < 60 { qr_ttl_s } else { 600 };
    let on_unsubscribe = [("keep", OnUnsubscribe::Keep), ("end_sessions", OnUnsubscribe::EndSessions)];
    LoginConfig {
        qr_ttl: Duration::from_secs(qr_ttl_s.into()),
        oauth_ttl: section.seconds("oauth_ttl_s", oauth_ttl_s, 1..=3600),
        bind_ttl: section.seconds("bind_ttl_s", 600, 1..=3600),
        handover: section.seconds("handover_s", 60, 1..=600),
        page_url: page_url(section),
        return_to_allowed,
        link_by_unionid: section.flag("link_by_unionid", true),
        on_unsubscribe: section.choice("on_unsubscribe", &on_unsubscribe, OnUnsubscribe::Keep),
    }
}

fn page_url(section: &mut Section<'_>) -> String {
    let default = "/login".to_owned();
    let Some(text) = section.text("page_url") else { return default };
    let is_path = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
    let is_url = Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_path && !is_url {
        section.problem("page_url", "has to be a path such as /login, or an http or https URL");
        return default;
    }
    text
}

pub(super) fn read_session(section: &mut Section<'_>) -> SessionPolicy {
    let idle = section.seconds("idle_s", 1800, 1..=365 * DAY);
    let absolute = section.seconds("absolute_s", 30 * DAY, 1..=365 * DAY);
    if absolute < idle {
        section.problem("absolute_s", "has to be at least `idle_s`");
    }
    SessionPolicy { idle, absolute }
}

/// Browsers drop a cookie for a domain that the site is not in.
pub(super) fn read_cookie_domain(section: &mut Section<'_>, host: &str) -> String {
    let domain = section.text("cookie_domain").unwrap_or_default();
    let covers = host == domain || host.ends_with(&format!(".{domain}"));
    if !domain.is_empty() && !covers {
        section
            .problem("cookie_domain", format!("`{domain}` is not a domain that `server.public_url` is in"));
    }
    domain
}

pub(super) fn read_sms(section: &mut Section<'_>, https: bool) -> SmsConfig {
    let providers = [("log", "log"), ("webhook", "webhook"), ("aliyun", "aliyun"), ("tencent", "tencent")];
    let name = section.choice("provider", &providers, "log");
    // Empty is the default: messages go out unsigned.
    let secret = section.secret("webhook_secret").filter(|secret| !secret.expose_secret().is_empty());
    if name == "webhook" && !section.has("url") {
        section.problem("url", "missing: the http or https URL that takes the codes");
    }
    let url = if name == "webhook" { section.http_url("url") } else { section.text("url").and(None) };
    let provider = match name {
        "webhook" => url.map_or(SmsProvider::Log, |url| SmsProvider::Webhook { url, secret }),
        "log" => {
            if https {
                let message = "`log` shows codes to whoever reads the log and sends none, so it is refused \
                               where `server.public_url` is https";
                section.problem("provider", message);
            }
            SmsProvider::Log
        }
        other => {
            section.problem("provider", format!("`{other}` is not available in this version; use `webhook`"));
            SmsProvider::Log
        }
    };
    SmsConfig {
        provider,
        code_ttl: section.seconds("code_ttl_s", 180, 1..=3600),
        code_attempts: section.number("code_attempts", 5, 1..=20),
    }
}

pub(super) fn read_limits(section: &mut Section<'_>) -> (LimitPolicy, WaitLimits) {
    let mut limit = |key, default| section.number(key, default, 0..=1_000_000_000);
    let limits = LimitPolicy {
        logins_per_ip_burst: limit("logins_per_ip_burst", 30),
        logins_per_ip_per_min: limit("logins_per_ip_per_min", 20),
        sms_per_phone_gap: Duration::from_secs(limit("sms_per_phone_gap_s", 60).into()),
        sms_per_phone_hour: limit("sms_per_phone_hour", 5),
        sms_per_phone_day: limit("sms_per_phone_day", 10),
        sms_per_ip_hour: limit("sms_per_ip_hour", 20),
        sms_per_ip_day: limit("sms_per_ip_day", 60),
        sms_tries_per_phone_day: limit("sms_tries_per_phone_day", 15),
        sms_per_day: limit("sms_per_day", 0),
    };
    let waits = WaitLimits { per_ip: limit("waits_per_ip", 50), per_node: limit("waits_per_node", 20_000) };
    (limits, waits)
}
