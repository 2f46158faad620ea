//! A wrong configuration stops the start with exit code 2, names the key, and shows no secret.

use std::net::TcpListener;

use super::program::{Output, RIGHT, right_but, saoma, saoma_in, shows_no_secret};

async fn serve(changes: &[(&str, Option<&str>)]) -> Output {
    saoma(&["serve"], &right_but(changes)).await
}

/// One change of a right configuration, and what the message has to say.
type Case<'a> = (&'a [(&'a str, Option<&'a str>)], &'a [&'a str]);

async fn are_refused(cases: &[Case<'_>]) {
    for (changes, says) in cases {
        let output = serve(changes).await;
        assert_eq!(output.code, Some(2), "{changes:?}: {output:?}");
        for words in *says {
            assert!(output.stderr.contains(words), "{changes:?}: `{words}` is missing: {}", output.stderr);
        }
        shows_no_secret(&output);
    }
}

#[tokio::test]
async fn a_missing_key_is_named() {
    are_refused(&[
        (&[("server.key", None)], &["server.key", "missing"]),
        (&[("wechat.apps.0.name", None)], &["wechat.apps[0].name", "missing"]),
        (&[("wechat.apps.0.kind", None)], &["wechat.apps[0].kind", "missing"]),
        (&[("wechat.apps.0.app_id", None)], &["wechat.apps[0].app_id", "missing"]),
        (&[("wechat.apps.0.secret", None)], &["wechat.apps[0].secret", "missing"]),
        (&[("wechat.apps.0.token", None)], &["wechat.apps[0].token", "missing"]),
        (&[("wechat.apps.0.encoding_aes_key", None)], &["wechat.apps[0].encoding_aes_key", "missing"]),
        (&[("sms.provider", Some("webhook"))], &["sms.url"]),
    ])
    .await;
}

#[tokio::test]
async fn an_unknown_key_is_named_with_its_nearest_neighbour() {
    are_refused(&[
        (&[("server.lisen", Some("127.0.0.1:0"))], &["server.lisen", "unknown", "`listen`"]),
        (&[("servr.listen", Some("127.0.0.1:0"))], &["servr", "unknown", "`server`"]),
        (&[("database.uri", Some("x"))], &["database.uri", "unknown", "`url`"]),
        (&[("store.ulr", Some("x"))], &["store.ulr", "unknown", "`url`"]),
        (&[("login.qr_ttl", Some("1"))], &["login.qr_ttl", "unknown", "`qr_ttl_s`"]),
        (&[("session.idle", Some("1"))], &["session.idle", "unknown", "`idle_s`"]),
        (&[("sms.code_tries", Some("1"))], &["sms.code_tries", "unknown"]),
        (
            &[("limits.sms_per_phone_hours", Some("1"))],
            &["limits.sms_per_phone_hours", "`sms_per_phone_hour`"],
        ),
        (&[("wechat.apps.0.appid", Some("x"))], &["wechat.apps[0].appid", "unknown", "`app_id`"]),
        (&[("nonsense", Some("x"))], &["nonsense", "unknown"]),
    ])
    .await;
}

#[tokio::test]
async fn a_value_of_the_wrong_form_is_named() {
    are_refused(&[
        (&[("server.key", Some("canaryWrong"))], &["server.key", "32 bytes"]),
        (&[("server.key", Some(&"0".repeat(64)))], &["server.key"]),
        (&[("server.key", Some(&"zz".repeat(32)))], &["server.key"]),
        (&[("server.key", None), ("server.keys", Some("canaryWrong,canaryWrong"))], &["server.keys"]),
        (&[("server.listen", Some("nonsense"))], &["server.listen"]),
        (&[("server.public_url", Some("nonsense"))], &["server.public_url"]),
        (&[("server.public_url", Some("ftp://x"))], &["server.public_url"]),
        (&[("server.public_url", Some("http://x/path"))], &["server.public_url"]),
        (&[("server.allowed_origins", Some("example.test"))], &["server.allowed_origins"]),
        (&[("server.trusted_proxies", Some("10.0.0.0/33"))], &["server.trusted_proxies"]),
        (&[("server.shutdown_grace_s", Some("soon"))], &["server.shutdown_grace_s"]),
        (&[("store.url", Some("nonsense"))], &["store.url"]),
        (&[("database.url", Some("mongodb://u:canaryWrong@x"))], &["database.url"]),
        (&[("database.url", Some("sqlite://"))], &["database.url"]),
        (&[("wechat.api_base", Some("nonsense"))], &["wechat.api_base"]),
        (&[("wechat.api_base", Some("ftp://x"))], &["wechat.api_base"]),
        (&[("wechat.timeout_ms", Some("0"))], &["wechat.timeout_ms"]),
        (&[("wechat.apps.0.name", Some("Main App"))], &["wechat.apps[0].name"]),
        (&[("wechat.apps.0.kind", Some("service"))], &["wechat.apps[0].kind", "`official_account`"]),
        (&[("wechat.apps.0.app_id", Some("wx 5a"))], &["app_id"]),
        (&[("wechat.apps.0.token", Some("canaryWrong!"))], &["wechat.apps[0].token"]),
        (
            &[("wechat.apps.0.encoding_aes_key", Some("canaryWrong"))],
            &["wechat.apps[0].encoding_aes_key", "43"],
        ),
        (&[("wechat.apps.0.mode", Some("safe"))], &["wechat.apps[0].mode", "`secure`"]),
        (&[("wechat.apps.0.confirm", Some("ask"))], &["wechat.apps[0].confirm", "`notify`"]),
        (&[("wechat.apps.0.elsewhere", Some("ask"))], &["wechat.apps[0].elsewhere", "`refuse`"]),
        (&[("wechat.apps.0.elsewhere", Some("number"))], &["wechat.apps[0].elsewhere", "confirm"]),
        (
            &[("wechat.apps.0.confirm", Some("none")), ("wechat.apps.0.elsewhere", Some("refuse"))],
            &["wechat.apps[0].elsewhere", "confirm"],
        ),
        (&[("wechat.apps.0.open_account", Some("Our Account"))], &["wechat.apps[0].open_account"]),
        (
            &[("wechat.apps.0.oauth_scope", Some("snsapi_login"))],
            &["wechat.apps[0].oauth_scope", "`snsapi_base`", "`snsapi_userinfo`"],
        ),
        (&[("login.qr_ttl_s", Some("0"))], &["login.qr_ttl_s"]),
        (&[("login.oauth_ttl_s", Some("0"))], &["login.oauth_ttl_s"]),
        (&[("login.on_unsubscribe", Some("forget"))], &["login.on_unsubscribe", "`end_sessions`"]),
        (&[("login.page_url", Some("login"))], &["login.page_url"]),
        (&[("login.page_url", Some("//elsewhere.test/login"))], &["login.page_url"]),
        (&[("login.return_to_allowed", Some("nonsense"))], &["login.return_to_allowed"]),
        (&[("session.idle_s", Some("10")), ("session.absolute_s", Some("5"))], &["session.absolute_s"]),
        (&[("sms.provider", Some("pigeon"))], &["sms.provider", "`webhook`"]),
        (&[("sms.provider", Some("webhook")), ("sms.url", Some("nonsense"))], &["sms.url"]),
        (&[("sms.code_attempts", Some("-1"))], &["sms.code_attempts"]),
        (&[("limits.waits_per_ip", Some("many"))], &["limits.waits_per_ip"]),
    ])
    .await;
}

#[tokio::test]
async fn what_would_be_dangerous_is_refused() {
    are_refused(&[
        (&[("server.public_url", Some("https://x.test"))], &["sms.provider", "https"]),
        (&[("wechat.apps.0.mode", Some("plain"))], &["wechat.apps[0].mode", "allow_unsigned_body"]),
        (&[("server.key_file", Some("server.key"))], &["server.key_file", "only one"]),
        (&[("wechat.apps.0.secret_file", Some("x"))], &["wechat.apps[0].secret_file", "only one"]),
        (
            &[("server.key", None), ("server.key_file", Some("missing.key"))],
            &["server.key_file", "missing.key"],
        ),
    ])
    .await;
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let output =
        serve(&[("server.key", None), ("sms.provider", Some("pigeon")), ("login.x", Some("1"))]).await;
    assert_eq!(output.code, Some(2));
    for key in ["server.key", "sms.provider", "login.x"] {
        assert!(output.stderr.contains(key), "{key} is missing: {}", output.stderr);
    }
}

#[tokio::test]
async fn a_port_in_use_and_a_directory_that_is_missing_are_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    are_refused(&[
        (&[("server.listen", Some(&address))], &["server.listen", &address]),
        (&[("server.admin_listen", Some(&address))], &["server.admin_listen", &address]),
        (&[("database.url", Some("sqlite://missing/saoma.db"))], &["database.url", "missing"]),
        (&[("database.url", Some("sqlite:///proc/saoma.db"))], &["database.url", "/proc/saoma.db"]),
    ])
    .await;
}

