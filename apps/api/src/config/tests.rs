//! Reading configurations. What a wrong one says on the command line is tested end to end.

use std::{io::Write, path::Path};

use saoma_domain::{
    nearness::WhenElsewhere,
    sms::{CallingCode, SmsCountries},
};
use saoma_wechat::client::MiniProgramVersion;
use secrecy::ExposeSecret;

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

fn wrong_keys(settings: &[(&str, &str)]) -> Vec<String> {
    problems(settings).iter().filter_map(|problem| Some(problem.split_once(": ")?.0.to_owned())).collect()
}

#[test]
fn the_example_file_is_right_and_holds_the_defaults() {
    let example = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/saoma.example.toml"));
    let written = Config::load(Some(example), []).unwrap();
    let defaults = with(&[]).unwrap();
    assert_eq!(written.policy(), defaults.policy());
    assert_eq!((written.waits, written.connections), (defaults.waits, defaults.connections));
    assert_eq!(written.cookie_domain, defaults.cookie_domain);
    assert_eq!((written.geo.clone(), written.geo.files.len()), (defaults.geo.clone(), 0));
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
        (app.chat.confirm, app.chat.language, app.oauth_scope, config.login_page())
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
    let apps = vec![app(1, "website", &[]), app(2, "mini_program", &[]), app(3, "mobile_app", &[])];
    let config = with_apps(apps).unwrap();
    let names = |kind| config.wechat.apps_of(kind).map(|app| app.name.to_string()).collect::<Vec<_>>();
    assert_eq!(names(AppKind::OfficialAccount), ["main"]);
    assert_eq!(names(AppKind::Website), ["app1"]);
    assert_eq!(names(AppKind::MiniProgram), ["app2"]);
    assert_eq!(names(AppKind::MobileApp), ["app3"]);
    assert!(config.wechat.apps[1..].iter().all(|app| app.callback.is_none()));
}

#[test]
fn a_login_page_is_a_page_of_a_mini_program() {
    let mini = |more: &[(&str, &str)]| with_apps(vec![app(1, "mini_program", more)]);
    let page = |more: &[(&str, &str)]| mini(more).unwrap().wechat.apps[1].login_page.clone();
    assert_eq!(page(&[]), None);
    let given = page(&[("LOGIN_PAGE", "pages/login/login")]).unwrap();
    assert_eq!((given.path.as_str(), given.version), ("pages/login/login", MiniProgramVersion::Release));
    let tried = page(&[("LOGIN_PAGE", "pages/login/login"), ("LOGIN_PAGE_VERSION", "trial")]).unwrap();
    assert_eq!(tried.version, MiniProgramVersion::Trial);
    for wrong in ["/pages/login", "pages/login?a=1", "pages/log in", "pages/", "页面", &"p".repeat(129)] {
        let error = mini(&[("LOGIN_PAGE", wrong)]).unwrap_err();
        assert_eq!(error.problems[0].key, "wechat.apps[1].login_page", "{wrong}");
    }
    let alone = mini(&[("LOGIN_PAGE_VERSION", "trial")]).unwrap_err();
    assert_eq!(alone.problems[0].key, "wechat.apps[1].login_page");
    for kind in ["website", "mobile_app"] {
        let error = with_apps(vec![app(1, kind, &[("LOGIN_PAGE", "pages/login/login")])]).unwrap_err();
        assert_eq!(error.problems[0].key, "wechat.apps[1].login_page", "{kind}");
    }
    assert_eq!(
        wrong_keys(&[("WECHAT__APPS__0__LOGIN_PAGE", "pages/login/login")]),
        ["wechat.apps[0].login_page"]
    );
}

#[test]
fn the_page_of_a_mini_program_can_refuse_phones_that_are_elsewhere_and_ask_for_no_digits() {
    let with_rule = |rule: &str, page: &[(&str, &str)]| {
        with_apps(vec![app(1, "mini_program", &[&[("ELSEWHERE", rule)][..], page].concat())])
    };
    let page = [("LOGIN_PAGE", "pages/login/login")];
    let policy = with_rule("refuse", &page).unwrap().policy();
    let rules: Vec<_> = policy.elsewhere.iter().map(|(app, rule)| (app.as_str(), *rule)).collect();
    assert_eq!(rules, [("app1", WhenElsewhere::Refuse)]);
    assert!(with_rule("say", &page).unwrap().policy().elsewhere.is_empty());
    for (rule, page) in [("number", &page[..]), ("refuse", &page[..0])] {
        let error = with_rule(rule, page).unwrap_err();
        assert_eq!(error.problems[0].key, "wechat.apps[1].elsewhere", "{rule}");
    }
}

