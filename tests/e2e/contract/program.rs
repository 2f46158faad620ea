//! The program on the command line.

use std::{path::Path, process::Stdio};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::harness::PATIENCE;

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Output {
    pub(crate) fn succeeds(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }
}

/// Returns the name of the environment's variable for a key.
pub(super) fn variable(key: &str) -> String {
    format!("SAOMA__{}", key.to_uppercase().replace('.', "__"))
}

/// Makes a command that sees nothing of the environment but these keys.
pub(super) fn command(arguments: &[&str], settings: &[(&str, &str)], dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saoma"));
    command.args(arguments).current_dir(dir).env_clear().stdin(Stdio::null()).kill_on_drop(true);
    command.envs(settings.iter().map(|(key, value)| (variable(key), value)));
    command
}

/// Makes a command with the right configuration, whose environment a test goes on with.
#[cfg(feature = "otlp")]
pub(crate) fn command_with(arguments: &[&str], dir: &Path) -> Command {
    command(arguments, &RIGHT, dir)
}

/// Returns where a process listens once it says so.
pub(super) async fn address_of(child: &mut Child) -> String {
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    loop {
        let line =
            tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("it starts").unwrap().unwrap();
        let line: serde_json::Value = serde_json::from_str(&line).expect("a log for machines");
        if let Some(address) = line["fields"]["server.listen"].as_str() {
            return address.to_owned();
        }
    }
}

/// Runs a command to its end in a directory.
pub(crate) async fn saoma_in(dir: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let output = tokio::time::timeout(PATIENCE, command(arguments, settings, dir).output()).await;
    let output = output.expect("it ends").unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Output { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Runs a command to its end in an empty directory.
pub(crate) async fn saoma(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    saoma_in(tempfile::tempdir().unwrap().path(), arguments, settings).await
}

/// A configuration that is right, and connects to no other host at its start.
pub(super) const RIGHT: [(&str, &str); 11] = [
    ("server.listen", "127.0.0.1:0"),
    ("server.admin_listen", "127.0.0.1:0"),
    ("server.key", "c0ffee5a7e11c0ffee5a7e11c0ffee5a7e11c0ffee5a7e11c0ffee5a7e11c0de"),
    ("database.url", "sqlite://saoma.db"),
    ("wechat.api_base", "http://127.0.0.1:9"),
    ("wechat.apps.0.name", "main"),
    ("wechat.apps.0.kind", "official_account"),
    ("wechat.apps.0.app_id", "wx5a0b4c3d2e1f6078"),
    ("wechat.apps.0.secret", "canaryAppSecret"),
    ("wechat.apps.0.token", "canaryToken"),
    ("wechat.apps.0.encoding_aes_key", "canaryAesKeycanaryAesKeycanaryAesKeycanary1"),
];

/// Returns the right configuration with some keys set otherwise; those without a value are left out.
pub(super) fn right_but<'a>(changes: &[(&'a str, Option<&'a str>)]) -> Vec<(&'a str, &'a str)> {
    let changed = |key: &str| changes.iter().any(|(changed, _)| *changed == key);
    let kept = RIGHT.iter().filter(|(key, _)| !changed(key)).copied();
    kept.chain(changes.iter().filter_map(|(key, value)| Some((*key, (*value)?)))).collect()
}

/// Returns what of the configuration must not be shown by any message.
pub(super) fn shows_no_secret(output: &Output) {
    for secret in ["c0ffee5a", "canaryAppSecret", "canaryToken", "canaryAesKey", "canaryWrong"] {
        assert!(!output.stderr.contains(secret) && !output.stdout.contains(secret), "{secret}: {output:?}");
    }
}