#[tokio::test]
async fn a_database_that_is_none_is_named() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("saoma.db"), "this is a text and no database, ".repeat(99)).unwrap();
    let output = saoma_in(dir.path(), &["serve"], &right_but(&[])).await;
    assert_eq!(output.code, Some(2), "{output:?}");
    assert!(output.stderr.contains("database.url"), "{}", output.stderr);
}

/// Writes a file and starts the service with it.
async fn serve_file(text: &str, environment: &[(&str, &str)]) -> Output {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("my.toml"), text).unwrap();
    let output = saoma_in(dir.path(), &["serve", "--config", "my.toml"], environment).await;
    assert_eq!(output.code, Some(2), "{text}: {output:?}");
    assert!(output.stderr.contains("my.toml"), "the file is named: {}", output.stderr);
    shows_no_secret(&output);
    output
}

#[tokio::test]
async fn the_file_is_named_with_the_key() {
    for (text, key) in [
        ("[server]\nshutdown_grace_s = \"soon\"", "server.shutdown_grace_s"),
        ("[server]\nshutdown_grace_s = true", "server.shutdown_grace_s"),
        ("[server]\npublic_url = 8080", "server.public_url"),
        ("[server]\nlisten_on = \"x\"", "server.listen_on"),
        ("[session]\nidle_s = 1.5", "session.idle_s"),
        ("[login]\nlink_by_unionid = 1", "login.link_by_unionid"),
        ("[login]\nreturn_to_allowed = [1]", "login.return_to_allowed"),
        ("[server]\nallowed_origins = [\"x\"]", "server.allowed_origins"),
    ] {
        let output = serve_file(text, &RIGHT).await;
        assert!(output.stderr.contains(key), "{key} is missing: {}", output.stderr);
    }
    for (text, key) in [("server = 7", "server"), ("[wechat]\napps = \"x\"", "wechat.apps")] {
        let output = serve_file(text, &[]).await;
        assert!(output.stderr.contains(key), "{key} is missing: {}", output.stderr);
    }
    for text in ["[server]\n[server\nkey = \"canaryWrong\"", "[server]\nkey = canaryWrong"] {
        let output = serve_file(text, &RIGHT).await;
        assert!(output.stderr.contains("line 2"), "{}", output.stderr);
    }
}

#[tokio::test]
async fn the_file_is_named_also_where_the_key_only_fails_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("my.toml"), "").unwrap();
    for (key, value) in [("server.listen", address.as_str()), ("database.url", "sqlite://missing/x.db")] {
        let settings = right_but(&[(key, Some(value))]);
        let output = saoma_in(dir.path(), &["serve", "--config", "my.toml"], &settings).await;
        assert_eq!(output.code, Some(2));
        assert!(output.stderr.contains(key) && output.stderr.contains("my.toml"), "{}", output.stderr);
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_no_wrong_configuration() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://saoma@{closed}/saoma");
    let settings = right_but(&[("database.url", Some(url.as_str()))]);
    for command in ["serve", "migrate", "check"] {
        let output = saoma(&[command], &settings).await;
        assert_eq!(output.code, Some(1), "{command}: {output:?}");
        assert!((output.stdout.clone() + &output.stderr).contains("database.url"), "{command}: {output:?}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_named() {
    let output = saoma(&["serve", "--config", "nowhere.toml"], &right_but(&[])).await;
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("nowhere.toml"), "{}", output.stderr);
    let output = saoma(&["serve", "--config", "."], &right_but(&[])).await;
    assert_eq!(output.code, Some(2));
}
