//! Section 7: the commands.

use std::{fs::Permissions, os::unix::fs::PermissionsExt, path::Path, process::Stdio};

use saoma_sandbox::{MiniProgram, OfficialAccount, Sandbox, SandboxConfig, WebsiteApp};
use secrecy::ExposeSecret;

use super::{
    program::{RIGHT, address_of, command, right_but, saoma, saoma_in, shows_no_secret},
    requests::client,
};

/// Returns a simulated WeChat that knows the account of the right configuration by this secret.
async fn wechat(secret: &str) -> Sandbox {
    let account = OfficialAccount { secret: secret.into(), ..OfficialAccount::demo() };
    Sandbox::start(SandboxConfig::with_account(account)).await.unwrap()
}

#[tokio::test]
async fn wrong_arguments_end_with_2_and_questions_with_0() {
    for wrong in [&["nonsense"][..], &[], &["serve", "--nonsense"], &["serve", "--config"], &["openapi", "x"]]
    {
        let output = saoma(wrong, &[]).await;
        assert_eq!(output.code, Some(2), "{wrong:?}");
        assert!(output.stderr.contains("--help"), "{}", output.stderr);
    }
    let help = saoma(&["--help"], &[]).await.succeeds().stdout;
    for name in ["serve", "demo", "migrate", "check", "key", "errcode", "openapi"] {
        assert!(help.contains(name), "{help}");
    }
    assert!(saoma(&["--version"], &[]).await.succeeds().stdout.starts_with("saoma "));
}

#[tokio::test]
async fn migrating_twice_changes_nothing_the_second_time() {
    let dir = tempfile::tempdir().unwrap();
    let migrate = async || saoma_in(dir.path(), &["migrate"], &RIGHT).await.succeeds().stdout;
    let first = migrate().await;
    assert!(first.lines().all(|line| line.starts_with("applied ")) && !first.is_empty(), "{first}");
    assert_eq!(migrate().await, "the tables are up to date\n");
    let missing = right_but(&[("database.url", Some("sqlite://missing/x.db"))]);
    let output = saoma(&["migrate"], &missing).await;
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("database.url"), "{}", output.stderr);
    let unconfigured = saoma(&["migrate"], &[]).await;
    assert_eq!(unconfigured.code, Some(2));
    assert!(unconfigured.stderr.contains("server.key"), "{}", unconfigured.stderr);
}

#[tokio::test]
async fn a_check_tries_every_part() {
    let wechat = wechat("canaryAppSecret").await;
    let url = wechat.base_url();
    let dir = tempfile::tempdir().unwrap();
    let good =
        saoma_in(dir.path(), &["check"], &right_but(&[("wechat.api_base", Some(&url))])).await.succeeds();
    for part in ["database.url", "wechat.apps.main"] {
        assert!(good.stdout.contains(&format!("ok    {part}")), "{}", good.stdout);
    }
    shows_no_secret(&good);
}

#[tokio::test]
async fn a_check_tries_apps_of_every_kind_as_far_as_wechat_lets_it() {
    let (mini, site) = (MiniProgram::demo(), WebsiteApp::demo());
    let config = SandboxConfig::with_account(OfficialAccount::demo());
    let wechat = Sandbox::start(SandboxConfig { mini_programs: vec![mini.clone()], ..config }).await.unwrap();
    let (url, secret) = (wechat.base_url(), OfficialAccount::demo().secret);
    let mut settings = right_but(&[
        ("wechat.api_base", Some(&url)),
        ("wechat.apps.0.secret", Some(secret.expose_secret())),
        ("wechat.apps.1.name", Some("site")),
        ("wechat.apps.1.kind", Some("website")),
        ("wechat.apps.1.app_id", Some(&site.app_id)),
        ("wechat.apps.1.secret", Some("canaryAppSecret")),
        ("wechat.apps.3.name", Some("mobile")),
        ("wechat.apps.3.kind", Some("mobile_app")),
        ("wechat.apps.3.app_id", Some("wx7b6c5d4e3f2a1908")),
        ("wechat.apps.3.secret", Some("canaryAppSecret")),
        ("wechat.apps.2.name", Some("mini")),
        ("wechat.apps.2.kind", Some("mini_program")),
        ("wechat.apps.2.app_id", Some(&mini.app_id)),
    ]);
    settings.push(("wechat.apps.2.secret", mini.secret.expose_secret()));
    let good = saoma(&["check"], &settings).await.succeeds();
    for part in ["main: WeChat takes", "site: configured", "mini: WeChat takes", "mobile: configured"] {
        assert!(good.stdout.contains(&format!("ok    wechat.apps.{part}")), "{}", good.stdout);
    }
    settings.pop();
    settings.push(("wechat.apps.2.secret", "canaryAppSecret"));
    let wrong = saoma(&["check"], &settings).await;
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.stdout.contains("wrong wechat.apps.mini") && wrong.stdout.contains("40125"), "{wrong:?}");
    shows_no_secret(&wrong);
}