#[test]
fn what_a_mobile_application_cannot_have_is_named() {
    for (key, value) in [
        ("CONFIRM", "click"),
        ("ELSEWHERE", "refuse"),
        ("LANGUAGE", "en"),
        ("REPLIES__LOGGED_IN", "hi"),
        ("OAUTH_SCOPE", "snsapi_userinfo"),
        ("TEST_ACCOUNT", "true"),
    ] {
        let wrong = with_apps(vec![app(1, "mobile_app", &[(key, value)])]).unwrap_err();
        let named = key.to_lowercase();
        let named = named.split("__").next().unwrap();
        assert_eq!(wrong.problems[0].key, format!("wechat.apps[1].{named}"), "{wrong}");
    }
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
        assert_eq!(with(&[("LOGIN__PAGE_URL", fine)]).unwrap().login_page(), fine);
    }
    assert_eq!(with(&[("LOGIN__PAGE_URL", "")]).unwrap().login_page(), "/login", "not given");
    for wrong in ["login", "//evil.example", "/\\evil.example", "javascript:x", "ftp://a.example"] {
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

#[test]
fn a_share_is_from_0_to_1() {
    let permille =
        |text| with(&[("LIMITS__SMS_UNUSED_SHARE", text)]).map(|config| config.limits.sms_unused_permille);
    for (text, expected) in [("0", 0), ("0.7", 700), ("1", 1000), (" 0.125 ", 125)] {
        assert_eq!(permille(text).unwrap(), expected, "{text}");
    }
    for wrong in ["-0.1", "1.1", "70", "NaN", "inf", "much"] {
        let problems = problems(&[("LIMITS__SMS_UNUSED_SHARE", wrong)]);
        assert_eq!(problems, ["limits.sms_unused_share: expected a share from 0 to 1, such as 0.7"]);
    }
}

#[test]
fn sms_go_to_countries_that_there_are() {
    let countries = |text| with(&[("SMS__COUNTRIES", text)]).map(|config| config.sms.countries);
    let [china, malaysia] = ["86", "60"].map(|code| CallingCode::parse(code).unwrap());
    assert_eq!(countries("86, 60").unwrap(), SmsCountries::Only(vec![china, malaysia]));
    assert_eq!(countries("*").unwrap(), SmsCountries::Everywhere);
    for wrong in ["*,86", "+86", "870", "China"] {
        let problems = problems(&[("SMS__COUNTRIES", wrong)]);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("sms.countries: "), "{problems:?}");
    }
}

#[test]
fn logins_by_message_are_of_official_accounts() {
    let config = with_apps(vec![]).unwrap();
    assert!(!config.wechat.apps[0].login_by.is_message() && config.policy().by_message.is_empty());
    let by_message = [("WECHAT__APPS__0__LOGIN_BY", "message"), ("LOGIN__CODES_READY", "5")];
    let config = with(&by_message).unwrap();
    assert_eq!(config.policy().by_message.len(), 1);
    assert!(config.policy().codes_ready.is_empty(), "there are no codes to be made in advance");
    let code = |config: &Config| config.wechat.account_code(&config.wechat.apps[0]).unwrap().to_string();
    let app_id = &config.wechat.apps[0].app_id;
    assert_eq!(code(&config), format!("https://open.weixin.qq.com/qr/code?username={app_id}"));
    let named = [by_message[0], ("WECHAT__APPS__0__ORIGINAL_ID", "gh_3f1c9a0b7d52")];
    assert_eq!(code(&with(&named).unwrap()), "https://open.weixin.qq.com/qr/code?username=gh_3f1c9a0b7d52");

    let wrong = with(&[("WECHAT__APPS__0__LOGIN_BY", "sms")]).unwrap_err().to_string();
    assert!(wrong.contains("login_by") && wrong.contains("`qr`, `message`"), "{wrong}");
    let alone = [("WECHAT__APPS__0__ORIGINAL_ID", "gh_3f1c9a0b7d52")];
    assert_eq!(wrong_keys(&alone), ["wechat.apps[0].original_id"]);
    for wrong in ["gh 1", "gh_1&x=y", "公众号", &"x".repeat(65)] {
        let keys = [by_message[0], ("WECHAT__APPS__0__ORIGINAL_ID", wrong)];
        assert_eq!(wrong_keys(&keys), ["wechat.apps[0].original_id"], "{wrong}");
    }
    for kind in ["website", "mini_program"] {
        let wrong = with_apps(vec![app(1, kind, &[("LOGIN_BY", "message")])]).unwrap_err();
        assert_eq!(wrong.problems[0].key, "wechat.apps[1].login_by", "{kind}");
    }
}

