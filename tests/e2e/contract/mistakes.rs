//! Section 7, `saoma check`: typical mistakes. Each one's message names the key and says what to do.

use std::net::TcpListener;

use saoma_sandbox::{Api, Fault, OfficialAccount, Sandbox, SandboxConfig};
use serde_json::Value;

use super::program::{Output, right_but, saoma, saoma_in, shows_no_secret};

/// A mistake: what is changed of a right configuration, how the check ends, the key, and words of what to do.
struct Mistake {
    changes: Vec<(&'static str, Option<String>)>,
    code: i32,
    level: &'static str,
    key: &'static str,
    says: &'static [&'static str],
}

/// A mistake that the configuration itself shows.
fn refused(
    changes: &[(&'static str, Option<&str>)],
    key: &'static str,
    says: &'static [&'static str],
) -> Mistake {
    Mistake { changes: owned(changes), code: 2, level: "", key, says }
}

/// A mistake that trying shows.
fn wrong(
    changes: &[(&'static str, Option<&str>)],
    key: &'static str,
    says: &'static [&'static str],
) -> Mistake {
    Mistake { changes: owned(changes), code: 1, level: "wrong", key, says }
}

/// What works, and is better changed.
fn warned(
    changes: &[(&'static str, Option<&str>)],
    key: &'static str,
    says: &'static [&'static str],
) -> Mistake {
    Mistake { changes: owned(changes), code: 0, level: "warning", key, says }
}

fn owned(changes: &[(&'static str, Option<&str>)]) -> Vec<(&'static str, Option<String>)> {
    changes.iter().map(|(key, value)| (*key, value.map(str::to_owned))).collect()
}

async fn wechat() -> Sandbox {
    let account = OfficialAccount { secret: "canaryAppSecret".into(), ..OfficialAccount::demo() };
    Sandbox::start(SandboxConfig::with_account(account)).await.unwrap()
}

async fn check(sandbox: &Sandbox, changes: &[(&'static str, Option<String>)], json: bool) -> Output {
    let base = sandbox.base_url();
    let mut all = vec![("wechat.api_base", Some(base.as_str()))];
    all.retain(|(key, _)| changes.iter().all(|(changed, _)| changed != key));
    all.extend(changes.iter().map(|(key, value)| (*key, value.as_deref())));
    let arguments: &[&str] = if json { &["check", "--json"] } else { &["check"] };
    saoma(arguments, &right_but(&all)).await
}

impl Mistake {
    async fn is_named(&self, sandbox: &Sandbox) {
        let Self { changes, code, level, key, says } = self;
        let output = check(sandbox, changes, false).await;
        assert_eq!(output.code, Some(*code), "{changes:?}: {output:?}");
        shows_no_secret(&output);
        let text = if *code == 2 { &output.stderr } else { &output.stdout };
        let mark = if level.is_empty() { (*key).to_owned() } else { format!("{level:<5} {key}: ") };
        let mut parts = text.split(&mark).skip(1);
        let says = |part: &str| {
            let part = part.split("\nok ").next().unwrap();
            says.iter().all(|words| part.contains(words))
        };
        assert!(parts.any(says), "{changes:?}: `{mark}` with {:?} is missing: {text}", self.says);
    }
}

const TLS: Option<&str> = Some("https://login.example.test");
const LOG_IS_FINE: (&str, Option<&str>) = ("sms.url", Some("http://127.0.0.1:9/sms"));

#[tokio::test]
async fn mistakes_of_the_configuration_are_named_with_what_to_do() {
    let sandbox = wechat().await;
    let mistakes = [
        refused(&[("server.key", None)], "server.key", &["missing", "saoma key"]),
        refused(&[("server.key", Some("canaryWrong"))], "server.key", &["32 bytes"]),
        refused(&[("server.key_file", Some("x"))], "server.key_file", &["only one"]),
        refused(&[("server.lisen", Some("1"))], "server.lisen", &["did you mean `listen`?"]),
        refused(&[("server.listen", Some("8080"))], "server.listen", &["not usable"]),
        refused(&[("server.public_url", Some("login.example.test"))], "server.public_url", &["URL"]),
        refused(
            &[("server.public_url", Some("http://x.test/login"))],
            "server.public_url",
            &["without a path"],
        ),
        refused(
            &[("server.allowed_origins", Some("example.test"))],
            "server.allowed_origins",
            &["https://www"],
        ),
        refused(&[("server.trusted_proxies", Some("nginx"))], "server.trusted_proxies", &["10.0.0.0/8"]),
        refused(&[("store.url", Some("127.0.0.1:6379"))], "store.url", &["redis://"]),
        refused(&[("database.url", Some("saoma.db"))], "database.url", &["sqlite://"]),
        refused(&[("wechat.apps.0.kind", Some("service"))], "wechat.apps[0].kind", &["`official_account`"]),
        refused(&[("wechat.apps.0.app_id", Some("wx 5a"))], "wechat.apps[0].app_id", &["without blanks"]),
        refused(
            &[("wechat.apps.0.secret", Some("'canaryWrong'"))],
            "wechat.apps[0].secret",
            &["quotation marks"],
        ),
        refused(&[("wechat.apps.0.secret", None)], "wechat.apps[0].secret", &["AppSecret"]),
        refused(&[("wechat.apps.0.token", None)], "wechat.apps[0].token", &["Token"]),
        refused(
            &[("wechat.apps.0.encoding_aes_key", Some("short"))],
            "wechat.apps[0].encoding_aes_key",
            &["43"],
        ),
        refused(&[("wechat.apps.0.mode", Some("plain"))], "wechat.apps[0].mode", &["allow_unsigned_body"]),
        refused(
            &[("wechat.apps.0.test_account", Some("true")), ("wechat.apps.0.mode", Some("secure"))],
            "wechat.apps[0].mode",
            &["leave `mode` out"],
        ),
        refused(&[("wechat.verify_files", Some("/nowhere"))], "wechat.verify_files", &["no folder"]),
        refused(&[("server.public_url", TLS)], "sms.provider", &["https", "test account"]),
        refused(&[("sms.provider", Some("aliyun"))], "sms.sign_name", &["console"]),
        refused(&[("sms.provider", Some("webhook"))], "sms.url", &["missing"]),
        refused(&[("login.page_url", Some("login"))], "login.page_url", &["/login"]),
        refused(
            &[("login.default_return_to", Some("https://elsewhere.example.com/"))],
            "login.default_return_to",
            &["login.return_to_allowed"],
        ),
        refused(&[("login.sms", Some("yes"))], "login.sms", &["`existing`"]),
        refused(&[("check.kind", Some("aliyun"))], "check.scene_id", &["console"]),
        refused(&[("page.accent", Some("#07c160"))], "page.accent", &["2.3:1", "4.5:1", " has it"]),
        refused(&[("page.logo", Some("/nowhere.svg"))], "page.logo", &["cannot be read"]),
        refused(&[("page.consent", Some("required"))], "page.version", &["2026-11"]),
        refused(&[("page.languages", Some("ja"))], "page.languages", &["page.texts", "ja.json"]),
        refused(&[("log.level", Some("verbose"))], "log.level", &["`debug`"]),
    ];
    for mistake in mistakes {
        mistake.is_named(&sandbox).await;
    }
}

#[tokio::test]
async fn mistakes_that_trying_shows_are_named_with_what_to_do() {
    let sandbox = wechat().await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let other = |key: &'static str, value: &'static str| (key, Some(value));
    let mistakes = [
        wrong(
            &[("wechat.apps.0.secret", Some("canaryWrong"))],
            "wechat.apps.main",
            &["40125", "copy it again"],
        ),
        wrong(
            &[("wechat.apps.0.app_id", Some("wx00000000000000ff"))],
            "wechat.apps.main",
            &["40013", "compare app_id"],
        ),
        wrong(
            &[("wechat.apps.0.app_id", Some("gh_0123456789ab"))],
            "wechat.apps.main.app_id",
            &["begins with wx"],
        ),
        wrong(&[("wechat.api_base", Some("http://127.0.0.1:9"))], "wechat.apps.main", &["DNS, firewall"]),
        wrong(&[("database.url", Some("sqlite://missing/x.db"))], "database.url", &["make the directory"]),
        wrong(&[("database.url", Some("sqlite:///proc/x.db"))], "database.url", &["write the file"]),
        wrong(
            &[("database.url", Some("postgres://u:canaryWrong@127.0.0.1:9/x"))],
            "database.url",
            &["start the server"],
        ),
        wrong(&[("store.url", Some("redis://127.0.0.1:9"))], "store.url", &["127.0.0.1:9", "start Redis"]),
        wrong(
            &[other("wechat.apps.0.relay_url", "http://127.0.0.1:8080/wechat/main/callback")],
            "wechat.apps.main.relay_url",
            &["circle"],
        ),
        wrong(
            &[other("wechat.apps.0.relay_url", "http://127.0.0.1:9/")],
            "wechat.apps.main.relay_url",
            &["start the system"],
        ),
        wrong(
            &[other("login.page_url", "http://127.0.0.1:9/login")],
            "login.page_url",
            &["correct the address"],
        ),
        wrong(&[("sms.provider", Some("webhook")), LOG_IS_FINE], "sms.url", &["firewall"]),
        wrong(
            &[("server.admin_listen", Some(&taken)), ("server.listen", Some(&taken))],
            "server.admin_listen",
            &["port of its own"],
        ),
        wrong(
            &[
                other("wechat.apps.1.name", "site"),
                other("wechat.apps.1.kind", "website"),
                other("wechat.apps.1.app_id", "wx5a0b4c3d2e1f6078"),
                other("wechat.apps.1.secret", "canaryAppSecret"),
            ],
            "wechat.apps.site.app_id",
            &["an app id and a secret of their own"],
        ),
        wrong(
            &[
                other("sms.provider", "aliyun"),
                other("sms.sign_name", "【扫码】"),
                other("sms.template_code", "验证码"),
                other("sms.access_key_id", "id"),
                other("sms.access_key_secret", "canaryWrong"),
            ],
            "sms.aliyun.sign_name",
            &["alone"],
        ),
        warned(&[], "sms.provider", &["choose a provider"]),
        warned(&[("server.public_url", Some("http://login.example.test"))], "server.public_url", &["https"]),
        warned(&[("server.admin_listen", Some("0.0.0.0:0"))], "server.admin_listen", &["firewall"]),
        warned(&[("limits.sms_per_day", Some("0"))], "limits.sms_per_day", &["busy day"]),
        warned(&[], "server.public_url", &["no answer"]),
    ];
    for mistake in mistakes {
        mistake.is_named(&sandbox).await;
    }
    sandbox.fail(Api::QrcodeCreate, &Fault::Errcode { errcode: 48001 }, 1);
    wrong(&[], "wechat.apps.main", &["48001", "certified service account"]).is_named(&sandbox).await;
}

#[tokio::test]
async fn the_check_speaks_json_and_chinese() {
    let sandbox = wechat().await;
    let good: Value = serde_json::from_str(&check(&sandbox, &[], true).await.succeeds().stdout).unwrap();
    assert_eq!(good["ok"], true);
    let app =
        good["findings"].as_array().unwrap().iter().find(|finding| finding["key"] == "wechat.apps.main");
    assert_eq!(app.unwrap()["level"], "ok");
    let secret = [("wechat.apps.0.secret", Some("canaryWrong".to_owned()))];
    let output = check(&sandbox, &secret, true).await;
    assert_eq!(output.code, Some(1));
    let wrong: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(wrong["ok"], false);
    let base = sandbox.base_url();
    let settings =
        right_but(&[("wechat.api_base", Some(&base)), ("wechat.apps.0.secret", Some("canaryWrong"))]);
    let dir = tempfile::tempdir().unwrap();
    let chinese = saoma_in(dir.path(), &["check", "--lang", "zh"], &settings).await;
    assert_eq!(chinese.code, Some(1));
    assert!(
        chinese.stdout.contains("AppSecret 不对") && chinese.stdout.contains("处理："),
        "{}",
        chinese.stdout
    );
    shows_no_secret(&chinese);
    let misread = saoma(&["check", "--json"], &right_but(&[("server.key", None)])).await;
    assert_eq!(misread.code, Some(2));
    let misread: Value = serde_json::from_str(&misread.stdout).unwrap();
    assert!(misread["error"].as_str().unwrap().contains("server.key"), "{misread}");
}

#[tokio::test]
async fn the_check_calls_the_callback_through_the_public_address() {
    let service = crate::harness::Setup::default().start().await;
    let base = service.sandbox.base_url();
    let account = OfficialAccount::demo();
    let secret = secrecy::ExposeSecret::expose_secret(&account.secret).to_owned();
    let token = secrecy::ExposeSecret::expose_secret(&account.token).to_owned();
    let aes = secrecy::ExposeSecret::expose_secret(&account.encoding_aes_key).to_owned();
    let mut changes = vec![
        ("wechat.api_base", Some(base.as_str())),
        ("server.public_url", Some(service.url.as_str())),
        ("wechat.apps.0.app_id", Some(account.app_id.as_str())),
        ("wechat.apps.0.secret", Some(secret.as_str())),
        ("wechat.apps.0.token", Some(token.as_str())),
        ("wechat.apps.0.encoding_aes_key", Some(aes.as_str())),
    ];
    let good = saoma(&["check"], &right_but(&changes)).await.succeeds().stdout;
    assert!(good.contains("ok    server.public_url: /wechat/main/callback answers a signed call"), "{good}");
    changes.retain(|(key, _)| *key != "wechat.apps.0.token");
    changes.push(("wechat.apps.0.token", Some("anotherToken")));
    let other = saoma(&["check"], &right_but(&changes)).await;
    assert_eq!(other.code, Some(1));
    assert!(other.stdout.contains("another Token"), "{}", other.stdout);
}
