//! Section 7, `saoma init`: from nothing to a login.

use std::{
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
};

use saoma_sandbox::{CallbackMode, OfficialAccount, Sandbox, SandboxConfig};
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Child,
};

use super::{
    program::{command, saoma_in},
    requests::client,
};
use crate::harness::{Answer, eventually};

/// The Token that stands in the console.
pub(crate) const TOKEN: &str = "tokenOfTheConsole";

/// A `saoma init` that runs, and what it has said.
struct Init {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl Init {
    fn start(dir: &Path, arguments: &[String]) -> Self {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut child =
            command(&arguments, &[], dir).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let collected = Arc::clone(&said);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                *collected.lock().unwrap() += &(line + "\n");
            }
        });
        Self { child, said }
    }

    async fn says(&self, words: &str) {
        eventually(words, async || self.said.lock().unwrap().contains(words).then_some(())).await;
    }
}

/// Returns an address that is free at the moment.
fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// Starts a WeChat with a test account, which has plain mode only.
pub(crate) async fn test_account() -> Sandbox {
    let mode = CallbackMode::Plain;
    let account = OfficialAccount { token: TOKEN.into(), mode, ..OfficialAccount::demo() };
    Sandbox::start(SandboxConfig::with_account(account)).await.unwrap()
}

/// A test account that is set up: where the service will be, and the arguments that say so.
struct TestAccount {
    sandbox: Sandbox,
    public_url: String,
    listen: [String; 2],
}

impl TestAccount {
    async fn new() -> Self {
        let (sandbox, listen) = (test_account().await, [free_address(), free_address()]);
        Self { sandbox, public_url: format!("http://{}", listen[0]), listen }
    }

    fn arguments(&self, secret: &str, more: &[&str]) -> Vec<String> {
        let (wechat, app_id) = (self.sandbox.base_url(), OfficialAccount::demo().app_id);
        let [listen, admin] = &self.listen;
        let said = [("--public-url", &*self.public_url), ("--app-id", &app_id), ("--secret", secret)];
        let places = [("--listen", &**listen), ("--admin-listen", admin), ("--wechat", &wechat)];
        let named = said.into_iter().chain(places).flat_map(|(name, value)| [name, value]);
        ["init", "--test-account"]
            .into_iter()
            .chain(named)
            .chain(more.iter().copied())
            .map(str::to_owned)
            .collect()
    }
}

/// Returns the arguments for the files of a service account.
fn service_account(more: &[&'static str]) -> Vec<&'static str> {
    let (url, app_id) = ("https://login.example.test", "wx5a0b4c3d2e1f6078");
    let all = ["init", "--no-run", "--public-url", url, "--app-id", app_id, "--secret", "canaryAppSecret"];
    [&all[..], more].concat()
}

#[tokio::test]
async fn an_account_without_qr_codes_is_set_up_by_its_original_id() {
    let dir = tempfile::tempdir().unwrap();
    let arguments = service_account(&["--original-id", "gh_3f1c9a0b7d52"]);
    saoma_in(dir.path(), &arguments, &[]).await.succeeds();
    let written = std::fs::read_to_string(dir.path().join("saoma.toml")).unwrap();
    for line in ["login_by = \"message\"", "original_id = \"gh_3f1c9a0b7d52\"", "confirm = \"number\""] {
        assert!(written.contains(line), "{line}: {written}");
    }
    let wrong = service_account(&["--original-id", "公众号", "--config", "wrong.toml"]);
    let refused = saoma_in(dir.path(), &wrong, &[]).await;
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("original_id") && !dir.path().join("wrong.toml").exists(), "{refused:?}");
}

#[tokio::test]
async fn a_test_account_is_set_up_by_one_command_and_says_live_what_arrives() {
    let (account, dir) = (TestAccount::new().await, tempfile::tempdir().unwrap());
    let arguments = account
        .arguments(OfficialAccount::demo().secret.expose_secret(), &["--token", TOKEN, "--lang", "zh"]);
    let TestAccount { sandbox, public_url, .. } = &account;
    let mut init = Init::start(dir.path(), &arguments);
    init.says(&format!("{public_url}/wechat/main/callback")).await;
    init.says(TOKEN).await;
    init.says(&format!("登录页：{public_url}/login")).await;

    sandbox.set_callback_url("main", &format!("{public_url}/wechat/main/callback")).unwrap();
    assert!(sandbox.check_callback_url("main").await.unwrap());
    init.says("✓ 微信校验了 URL").await;
    let started = client().post(format!("{public_url}/v1/logins"));
    let started =
        started.json(&json!({"channel": "official_account", "client": "device"})).send().await.unwrap();
    let started = Answer::read(started).await;
    let ming = sandbox.person("ming").unwrap();
    ming.scan(started.json["qr"]["content"].as_str().unwrap()).await.unwrap();
    init.says("✓ 收到第一个事件").await;
    let id = started.json["id"].as_str().unwrap();
    let state = client().get(format!("{public_url}/v1/logins/{id}"));
    let state = state.bearer_auth(started.json["poll_token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(Answer::read(state).await.says(), "unregistered");

    let mode = |name: &str| std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("saoma.toml"), mode("saoma.key")), (0o600, 0o600));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let again = saoma_in(dir.path(), &arguments, &[]).await;
    assert_eq!(again.code, Some(2), "nothing is overwritten");
    assert!(again.stderr.contains("saoma.toml"), "{again:?}");
    saoma_in(dir.path(), &["check", "--lang", "en"], &[]).await.succeeds();
    init.child.kill().await.unwrap();
}

#[tokio::test]
async fn what_differs_is_said_exactly() {
    let (account, dir) = (TestAccount::new().await, tempfile::tempdir().unwrap());
    let another = ["--token", "anotherToken", "--lang", "en"];
    let arguments = account.arguments(OfficialAccount::demo().secret.expose_secret(), &another);
    let TestAccount { sandbox, public_url, .. } = &account;
    let mut init = Init::start(dir.path(), &arguments);
    init.says("Login page").await;
    sandbox.set_callback_url("main", &format!("{public_url}/wechat/main/callback")).unwrap();
    assert!(!sandbox.check_callback_url("main").await.unwrap());
    init.says("✗ wrong signature: the console has another Token; it has to be anotherToken").await;
    init.child.kill().await.unwrap();
}

#[tokio::test]
async fn without_a_terminal_what_is_missing_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let output = saoma_in(dir.path(), &["init", "--app-id", "wx5a0b4c3d2e1f6078"], &[]).await;
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("--public-url"), "{output:?}");
    assert!(!dir.path().join("saoma.toml").exists());
}