#[test]
fn an_empty_text_is_not_given() {
    let empty = [
        ("SERVER__LISTEN", ""),
        ("SERVER__ALLOWED_ORIGINS", ""),
        ("SERVER__SHUTDOWN_GRACE_S", ""),
        ("STORE__URL", " "),
        ("STORE__KEY_PREFIX", ""),
        ("SMS__PROVIDER", ""),
        ("SMS__WEBHOOK_SECRET", ""),
        ("SMS__WEBHOOK_SECRET_FILE", ""),
        ("LOGIN__LINK_BY_UNIONID", ""),
        ("LIMITS__WAITS_PER_IP", ""),
        ("WECHAT__API_BASE", ""),
        ("WECHAT__APPS__0__PREVIOUS_ENCODING_AES_KEY", ""),
        ("WECHAT__APPS__0__CONFIRM", ""),
        ("WECHAT__APPS__0__OAUTH_SCOPE", ""),
    ];
    let (config, least) = (with(&empty).unwrap(), with(&[]).unwrap());
    assert_eq!(format!("{config:?}"), format!("{least:?}"));
    let plain = [
        ("WECHAT__APPS__0__MODE", "plain"),
        ("WECHAT__APPS__0__ALLOW_UNSIGNED_BODY", "true"),
        ("WECHAT__APPS__0__ENCODING_AES_KEY", ""),
    ];
    assert!(with(&plain).is_ok());
    assert_eq!(wrong_keys(&[("WECHAT__APPS__0__KIND", "")]), ["wechat.apps[0].kind"], "no kind is guessed");
    assert_eq!(wrong_keys(&[("WECHAT__APPS__0__TOKEN", "")]), ["wechat.apps[0].token"]);
}

#[test]
fn an_app_id_that_wechat_never_gave_and_a_quoted_secret_are_named() {
    for kind in ["official_account", "website", "mini_program", "mobile_app"] {
        for wrong in ["\"wx1\"", "'wx1'", "wx 1", "ｗｘ１", "wx1\u{200b}", "“wx1”", &"w".repeat(65)] {
            let wrong_id = [("WECHAT__APPS__0__KIND", kind), ("WECHAT__APPS__0__APP_ID", wrong)];
            assert_eq!(wrong_keys(&wrong_id), ["wechat.apps[0].app_id"], "{kind} {wrong}");
        }
        for wrong in ["\"secret\"", "'secret'"] {
            let wrong_secret = [("WECHAT__APPS__0__KIND", kind), ("WECHAT__APPS__0__SECRET", wrong)];
            assert_eq!(wrong_keys(&wrong_secret), ["wechat.apps[0].secret"], "{kind} {wrong}");
        }
    }
}

#[test]
fn a_file_of_a_secret_may_begin_with_a_byte_order_mark_and_must_not_be_empty() {
    let with_file = |text: &str| {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let mut settings = least();
        settings.retain(|(name, _)| name != "SAOMA__WECHAT__APPS__0__SECRET");
        let path = file.path().display().to_string();
        settings.push(("SAOMA__WECHAT__APPS__0__SECRET_FILE".to_owned(), path));
        Config::load(None, settings)
    };
    for text in ["oa-secret", "\u{feff}oa-secret\r\n", "\n\u{feff}oa-secret", "oa-secret\u{feff}"] {
        assert_eq!(with_file(text).unwrap().wechat.apps[0].secret.expose_secret(), "oa-secret", "{text:?}");
    }
    for empty in ["", "\n", "\u{feff}"] {
        assert!(with_file(empty).unwrap_err().to_string().contains("secret_file"), "{empty:?}");
    }
    let mut keys = tempfile::NamedTempFile::new().unwrap();
    write!(keys, "\u{feff}{}\r\n{}\r\n", "1a".repeat(32), "2b".repeat(32)).unwrap();
    let path = keys.path().display().to_string();
    let mut settings = least();
    settings.retain(|(name, _)| name != "SAOMA__SERVER__KEY");
    settings.push(("SAOMA__SERVER__KEYS_FILE".to_owned(), path));
    assert_eq!(Config::load(None, settings).unwrap().server.keys.all().count(), 2);
}

