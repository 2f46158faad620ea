//! Reading configurations. What a wrong one says on the command line is tested end to end.

use std::{io::Write, path::Path};

use super::*;

/// The least that has to be given.
fn least() -> Vec<(String, String)> {
    [
        ("SERVER__KEY", "5a".repeat(32)),
        ("WECHAT__APPS__0__NAME", "main".to_owned()),
        ("WECHAT__APPS__0__KIND", "official_account".to_owned()),
        ("WECHAT__APPS__0__APP_ID", "wx0123456789abcdef".to_owned()),
        ("WECHAT__APPS__0__SECRET", "secret".to_owned()),
        ("WECHAT__APPS__0__TOKEN", "token".to_owned()),
        ("WECHAT__APPS__0__ENCODING_AES_KEY", "a".repeat(43)),
    ]
    .map(|(name, value)| (format!("SAOMA__{name}"), value))
    .to_vec()
}

fn with(settings: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let settings = settings.iter().map(|(name, value)| (format!("SAOMA__{name}"), (*value).to_owned()));
    Config::load(None, least().into_iter().chain(settings))
}

fn problems(settings: &[(&str, &str)]) -> Vec<String> {
    with(settings).unwrap_err().problems.iter().map(ToString::to_string).collect()
}

#[test]
fn the_example_file_is_right_and_holds_the_defaults() {
    let example = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/saoma.example.toml"));
    let written = Config::load(Some(example), []).unwrap();
    let defaults = with(&[]).unwrap();
    assert_eq!(written.policy(), defaults.policy());
    assert_eq!((written.waits, written.connections), (defaults.waits, defaults.connections));
    assert_eq!(written.cookie_domain, defaults.cookie_domain);
    let server = |config: &Config| {
        let server = &config.server;
        (server.listen, server.admin_listen, server.public_url.clone(), server.shutdown_grace)
    };
    assert_eq!(server(&written), server(&defaults));
    let wechat = |config: &Config| {
        let wechat = &config.wechat;
        (wechat.api_base.clone(), wechat.open_base.clone(), wechat.mp_base.clone(), wechat.timeout)
    };
    assert_eq!(wechat(&written), wechat(&defaults));
    let app = |config: &Config| {
        let app = &config.wechat.apps[0];
        (app.chat.confirm, app.chat.language, app.oauth_scope, config.login.page_url.clone())
    };
    assert_eq!(app(&written), app(&defaults));
}

#[test]
fn the_environment_comes_before_the_file() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"[login]\nqr_ttl_s = 60\nbind_ttl_s = 300\n").unwrap();
    let environment = least().into_iter().chain([("SAOMA__LOGIN__QR_TTL_S".to_owned(), "90".to_owned())]);
    let config = Config::load(Some(file.path()), environment).unwrap();
    assert_eq!((config.login.qr_ttl.as_secs(), config.login.bind_ttl.as_secs()), (90, 300));
}

#[test]
fn the_tenth_app_comes_after_the_ninth() {
    let mut settings = least();
    for at in 1..12 {
        for (name, value) in [("NAME", format!("app{at}")), ("KIND", "website".to_owned())] {
            settings.push((format!("SAOMA__WECHAT__APPS__{at}__{name}"), value));
        }
        for name in ["APP_ID", "SECRET"] {
            settings.push((format!("SAOMA__WECHAT__APPS__{at}__{name}"), "x".to_owned()));
        }
    }
    let config = Config::load(None, settings).unwrap();
    let names: Vec<&str> = config.wechat.apps.iter().map(|app| app.name.as_str()).collect();
    assert_eq!(names[9..], ["app9", "app10", "app11"]);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let wrong = [
        ("SERVER__LISTN", "127.0.0.1:1"),
        ("LOGIN__QR_TTL_S", "soon"),
        ("SMS__PROVIDER", "pigeon"),
        ("SESSION__COOKIE_DOMAIN", "elsewhere.example"),
    ];
    let problems = problems(&wrong);
    assert_eq!(problems.len(), 4, "{problems:?}");
    assert!(problems[0].starts_with("server.listn: unknown key; did you mean `listen`?"), "{problems:?}");
    assert!(problems[1].starts_with("login.qr_ttl_s: expected a whole number from 1"), "{problems:?}");
    assert!(problems[2].starts_with("session.cookie_domain: "), "{problems:?}");
    assert!(problems[3].starts_with("sms.provider: `pigeon` is none of `log`, `webhook`"), "{problems:?}");
}

/// The variables of one more app.
fn app(at: usize, kind: &str, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let name = format!("app{at}");
    [("NAME", name.as_str()), ("KIND", kind), ("APP_ID", "wx1"), ("SECRET", "hunter2")]
        .iter()
        .chain(more)
        .map(|(key, value)| (format!("SAOMA__WECHAT__APPS__{at}__{key}"), (*value).to_owned()))
        .collect()
}