#[tokio::test]
async fn a_service_account_gets_a_key_for_its_messages() {
    let dir = tempfile::tempdir().unwrap();
    let arguments = service_account(&["--sms-url", "https://sms.example.test/send", "--lang", "zh"]);
    let output = saoma_in(dir.path(), &arguments, &[]).await.succeeds();
    assert!(
        output.stdout.contains("安全模式") && output.stdout.contains("EncodingAESKey"),
        "{}",
        output.stdout
    );
    assert!(!output.stdout.contains("canaryAppSecret"), "{}", output.stdout);
    saoma_in(dir.path(), &["migrate"], &[]).await.succeeds();
}

#[tokio::test]
async fn a_service_account_without_sms_asks_for_no_number() {
    let dir = tempfile::tempdir().unwrap();
    saoma_in(dir.path(), &service_account(&[]), &[]).await.succeeds();
    let written = std::fs::read_to_string(dir.path().join("saoma.toml")).unwrap();
    assert!(written.contains("phone = \"off\""), "{written}");
    saoma_in(dir.path(), &["migrate"], &[]).await.succeeds();
}

#[tokio::test]
async fn what_is_wrong_is_named_and_leaves_no_file_behind() {
    let dir = tempfile::tempdir().unwrap();
    let refused = async |argument: &str, value: &str, words: &str| {
        let right = [
            ("--public-url", "https://login.example.test"),
            ("--app-id", "wx5a0b4c3d2e1f6078"),
            ("--secret", "canaryAppSecret"),
            ("--token", "canaryToken"),
        ];
        let mut arguments = vec!["init", "--no-run", "--test-account"];
        for (name, usual) in right {
            arguments.extend([name, if name == argument { value } else { usual }]);
        }
        let output = saoma_in(dir.path(), &arguments, &[]).await;
        assert_eq!(output.code, Some(2), "{output:?}");
        assert!(output.stderr.contains(words), "{words}: {output:?}");
        assert!(!dir.path().join("saoma.toml").exists() && !dir.path().join("saoma.key").exists());
    };
    refused("--public-url", "login.example.test", "--public-url: `login.example.test`").await;
    refused("--public-url", "https://example.test/login", "a host of Saoma's own").await;
    refused("--app-id", "gh_3f1c9a0b7d52", "begins with wx").await;
    refused("--secret", "canary AppSecret", "--secret").await;
    refused("--token", "no", "wechat.apps[0].token").await;
}

#[tokio::test]
async fn a_refused_secret_is_said_with_what_to_do() {
    let (account, dir) = (TestAccount::new().await, tempfile::tempdir().unwrap());
    let mut init = Init::start(dir.path(), &account.arguments("anotherSecret", &["--lang", "zh"]));
    init.says("✗ 微信不接受 AppID 或 AppSecret，错误码 40125").await;
    init.says("处理：").await;
    init.child.kill().await.unwrap();
}