#[test]
fn an_app_of_any_kind_may_have_a_callback() {
    let program = |more: &[(&str, &str)]| {
        let config = with_apps(vec![app(1, "mini_program", more)]).unwrap();
        config.wechat.apps[1].callback.is_some()
    };
    assert!(!program(&[]));
    assert!(program(&[("TOKEN", "token"), ("ENCODING_AES_KEY", &"a".repeat(43))]));
}

#[test]
fn a_relay_needs_a_callback_and_a_url() {
    let config =
        with(&[("WECHAT__APPS__0__RELAY_URL", "http://10.0.0.9/wx?t=1"), ("WECHAT__APPS__0__RELAY", "all")]);
    let relay = config.unwrap().wechat.apps[0].relay.clone().unwrap();
    assert_eq!((relay.url.as_str(), relay.with_logins), ("http://10.0.0.9/wx?t=1", true));
    assert!(with(&[]).unwrap().wechat.apps[0].relay.is_none());
    assert_eq!(wrong_keys(&[("WECHAT__APPS__0__RELAY", "all")]), ["wechat.apps[0].relay"]);
    assert_eq!(wrong_keys(&[("WECHAT__APPS__0__RELAY_URL", "ftp://x")]), ["wechat.apps[0].relay_url"]);
    let mini = app(1, "mini_program", &[("RELAY_URL", "http://10.0.0.9/")]);
    assert_eq!(with_apps(vec![mini]).unwrap_err().problems[0].key, "wechat.apps[1].relay_url");
}

#[test]
fn answers_say_when_and_what() {
    let good =
        with(&[("WECHAT__APPS__0__REPLIES_TO__0__ON", "any"), ("WECHAT__APPS__0__REPLIES_TO__0__TEXT", "a")]);
    assert_eq!(good.unwrap().wechat.apps[0].replies_to.len(), 1);
    let keys = |entries: &[(&str, &str)]| {
        let named: Vec<(String, &str)> = entries
            .iter()
            .map(|(key, value)| (format!("WECHAT__APPS__0__REPLIES_TO__0__{key}"), *value))
            .collect();
        wrong_keys(&named.iter().map(|(key, value)| (key.as_str(), *value)).collect::<Vec<_>>())
    };
    let at = |key: &str| format!("wechat.apps[0].replies_to[0].{key}");
    assert_eq!(keys(&[("ON", "any")]), [at("text")]);
    assert_eq!(keys(&[("TEXT", "hello")]), [at("on")]);
    assert_eq!(keys(&[("ON", "any"), ("TEXT", "a"), ("MEDIA_ID", "b")]), [at("text")]);
    assert_eq!(keys(&[("ON", "text"), ("TEXT", "a"), ("MATCH", "b"), ("MATCH_PREFIX", "c")]), [at("match")]);
    assert_eq!(keys(&[("ON", "any"), ("NEWS__TITLE", "a")]), [at("news.url")]);
    assert_eq!(
        wrong_keys(&[
            ("WECHAT__APPS__0__RELAY_URL", "http://10.0.0.9/"),
            ("WECHAT__APPS__0__REPLIES_TO__0__ON", "any"),
            ("WECHAT__APPS__0__REPLIES_TO__0__TEXT", "a"),
        ]),
        ["wechat.apps[0].replies_to"]
    );
    let mini = app(1, "mini_program", &[("REPLIES_TO__0__ON", "any"), ("REPLIES_TO__0__TEXT", "a")]);
    assert_eq!(with_apps(vec![mini]).unwrap_err().problems[0].key, "wechat.apps[1].replies_to");
}

