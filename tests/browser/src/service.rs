//! The service of a stage: in this process, or the program as an operator runs it.

use std::{env, process::Stdio, thread::JoinHandle};

use saoma_api::{Adapters, Server, build, config::Config};
use saoma_servers::eventually;
use tokio::{
    process::{Child, Command},
    sync::oneshot,
};

/// Keys of the configuration as variables of the environment.
pub(crate) type Settings = Vec<(String, String)>;

/// A running service, which ends when it is dropped.
pub(crate) enum Service {
    /// On a runtime of its own, so that a test that is busy does not slow it down.
    Inside { stop: oneshot::Sender<()>, served: JoinHandle<()> },
    /// The binary `saoma`.
    Program(Child),
}

impl Service {
    /// Starts the service in this process.
    pub(crate) async fn inside(settings: &Settings) -> Self {
        let config = Config::load(None, settings.clone()).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, is_ready) = oneshot::channel();
        let served = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let adapters = Adapters::connect(&config).await.unwrap();
                let server = Server::bind(build(config, adapters)).unwrap();
                let _ = ready.send(());
                server.run(async { drop(stopped.await) }).await.unwrap();
            });
        });
        is_ready.await.expect("the service starts");
        Self::Inside { stop, served }
    }

    /// Starts the binary, which lies above the folder of this test's own, and waits until it answers here.
    pub(crate) async fn program(settings: &Settings, url: &str) -> Self {
        let program = env::current_exe().unwrap().ancestors().nth(2).unwrap().join("saoma");
        assert!(program.is_file(), "build it first: cargo build -p saoma-api ({})", program.display());
        let mut command = Command::new(program);
        command
            .arg("serve")
            .env("RUST_LOG", "error")
            .envs(settings.iter().map(|(name, value)| (name, value)));
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        eventually("the program is ready", async || {
            let answer = reqwest::get(format!("{url}/readyz")).await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        Self::Program(child)
    }

    /// Ends it as `SIGTERM` does, and returns when it has ended.
    pub(crate) async fn end(self) {
        match self {
            Self::Inside { stop, served } => {
                drop(stop);
                let _ = tokio::task::spawn_blocking(move || served.join()).await.unwrap();
            }
            Self::Program(mut child) => {
                let id = child.id().expect("the program runs").to_string();
                assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
                child.wait().await.unwrap();
            }
        }
    }
}
