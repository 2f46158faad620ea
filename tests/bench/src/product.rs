//! The service as a process.

use std::{
    fs::File,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    http::{self, Connection},
    logins::KEY,
    scans::{AES_KEY, APP_ID, TOKEN},
    site_api, wechat,
};

/// How long it may take to start, in tries of [`PAUSE`].
const TRIES: usize = 1000;
const PAUSE: Duration = Duration::from_millis(20);

/// A running service, which is killed when this is dropped.
pub(crate) struct Product {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) admin: SocketAddr,
    /// Its log, and its files where it keeps some.
    directory: TempDir,
}

impl Product {
    /// Starts the service beside these stores, with further keys of its configuration.
    pub(crate) async fn start(program: &Path, stores: &Urls, more: &[(&str, &str)]) -> Self {
        let directory = directory();
        let log = directory.path().join("log");
        let (output, database) = (File::create(&log).unwrap(), stores.database.clone());
        let database =
            database.unwrap_or_else(|| format!("sqlite://{}", sqlite_file(directory.path()).display()));
        let settings = [
            ("server.listen", "127.0.0.1:0"),
            ("server.admin_listen", "127.0.0.1:0"),
            ("server.public_url", "http://127.0.0.1"),
            ("server.key", KEY),
            ("store.url", &stores.store),
            ("database.url", &database),
            ("wechat.api_base", &stores.wechat),
            ("wechat.apps.0.name", "main"),
            ("wechat.apps.0.kind", "official_account"),
            ("wechat.apps.0.app_id", APP_ID),
            ("wechat.apps.0.secret", "bench-secret"),
            ("wechat.apps.0.token", TOKEN),
            ("wechat.apps.0.encoding_aes_key", AES_KEY),
            ("wechat.apps.0.open_account", ""),
            ("login.qr_ttl_s", "1800"),
            ("limits.logins_per_ip_burst", "0"),
            ("limits.logins_per_ip_per_min", "0"),
            ("limits.logins_per_network_per_min", "0"),
            ("limits.logins_per_day", "0"),
            ("sms.provider", "webhook"),
            ("sms.url", &format!("{}{}", stores.wechat, wechat::SMS)),
            ("limits.sms_per_phone_gap_s", "0"),
            ("limits.sms_per_phone_hour", "0"),
            ("limits.sms_per_phone_day", "0"),
            ("limits.sms_per_ip_hour", "0"),
            ("limits.sms_per_ip_day", "0"),
            ("limits.sms_per_login", "0"),
            ("limits.sms_per_identity_day", "0"),
            ("limits.sms_tries_per_phone_day", "0"),
            ("limits.sms_per_day", "0"),
            ("limits.tokens_per_session_per_min", "0"),
            ("tokens.0.audience", "bench"),
            ("admin.keys.0.name", "bench"),
            ("admin.keys.0.sha256", &site_api::key_hash()),
            ("admin.keys.0.scopes", "accounts:read"),
            ("limits.waits_per_ip", "0"),
            ("limits.connections_per_ip", "0"),
        ];
        let variable = |key: &str| format!("SAOMA__{}", key.to_uppercase().replace('.', "__"));
        let child = Command::new(program)
            .arg("serve")
            .envs(settings.iter().chain(more).map(|(key, value)| (variable(key), value)))
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(output)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut product =
            Self { child, address: ([127, 0, 0, 1], 0).into(), admin: ([127, 0, 0, 1], 0).into(), directory };
        (product.address, product.admin) = product.addresses(&log).await;
        product
    }

    /// Returns the id of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Returns the file of its SQLite database.
    pub(crate) fn sqlite(&self) -> PathBuf {
        sqlite_file(self.directory.path())
    }

    /// Returns once so many clients wait.
    pub(crate) async fn waiting(&self, clients: usize) {
        let line = format!("\nsaoma_waiting_clients {clients}\n");
        let asked = http::request("GET", "/metrics", &format!("Host: {}\r\n", self.admin), "");
        // The operator's listener knows itself by its own address only.
        let asked = String::from_utf8(asked).unwrap().replacen("Host: 127.0.0.1\r\n", "", 1).into_bytes();
        for _ in 0..TRIES {
            let mut connection = Connection::open(self.admin).await.unwrap();
            let answer = connection.exchange(&asked).await.unwrap();
            if http::find(answer.body, line.as_bytes()).is_some() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("there are never {clients} clients that wait");
    }

    /// Waits until the service says in its log where it listens.
    async fn addresses(&mut self, log: &Path) -> (SocketAddr, SocketAddr) {
        for _ in 0..TRIES {
            let said = std::fs::read_to_string(log).unwrap();
            let found = said.lines().find_map(|line| {
                Some((value(line, "\"server.listen\":\"")?, value(line, "\"server.admin_listen\":\"")?))
            });
            if let Some(found) = found {
                return found;
            }
            assert!(self.child.try_wait().unwrap().is_none(), "the service ended at its start:\n{said}");
            tokio::time::sleep(PAUSE).await;
        }
        panic!("the service never listens");
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where the stores of a service are, and the simulated WeChat.
#[derive(Clone)]
pub(crate) struct Urls {
    pub(crate) store: String,
    /// Without one the service has an SQLite file of its own.
    pub(crate) database: Option<String>,
    pub(crate) wechat: String,
}

/// Makes a directory on a disk: where temporary files usually are, there may be none.
fn directory() -> TempDir {
    let beside = std::env::current_exe().unwrap();
    tempfile::Builder::new().prefix("bench-").tempdir_in(beside.parent().unwrap()).unwrap()
}

fn sqlite_file(directory: &Path) -> PathBuf {
    directory.join("saoma.db")
}

fn value(line: &str, before: &str) -> Option<SocketAddr> {
    line.split_once(before)?.1.split_once('"')?.0.parse().ok()
}