#[cfg(feature = "oidc")]
#[test]
fn an_openid_client_is_read_with_its_defaults() {
    use saoma_domain::oidc::ClientAuth;

    let config = with(&[
        ("SERVER__PUBLIC_URL", "https://login.example.com/"),
        ("SMS__PROVIDER", "webhook"),
        ("SMS__URL", "http://127.0.0.1:1/sms"),
        ("OIDC__CLIENTS__0__ID", "grafana"),
        ("OIDC__CLIENTS__0__SECRET", "0123456789abcdef0123456789abcdef"),
        ("OIDC__CLIENTS__0__REDIRECT_URIS", "https://grafana.example.com/cb"),
        ("OIDC__CLIENTS__1__ID", "app"),
        ("OIDC__CLIENTS__1__PUBLIC", "true"),
        ("OIDC__CLIENTS__1__REDIRECT_URIS", "com.example.app:/cb"),
        ("OIDC__CLIENTS__1__ALGORITHM", "ES256"),
        ("OIDC__CLIENTS__1__SCOPES", "wechat"),
    ])
    .unwrap();
    let [grafana, app] = config.oidc.as_slice() else { panic!("{:?}", config.oidc) };
    assert_eq!((grafana.client.name.as_str(), grafana.client.trusted), ("grafana", false));
    assert_eq!(grafana.client.scopes.to_string(), "openid profile");
    assert_eq!((grafana.algorithm, grafana.has_short_secret), (SigningAlgorithm::Rs256, false));
    assert_eq!((&app.client.auth, app.algorithm), (&ClientAuth::Public, SigningAlgorithm::Es256));
    assert_eq!(app.client.scopes.to_string(), "openid wechat");
    assert_eq!(config.issuer(), "https://login.example.com");
    assert_eq!(config.signing_algorithms(), SigningAlgorithm::ALL);
    let shown = format!("{:?}", config.oidc);
    assert!(!shown.contains("0123456789abcdef"), "{shown}");
}

#[cfg(feature = "oidc")]
#[test]
fn a_wrong_openid_client_is_named_with_its_key() {
    let wrong = |more: &[(&str, &str)]| {
        let right = [("ID", "app"), ("SECRET", "s"), ("REDIRECT_URIS", "https://app.example.com/cb")];
        let kept = right.iter().filter(|(key, _)| more.iter().all(|(other, _)| other != key));
        let settings: Vec<(String, &str)> =
            kept.chain(more).map(|(key, value)| (format!("OIDC__CLIENTS__0__{key}"), *value)).collect();
        let settings: Vec<(&str, &str)> =
            settings.iter().map(|(key, value)| (key.as_str(), *value)).collect();
        problems(&settings)
    };
    for (more, key, says) in [
        (("ID", "a b"), "oidc.clients[0].id", "[A-Za-z0-9._-]{1,64}"),
        (("SECRET", ""), "oidc.clients[0].secret_file", "openssl rand"),
        (("PUBLIC", "true"), "oidc.clients[0].public", "keeps no secret"),
        (("REDIRECT_URIS", ""), "oidc.clients[0].redirect_uris", "nowhere"),
        (("REDIRECT_URIS", "https://app.example.com/cb#x"), "oidc.clients[0].redirect_uris", "fragment"),
        (("REDIRECT_URIS", "/cb"), "oidc.clients[0].redirect_uris", "whole address"),
        (("SCOPES", "openid,profil"), "oidc.clients[0].scopes", "did you mean `profile`?"),
        (("ALGORITHM", "HS256"), "oidc.clients[0].algorithm", "HS256"),
        (("BACKCHANNEL_LOGOUT_URI", "app"), "oidc.clients[0].backchannel_logout_uri", "http"),
        (
            ("REDIRECT_URI", "https://app.example.com/"),
            "oidc.clients[0].redirect_uri",
            "did you mean `redirect_uris`?",
        ),
    ] {
        let said = wrong(&[more]);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with(&format!("{key}: ")) && said[0].contains(says), "{said:?}");
    }
    let twice = problems(&[
        ("OIDC__CLIENTS__0__ID", "app"),
        ("OIDC__CLIENTS__0__SECRET", "s"),
        ("OIDC__CLIENTS__0__REDIRECT_URIS", "https://app.example.com/cb"),
        ("OIDC__CLIENTS__1__ID", "app"),
        ("OIDC__CLIENTS__1__SECRET", "s"),
        ("OIDC__CLIENTS__1__REDIRECT_URIS", "https://app.example.com/cb"),
    ]);
    assert_eq!(twice, ["oidc.clients[1].id: another client has this id"]);
}

