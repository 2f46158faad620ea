//! The road of an operator, from what was installed to the first login: `saoma init` on a terminal, answers to its questions,
//! WeChat's console, a login by the phone page, and then the service as it will run. `tests/package.sh` walks it in a root
//! with nothing but the Debian package as well, `tests/image.sh` in the image.

use std::{
    process::Stdio,
    sync::{Arc, Mutex},
};

use reqwest::Method;
use saoma_sandbox::{OfficialAccount, Sandbox};
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, Command},
    time::Instant,
};

use super::call;
use crate::{
    contract::{TOKEN, client, test_account},
    harness::{Answer, PATIENCE, eventually},
};

/// How the program is started where it was installed, each with all its arguments but those of the test.
struct Installed {
    init: String,
    check: String,
    serve: String,
    listen: String,
}

/// A command on a terminal of its own: what it says, and what is typed.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    said: Arc<Mutex<String>>,
}

impl Terminal {
    /// Starts a command by `script`, which gives it a terminal.
    fn start(command: &str) -> Self {
        let mut script = Command::new("script");
        script.args(["-qefc", command, "/dev/null"]).kill_on_drop(true);
        let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (said, mut out) = (Arc::new(Mutex::new(String::new())), child.stdout.take().unwrap());
        let (collected, keys) = (Arc::clone(&said), child.stdin.take().unwrap());
        tokio::spawn(async move {
            let (mut bytes, mut all) = ([0; 4096], Vec::new());
            while let Ok(count @ 1..) = out.read(&mut bytes).await {
                all.extend_from_slice(&bytes[..count]);
                *collected.lock().unwrap() = String::from_utf8_lossy(&all).into_owned();
            }
        });
        Self { child, keys, said }
    }

    fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Returns once it has said these words.
    async fn says(&mut self, words: &str) {
        let begun = Instant::now();
        while !self.said().contains(words) {
            let has_ended = self.child.try_wait().unwrap().is_some();
            assert!(!has_ended && begun.elapsed() < PATIENCE, "never: {words}\n{}", self.said());
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    async fn types(&mut self, text: &str) {
        self.keys.write_all(text.as_bytes()).await.unwrap();
        self.keys.flush().await.unwrap();
    }

    /// Presses Ctrl-C, and returns how it ended.
    async fn interrupted(mut self) -> Option<i32> {
        self.types("\u{3}").await;
        tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it ends").unwrap().code()
    }
}

async fn walk(way: &str, installed: &Installed) {
    let sandbox = test_account().await;
    let (account, url) = (OfficialAccount::demo(), format!("http://{}", installed.listen));
    let begun = Instant::now();
    let wechat = sandbox.base_url();
    let mut init = Terminal::start(&format!(
        "{} --test-account --lang zh --wechat {wechat} --token {TOKEN}",
        installed.init
    ));
    let answers = [
        ("公网地址", url.as_str()),
        ("AppID", account.app_id.as_str()),
        ("AppSecret", account.secret.expose_secret()),
    ];
    for (question, answer) in answers {
        init.says(question).await;
        if question == "AppID" {
            init.types("gh_3f1c9a0b7d52\n").await;
            init.says("原始 ID").await;
        }
        init.types(&format!("{answer}\n")).await;
    }
    init.says(&format!("登录页：{url}/login")).await;

    let callback = format!("{url}/wechat/main/callback");
    assert!(init.said().contains(&callback), "the console is told the URL: {}", init.said());
    sandbox.set_callback_url("main", &callback).unwrap();
    assert!(sandbox.check_callback_url("main").await.unwrap(), "{}", init.said());
    init.says("✓ 微信校验了 URL").await;
    assert_eq!(call(Method::GET, &format!("{url}/login"), "none", None).await.status, 200);
    let token = log_in(&url, &sandbox, &mut init).await;
    init.says("✓ 有人登录成功").await;
    eprintln!("road: {way}: {} questions, a login after {:?}", answers.len(), begun.elapsed());
    assert_eq!(init.interrupted().await, Some(0), "Ctrl-C ends it in order");

    let mut serve = Terminal::start(&installed.serve);
    let session = format!("{url}/v1/session");
    let answer = eventually("it serves", async || {
        let answer = client().get(&session).bearer_auth(&token).send().await.ok()?;
        Some(Answer::read(answer).await)
    })
    .await;
    assert_eq!(answer.status, 200, "the session of before holds: {}\n{}", answer.text, serve.said());
    let check = Command::new("sh").args(["-c", &installed.check]).output().await.unwrap();
    let found = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(check.status.success(), "{found}{}", String::from_utf8_lossy(&check.stderr));
    serve.says("listening").await;
    assert_eq!(serve.interrupted().await, Some(0));
}

/// Has a new person scan and bind their number by the code that stands on the terminal; returns the session's token.
async fn log_in(url: &str, sandbox: &Sandbox, init: &mut Terminal) -> String {
    let body = json!({"channel": "official_account", "client": "device"});
    let started = call(Method::POST, &format!("{url}/v1/logins"), "none", Some(body)).await;
    assert_eq!(started.status, 201, "{}\n{}", started.text, init.said());
    let [id, token] = ["id", "poll_token"].map(|name| started.json[name].as_str().unwrap().to_owned());
    let login = format!("{url}/v1/logins/{id}");
    // As the phone page does it.
    let person = sandbox.person("ming").unwrap();
    let scan = format!("{}/sandbox/api/people/ming/scan", sandbox.base_url());
    let scanned =
        call(Method::POST, &scan, "none", Some(json!({"url": started.json["qr"]["content"]}))).await;
    assert_eq!(scanned.status, 200, "{}", scanned.text);
    init.says("✓ 收到第一个事件").await;
    assert_eq!(call(Method::GET, &login, &token, None).await.says(), "unregistered");
    let phone = json!({"phone": person.phone()});
    assert_eq!(call(Method::POST, &format!("{login}/sms-codes"), &token, Some(phone)).await.status, 202);
    let before = "the code for ";
    init.says(before).await;
    let code = eventually("the code stands on the terminal", async || {
        let said = init.said();
        let words: Vec<&str> = said.split(before).nth(1)?.split_whitespace().collect();
        let code: String = words.get(2)?.chars().filter(char::is_ascii_digit).take(6).collect();
        (code.len() == 6).then_some(code)
    })
    .await;
    let body = json!({"phone": person.phone(), "code": code});
    let bound = call(Method::POST, &format!("{login}/phone"), &token, Some(body)).await;
    assert_eq!(bound.says(), "registered", "{}", bound.text);
    bound.token().to_owned()
}

/// Returns addresses that are free at the moment.
fn addresses() -> [String; 2] {
    [(); 2].map(|()| format!("127.0.0.1:{}", saoma_servers::free_port().unwrap()))
}

#[tokio::test]
async fn on_a_terminal_init_asks_three_questions_and_leads_to_a_login() {
    if Command::new("script").arg("--version").output().await.is_err() {
        eprintln!("left out: the road on a terminal, since `script` is missing (the package bsdutils)");
        return;
    }
    let (dir, [listen, admin_listen]) = (tempfile::tempdir().unwrap(), addresses());
    let saoma =
        |what: &str| format!("cd {} && exec {} {what}", dir.path().display(), env!("CARGO_BIN_EXE_saoma"));
    let init = format!("{} --listen {listen} --admin-listen {admin_listen}", saoma("init"));
    let installed = Installed { init, check: saoma("check"), serve: saoma("serve"), listen };
    walk("here", &installed).await;
}

#[tokio::test]
async fn where_only_the_package_is_installed_init_leads_to_a_login() {
    let Ok(root) = std::env::var("SAOMA_TEST_ROOT") else { return };
    let [listen, admin_listen] = addresses();
    // As `docs/zh/deployment.md` says it.
    let saoma =
        |what: &str| format!("chroot {root} runuser -u saoma -- saoma {what} --config /etc/saoma/saoma.toml");
    let init = format!("{} --listen {listen} --admin-listen {admin_listen}", saoma("init"));
    let installed = Installed { init, check: saoma("check"), serve: saoma("serve"), listen };
    walk("package", &installed).await;
}

#[tokio::test]
async fn in_the_image_init_leads_to_a_login() {
    let Ok(image) = std::env::var("SAOMA_TEST_IMAGE") else { return };
    let [listen, admin_listen] = addresses();
    let volume = format!("saoma-road-{}", listen.replace([':', '.'], "-"));
    let saoma = |terminal: &str, what: &str| {
        format!(
            "podman run --rm {terminal} --network host --read-only --cap-drop all --security-opt no-new-privileges --volume \
             {volume}:/var/lib/saoma --env SAOMA__SERVER__LISTEN={listen} --env SAOMA__SERVER__ADMIN_LISTEN={admin_listen} \
             --env SAOMA__LOG__FORMAT=text {image} {what}"
        )
    };
    let installed = Installed {
        init: saoma("-it", "init"),
        check: saoma("", "check"),
        serve: saoma("-it", "serve"),
        listen: listen.clone(),
    };
    walk("image", &installed).await;
    let removed = Command::new("podman").args(["volume", "rm", &volume]).status().await.unwrap();
    assert!(removed.success());
}