#[tokio::test]
async fn a_check_makes_no_code_for_an_account_whose_logins_begin_by_a_message() {
    let account =
        OfficialAccount { verified: false, secret: "canaryAppSecret".into(), ..OfficialAccount::demo() };
    let wechat = Sandbox::start(SandboxConfig::with_account(account)).await.unwrap();
    let url = wechat.base_url();
    let checked = async |more: &[(&str, Option<&str>)]| {
        let mut keys = vec![("wechat.api_base", Some(url.as_str()))];
        keys.extend_from_slice(more);
        saoma(&["check", "--lang", "en"], &right_but(&keys)).await
    };
    let refused = checked(&[]).await;
    assert!(refused.code == Some(1) && refused.stdout.contains("48001"), "{}", refused.stdout);
    assert!(refused.stdout.contains("login_by"), "it says what to do: {}", refused.stdout);
    let by_message = ("wechat.apps.0.login_by", Some("message"));
    let good = checked(&[by_message]).await.succeeds().stdout;
    assert!(good.contains("ok    wechat.apps.main: ") && good.contains("a code that people send"), "{good}");
    assert!(
        good.contains("wechat.apps.main.original_id") && good.contains("wechat.apps.main.confirm"),
        "{good}"
    );
    let all = [
        by_message,
        ("wechat.apps.0.original_id", Some("gh_3f1c9a0b7d52")),
        ("wechat.apps.0.confirm", Some("number")),
    ];
    let quiet = checked(&all).await.succeeds().stdout;
    assert!(!quiet.contains("original_id") && !quiet.contains("main.confirm"), "{quiet}");
}

#[tokio::test]
async fn a_check_tries_the_system_behind_an_app() {
    let wechat = wechat("canaryAppSecret").await;
    let url = wechat.base_url();
    let checked = async |relay_url: &str| {
        let keys = [("wechat.api_base", Some(url.as_str())), ("wechat.apps.0.relay_url", Some(relay_url))];
        saoma(&["check"], &right_but(&keys)).await.stdout
    };
    let good = checked(&format!("{url}/wx?key=canary")).await;
    assert!(good.contains("ok    wechat.apps.main.relay_url") && !good.contains("canary"), "{good}");
    let away = checked("http://127.0.0.1:1/wx").await;
    assert!(away.contains("wrong wechat.apps.main.relay_url"), "{away}");
    let circle = checked("http://127.0.0.1:8080/wechat/main/callback").await;
    assert!(circle.contains("wrong wechat.apps.main.relay_url") && circle.contains("circle"), "{circle}");
}

#[tokio::test]
async fn a_check_says_what_is_wrong_part_by_part() {
    let wechat = wechat("anotherSecret").await;
    let url = wechat.base_url();
    let settings =
        right_but(&[("wechat.api_base", Some(&url)), ("database.url", Some("sqlite://missing/saoma.db"))]);
    let output = saoma(&["check"], &settings).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    let line = |part: &str| {
        let mark = format!("wrong {part}");
        output.stdout.lines().find(|line| line.starts_with(&mark)).unwrap_or_else(|| panic!("{output:?}"))
    };
    assert!(line("database.url").contains("missing"));
    assert!(line("wechat.apps.main").contains("40125") && line("wechat.apps.main").contains("secret"));
    assert!(!output.stdout.contains(&url), "the URL of an upstream is not shown");
    shows_no_secret(&output);

    let away = saoma(&["check"], &RIGHT).await;
    assert_eq!(away.code, Some(1));
    assert!(away.stdout.contains("wrong wechat.apps.main"), "{}", away.stdout);
    shows_no_secret(&away);
}

#[tokio::test]
async fn a_check_warns_of_a_database_that_every_user_of_the_machine_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("saoma.db");
    let allow = |path: &Path, mode| std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    allow(folder.path(), 0o755);
    let wechat = wechat("canaryAppSecret").await;
    let (api, database) = (wechat.base_url(), format!("sqlite://{}", file.display()));
    let settings = right_but(&[("wechat.api_base", Some(&api)), ("database.url", Some(&database))]);
    let made = saoma(&["check"], &settings).await.succeeds().stdout;
    assert!(file.exists() && !made.contains("chmod"), "{made}");
    allow(&file, 0o644);
    let warned = saoma(&["check"], &settings).await.succeeds().stdout;
    assert!(warned.contains(&format!("chmod 600 {}*", file.display())), "{warned}");
}

#[tokio::test]
async fn a_check_of_a_wrong_configuration_ends_with_2() {
    let output = saoma(&["check"], &right_but(&[("server.key", Some("canaryWrong"))])).await;
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("server.key"), "{}", output.stderr);
    shows_no_secret(&output);
}