#[test]
fn services_that_get_tokens_are_read_with_what_they_may_know() {
    let config = with(&[
        ("TOKENS__0__AUDIENCE", "orders"),
        ("TOKENS__0__CLAIMS", "phone_number, name"),
        ("TOKENS__1__AUDIENCE", "https://reports.example.test/"),
        ("TOKENS__1__TTL_S", "60"),
        ("TOKENS__1__ALGORITHM", "RS256"),
        ("FORWARD_AUTH__JWT_AUDIENCE", "orders"),
    ])
    .unwrap();
    let [orders, reports] = config.tokens.as_slice() else { panic!("{:?}", config.tokens) };
    assert_eq!((orders.ttl.as_secs(), orders.tells_name, orders.tells_phone), (300, true, true));
    assert_eq!((reports.ttl.as_secs(), reports.tells_name, reports.tells_phone), (60, false, false));
    assert_eq!(config.forward_auth.token.as_ref(), Some(orders), "an audience is told the same everywhere");
    assert_eq!(config.signing_algorithms(), SigningAlgorithm::ALL);
    assert_eq!(config.issuer(), "http://127.0.0.1:8080");
    let alone = with(&[("FORWARD_AUTH__JWT_AUDIENCE", "intranet")]).unwrap();
    assert_eq!(alone.forward_auth.token.as_ref().map(|told| told.tells_phone), Some(false));
    assert_eq!(alone.signing_algorithms(), [SigningAlgorithm::Es256]);
    assert_eq!(with(&[]).unwrap().signing_algorithms(), []);
}

#[test]
fn what_is_wrong_with_tokens_and_their_keys_is_named() {
    let pem = include_str!("../../../../crates/jwt/tests/keys/p256.pem");
    let short = include_str!("../../../../crates/jwt/tests/keys/rsa-1024.pem");
    let client = [
        ("OIDC__CLIENTS__0__ID", "shop"),
        ("OIDC__CLIENTS__0__PUBLIC", "true"),
        ("OIDC__CLIENTS__0__ALGORITHM", "ES256"),
        ("OIDC__CLIENTS__0__REDIRECT_URIS", "https://shop.example.com/cb"),
    ];
    for (settings, key) in [
        (vec![("TOKENS__0__TTL_S", "300")], "tokens[0].audience"),
        (vec![("TOKENS__0__AUDIENCE", "a b")], "tokens[0].audience"),
        (vec![("TOKENS__0__AUDIENCE", "a"), ("TOKENS__0__CLAIMS", "email")], "tokens[0].claims"),
        (vec![("TOKENS__0__AUDIENCE", "a"), ("TOKENS__0__ALGORITHM", "HS256")], "tokens[0].algorithm"),
        (vec![("TOKENS__0__AUDIENCE", "a"), ("TOKENS__0__TTL_S", "5")], "tokens[0].ttl_s"),
        (vec![("TOKENS__0__AUDIENCE", "a"), ("TOKENS__1__AUDIENCE", "a")], "tokens[1].audience"),
        (vec![("TOKENS__0__AUDIENCE", "a"), ("TOKENS__0__AUD", "a")], "tokens[0].aud"),
        (vec![("FORWARD_AUTH__JWT_AUDIENCE", "a b")], "forward_auth.jwt_audience"),
        (vec![("SIGNING__KEYS__0__SIGNS_FROM", "2027-01-01T00:00:00Z")], "signing.keys[0].key_file"),
        (vec![("SIGNING__KEYS__0__KEY", "no key")], "signing.keys[0].key"),
        (vec![("SIGNING__KEYS__0__KEY", short)], "signing.keys[0].key"),
        (vec![("SIGNING__KEYS__0__KEY_FILE", "/no/such/file")], "signing.keys[0].key_file"),
        (
            vec![("SIGNING__KEYS__0__KEY", pem), ("SIGNING__KEYS__0__SIGNS_FROM", "tomorrow")],
            "signing.keys[0].signs_from",
        ),
        (vec![("SIGNING__KEYS__0__KEY", pem), ("SIGNING__KEYS__1__KEY", pem)], "signing.keys[1]"),
        (vec![("SIGNING__ROTATE_DAYS", "0")], "signing.rotate_days"),
        (vec![("LOGIN__RELAY_TO", "shop.example.com")], "login.relay_to"),
        // An ID token of the client would pass for a token of the service.
        ([&client[..], &[("TOKENS__0__AUDIENCE", "shop")]].concat(), "tokens.audience"),
        ([&client[..], &[("FORWARD_AUTH__JWT_AUDIENCE", "shop")]].concat(), "forward_auth.jwt_audience"),
    ] {
        assert_eq!(wrong_keys(&settings), [key], "{settings:?}");
        assert!(!problems(&settings).concat().contains("PRIVATE KEY"), "no key is shown");
    }
}
