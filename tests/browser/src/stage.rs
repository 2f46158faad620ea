//! The service and a simulated WeChat, in this process.

use std::net::{Ipv4Addr, TcpListener};

use saoma_api::{Adapters, Server, build, config::Config};
use saoma_sandbox::{OfficialAccount, Person, Sandbox, SandboxConfig};
use secrecy::ExposeSecret;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// A service with its WeChat; both end when it is dropped.
pub struct Stage {
    /// Where the login page and the API are.
    pub url: String,
    /// The simulated WeChat.
    pub sandbox: Sandbox,
    settings: Vec<(String, String)>,
    stop: Option<oneshot::Sender<()>>,
    served: Option<std::thread::JoinHandle<()>>,
    _files: TempDir,
}

impl Stage {
    /// Starts both with the defaults of the contract, but for these keys of the configuration.
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        // Whatever the sandbox and the service call needs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let files = tempfile::tempdir().unwrap();
        let port = free_port();
        let url = format!("http://127.0.0.1:{port}");
        let mut account = OfficialAccount::demo();
        account.callback_url = format!("{url}/wechat/main/callback").parse().ok();
        let sandbox = Sandbox::start(SandboxConfig::with_account(account.clone())).await.unwrap();
        let wechat = sandbox.base_url();
        let mut all = [
            ("server.listen", format!("127.0.0.1:{port}")),
            ("server.admin_listen", "127.0.0.1:0".to_owned()),
            ("server.public_url", url.clone()),
            ("server.key", "5a".repeat(32)),
            ("database.url", format!("sqlite://{}", files.path().join("saoma.db").display())),
            ("wechat.api_base", wechat.clone()),
            ("wechat.open_base", wechat.clone()),
            ("wechat.mp_base", wechat),
            ("wechat.apps.0.name", account.name.clone()),
            ("wechat.apps.0.kind", "official_account".to_owned()),
            ("wechat.apps.0.app_id", account.app_id.clone()),
            ("wechat.apps.0.secret", account.secret.expose_secret().to_owned()),
            ("wechat.apps.0.token", account.token.expose_secret().to_owned()),
            ("wechat.apps.0.encoding_aes_key", account.encoding_aes_key.expose_secret().to_owned()),
            ("sms.provider", "webhook".to_owned()),
            ("sms.url", sandbox.sms_webhook_url()),
            ("limits.sms_per_phone_gap_s", "5".to_owned()),
        ]
        .map(|(key, value)| (variable(key), value))
        .to_vec();
        all.extend(settings.iter().map(|(key, value)| (variable(key), (*value).to_owned())));
        let mut stage = Self { url, sandbox, settings: all, stop: None, served: None, _files: files };
        stage.go_on().await;
        stage
    }

    /// Stops the service as `SIGTERM` does; WeChat goes on.
    pub async fn pause(&mut self) {
        self.stop = None;
        let served = self.served.take();
        tokio::task::spawn_blocking(move || served.map(std::thread::JoinHandle::join)).await.unwrap();
    }

    /// Starts the service again on the same address and files.
    pub async fn go_on(&mut self) {
        let config = Config::load(None, self.settings.clone()).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, is_ready) = oneshot::channel();
        // A runtime of its own, so that a test that is busy does not slow the service down.
        self.served = Some(std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let adapters = Adapters::connect(&config).await.unwrap();
                let server = Server::bind(build(config, adapters)).unwrap();
                let _ = ready.send(());
                server.run(async { drop(stopped.await) }).await.unwrap();
            });
        }));
        self.stop = Some(stop);
        is_ready.await.expect("the service starts");
    }

    /// Returns a person of this WeChat, with a phone number of their own.
    pub fn person(&self, name: &str) -> Person {
        self.sandbox.person(name).unwrap()
    }

    /// Returns the address of a page of the service.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

fn variable(key: &str) -> String {
    format!("SAOMA__{}", key.to_uppercase().replace('.', "__"))
}

/// Returns a port that was free just now: the service has to know its own address before it listens.
fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}