/// Writes the right configuration as an operator would, every secret in a file of its own.
fn write_files(dir: &Path, wechat: &str) {
    let account = OfficialAccount::demo();
    let write = |name: &str, text: &str| std::fs::write(dir.join(name), text).unwrap();
    write("server.key", &format!("{}\n", RIGHT[2].1));
    write("app.secret", &format!("  {}\n", account.secret.expose_secret()));
    write("token", account.token.expose_secret());
    write("aes.key", account.encoding_aes_key.expose_secret());
    let app_id = account.app_id;
    write(
        "saoma.toml",
        &format!(
            r#"
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
key_file = "server.key"
allowed_origins = ["http://one.test", "http://two.test"]
shutdown_grace_s = 3
[database]
url = "sqlite://from-the-file.db"
[wechat]
api_base = "{wechat}"
[[wechat.apps]]
name = "main"
kind = "official_account"
app_id = "{app_id}"
secret_file = "app.secret"
token_file = "token"
encoding_aes_key_file = "aes.key"
[login]
link_by_unionid = false
"#
        ),
    );
}

#[tokio::test]
async fn a_file_works_like_the_environment_which_has_the_last_word() {
    let account = OfficialAccount::demo();
    let wechat = wechat(account.secret.expose_secret()).await;
    let dir = tempfile::tempdir().unwrap();
    write_files(dir.path(), &wechat.base_url());
    for arguments in [&["check"][..], &["check", "--config", "saoma.toml"]] {
        let output = saoma_in(dir.path(), arguments, &[]).await.succeeds();
        assert!(output.stdout.contains("ok    wechat.apps.main"), "{output:?}");
    }
    assert!(dir.path().join("from-the-file.db").exists());
    let over = [("database.url", "sqlite://from-the-environment.db"), ("wechat.apps.0.language", "en")];
    saoma_in(dir.path(), &["migrate"], &over).await.succeeds();
    assert!(dir.path().join("from-the-environment.db").exists());
}

/// The example of the contract, with values where it has none.
const EXAMPLE: &str = r#"
[server]
listen = "127.0.0.1:8080"
admin_listen = "127.0.0.1:9090"
public_url = "http://127.0.0.1:8080"
key = "c0ffee5a7e11c0ffee5a7e11c0ffee5a7e11c0ffee5a7e11c0ffee5a7e11c0de"
allowed_origins = []
trusted_proxies = []
shutdown_grace_s = 30
[store]
url = "memory://"
[database]
url = "sqlite://saoma.db"
[wechat]
api_base = "https://api.weixin.qq.com"
open_base = "https://open.weixin.qq.com"
mp_base = "https://mp.weixin.qq.com"
timeout_ms = 3000
[[wechat.apps]]
name = "main"
kind = "official_account"
app_id = "wx5a0b4c3d2e1f6078"
secret_file = "wechat"
token = "canaryToken"
encoding_aes_key = "canaryAesKeycanaryAesKeycanaryAesKeycanary1"
mode = "secure"
confirm = "notify"
relay_url = ""
[login]
qr_ttl_s = 120
bind_ttl_s = 600
handover_s = 60
page_url = "/login"
return_to_allowed = []
link_by_unionid = true
[session]
idle_s = 1800
absolute_s = 2592000
cookie_domain = ""
[sms]
provider = "log"
url = ""
webhook_secret = ""
countries = ["86", "852", "853", "886"]
code_ttl_s = 180
code_attempts = 5
[limits]
logins_per_ip_burst = 30
logins_per_ip_per_min = 20
waits_per_ip = 50
waits_per_node = 20000
sms_per_phone_gap_s = 60
sms_per_phone_hour = 5
sms_per_phone_day = 10
sms_per_ip_hour = 20
sms_per_ip_day = 60
sms_tries_per_phone_day = 15
sms_per_day = 10000
sms_per_login = 3
sms_per_identity_day = 6
sms_unused_share = 0.7
logins_per_network_per_min = 200
logins_per_day = 90000
"#;

#[tokio::test]
async fn the_example_of_the_contract_is_a_configuration() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("saoma.toml"), EXAMPLE).unwrap();
    std::fs::write(dir.path().join("wechat"), "canaryAppSecret").unwrap();
    saoma_in(dir.path(), &["migrate"], &[]).await.succeeds();
    assert!(dir.path().join("saoma.db").exists());
}

#[tokio::test]
async fn the_service_starts_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    write_files(dir.path(), "http://127.0.0.1:9");
    let mut serve = command(&["serve", "--config", "saoma.toml"], &[], dir.path());
    let mut child = serve.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let address = address_of(&mut child).await;
    let ready = client().get(format!("http://{address}/readyz")).send().await.unwrap();
    assert_eq!(ready.status(), 200);
    child.kill().await.unwrap();
}
