//! A site's own system behind the relay, by a package that was not written here: a process that checks and opens each call as
//! WeChat's, writes down what it takes before it acknowledges it, and echoes what people write.

use std::{path::PathBuf, process::Stdio};

use saoma_sandbox::OfficialAccount;
use saoma_servers::{eventually, free_port};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

use super::clients::{has, place};

/// The bots: the package, the program that runs it, the script, and where the package is.
const BOTS: [[&str; 4]; 2] = [
    [
        "wechatpy",
        "target/clients/wechatpy/bin/python3",
        "tests/clients/wechatpy/bot.py",
        "target/clients/wechatpy",
    ],
    ["wechat", "/usr/bin/node", "tests/clients/wechat/bot.js", "target/clients/wechat/node_modules/wechat"],
];

/// A message that a bot has taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Heard {
    /// The openid.
    pub(crate) person: String,
    /// The message's number, or what happened and when.
    pub(crate) what: String,
}

/// A bot of the demonstration's account. It is gone when this is dropped.
pub(crate) struct ForeignBot {
    program: PathBuf,
    script: PathBuf,
    port: u16,
    directory: TempDir,
    process: Option<Child>,
}

impl ForeignBot {
    /// Finds the bot by a package, which does not run yet; says that it is left out where the package is not there.
    pub(crate) fn find(package: &str) -> Option<Self> {
        let [_, program, script, needed] = BOTS.into_iter().find(|[name, ..]| *name == package).unwrap();
        let (program, needed) = (place(program), place(needed));
        has(package, &[program.clone(), needed]).then(|| Self {
            program,
            script: place(script),
            port: free_port().unwrap(),
            directory: tempfile::tempdir().unwrap(),
            process: None,
        })
    }

    /// Returns where it is called, whether it runs or not.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/wx", self.port)
    }

    /// Starts it, for the first time or again, and returns once it listens.
    pub(crate) async fn start(&mut self) {
        let account = OfficialAccount::demo();
        let mut command = Command::new(&self.program);
        command
            .arg(&self.script)
            .env("APP_ID", &account.app_id)
            .env("TOKEN", account.token.expose_secret())
            .env("AES_KEY", account.encoding_aes_key.expose_secret())
            .env("PORT", self.port.to_string())
            .env("TAKEN", self.taken_file())
            .env("NODE_PATH", place("target/clients/wechat/node_modules"));
        self.process = Some(command.stdin(Stdio::null()).kill_on_drop(true).spawn().unwrap());
        let port = self.port;
        eventually("the bot listens", async || TcpStream::connect(("127.0.0.1", port)).await.ok()).await;
    }

    /// Kills it as `kill -9` does.
    pub(crate) async fn kill(&mut self) {
        self.process.take().unwrap().kill().await.unwrap();
    }

    /// Returns what it has taken so far, in order, repetitions included.
    pub(crate) fn taken(&self) -> Vec<Heard> {
        let lines = std::fs::read_to_string(self.taken_file()).unwrap_or_default();
        // The last line may be half there.
        let lines = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
        lines.map(|line| Heard { person: text(&line, "person"), what: text(&line, "what") }).collect()
    }

    fn taken_file(&self) -> PathBuf {
        self.directory.path().join("taken")
    }
}