fn with_apps(apps: Vec<Vec<(String, String)>>) -> Result<Config, ConfigError> {
    Config::load(None, least().into_iter().chain(apps.into_iter().flatten()))
}

#[test]
fn apps_of_every_kind_need_no_more_than_they_use() {
    let config = with_apps(vec![app(1, "website", &[]), app(2, "mini_program", &[])]).unwrap();
    let names = |kind| config.wechat.apps_of(kind).map(|app| app.name.to_string()).collect::<Vec<_>>();
    assert_eq!(names(AppKind::OfficialAccount), ["main"]);
    assert_eq!(names(AppKind::Website), ["app1"]);
    assert_eq!(names(AppKind::MiniProgram), ["app2"]);
    assert!(config.wechat.apps[1].callback.is_none() && config.wechat.apps[2].callback.is_none());
}

#[test]
fn apps_are_of_one_open_account_unless_they_say_otherwise() {
    let other = app(1, "website", &[("OPEN_ACCOUNT", "other")]);
    let none = app(2, "mini_program", &[("OPEN_ACCOUNT", "")]);
    let config = with_apps(vec![other, none]).unwrap();
    let accounts: Vec<(String, String)> = config
        .policy()
        .open_accounts
        .iter()
        .map(|(app, account)| (app.to_string(), account.to_string()))
        .collect();
    let pair = |app: &str, account: &str| (app.to_owned(), account.to_owned());
    assert_eq!(accounts, [pair("app1", "other"), pair("main", "default")]);
}

#[test]
fn a_scope_is_chosen_for_official_accounts_only() {
    let config = with(&[("WECHAT__APPS__0__OAUTH_SCOPE", "snsapi_userinfo")]).unwrap();
    assert_eq!(config.wechat.apps[0].oauth_scope, InWechatScope::UserInfo);
    assert_eq!(with(&[]).unwrap().wechat.apps[0].oauth_scope, InWechatScope::Base);
    let wrong = with_apps(vec![app(1, "website", &[("OAUTH_SCOPE", "snsapi_base")])]).unwrap_err();
    assert_eq!(wrong.problems.len(), 1);
    assert_eq!(wrong.problems[0].key, "wechat.apps[1].oauth_scope");
}

#[test]
fn a_browser_has_ten_minutes_at_wechat_but_where_codes_live_for_seconds() {
    let ttl = |settings: &[(&str, &str)]| with(settings).unwrap().policy().oauth_ttl.as_secs();
    assert_eq!(ttl(&[]), 600);
    assert_eq!(ttl(&[("LOGIN__QR_TTL_S", "60")]), 600);
    assert_eq!(ttl(&[("LOGIN__QR_TTL_S", "59")]), 59);
    assert_eq!(ttl(&[("LOGIN__QR_TTL_S", "2"), ("LOGIN__OAUTH_TTL_S", "300")]), 300);
}

#[test]
fn the_page_is_a_path_of_the_site_or_a_url() {
    for fine in ["/login", "/", "/a?b=c", "https://www.example.com/login", "http://localhost:3000/"] {
        assert_eq!(with(&[("LOGIN__PAGE_URL", fine)]).unwrap().login.page_url, fine);
    }
    for wrong in ["", "login", "//evil.example", "/\\evil.example", "javascript:x", "ftp://a.example"] {
        assert_eq!(problems(&[("LOGIN__PAGE_URL", wrong)]).len(), 1, "{wrong}");
    }
}

#[test]
fn a_variable_for_no_place_is_an_error() {
    for name in ["SAOMA__SAOMA__SERVER__LISTEN", "SAOMA__WECHAT__APPS__7__NAME", "SAOMA__"] {
        let wrong = Config::load(None, least().into_iter().chain([(name.to_owned(), "x".to_owned())]));
        assert!(wrong.is_err(), "{name}");
    }
}

#[test]
fn server_keys_can_come_from_the_lines_of_a_file() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "{}\n{}", "1a".repeat(32), "2b".repeat(32)).unwrap();
    let mut settings = least();
    settings.retain(|(name, _)| name != "SAOMA__SERVER__KEY");
    settings.push(("SAOMA__SERVER__KEYS_FILE".to_owned(), file.path().display().to_string()));
    let config = Config::load(None, settings).unwrap();
    assert_eq!(config.server.keys.all().count(), 2);
}

#[test]
fn no_secret_can_be_printed() {
    let config = format!("{:?}", with(&[("SMS__WEBHOOK_SECRET", "hunter2")]).unwrap());
    for secret in ["5a5a", "aaaaaaaa", "hunter2", "\"secret\"", "\"token\""] {
        assert!(!config.contains(secret), "{secret} shows in {config}");
    }
}
