//! `saoma-servers exec --with <servers> -- <command…>`: runs a command beside throw-away servers.
//!
//! The exit code is the command's; 2 means that it could not be run, 143 that a signal ended it.

use std::{
    any::Any,
    io::Write,
    process::{ExitCode, ExitStatus},
};

use clap::{Parser, Subcommand, ValueEnum};
use saoma_servers::{MariaDb, Postgres, RedisCluster, RedisSentinel, RedisServer};
use tokio::{
    process::{Child, Command},
    signal::unix::{SignalKind, signal},
};

/// What `cargo run` tells a program of its package. It would be a reason for the builds of a command to start
/// over: some build scripts look at it.
const OF_CARGO_RUN: [&str; 2] = ["CARGO_MANIFEST_", "CARGO_PKG_"];

/// The code of a process that SIGTERM has ended, as shells have it.
const TERMINATED: u8 = 143;

type Failure = Box<dyn std::error::Error>;

/// Throw-away servers for tests.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Starts servers, runs a command that finds them in its environment, and stops them.
    Exec {
        /// Which servers to start.
        #[arg(long, value_delimiter = ',', required = true)]
        with: Vec<Kind>,
        /// The command and its arguments.
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// One Redis server.
    Redis,
    /// One primary, two replicas, three Sentinels.
    Sentinel,
    /// Three primaries with a replica each.
    Cluster,
    /// PostgreSQL.
    Postgres,
    /// `MariaDB`.
    Mariadb,
}

/// A server that runs until this is dropped, and what the command is told of it.
struct Running {
    name: &'static str,
    url: String,
    _guard: Box<dyn Any>,
}

impl Kind {
    fn start(self) -> Result<Running, Failure> {
        Ok(match self {
            Self::Redis => {
                let server = RedisServer::start(&[])?;
                Running::new("redis", server.url(), server)
            }
            Self::Sentinel => {
                let servers = RedisSentinel::start()?;
                servers.be_patient()?;
                Running::new("sentinel", servers.url(), servers)
            }
            Self::Cluster => {
                let cluster = RedisCluster::start()?;
                cluster.be_patient()?;
                Running::new("cluster", cluster.url(), cluster)
            }
            Self::Postgres => {
                let server = Postgres::start()?;
                Running::new("postgres", server.url("saoma"), server)
            }
            Self::Mariadb => {
                let server = MariaDb::start()?;
                Running::new("mariadb", server.url("saoma"), server)
            }
        })
    }
}

impl Running {
    fn new<G: 'static>(name: &'static str, url: String, guard: G) -> Self {
        Self { name, url, _guard: Box::new(guard) }
    }

    fn variable(&self) -> String {
        format!("SAOMA_TEST_{}_URL", self.name.to_uppercase())
    }
}

// The system ends a server with the thread that started it, so that has to be the main one.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let What::Exec { with, command } = Cli::parse().what;
    match exec(&with, &command).await {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // Nobody is left to tell when even that cannot be written.
            let _ = writeln!(std::io::stderr(), "saoma-servers: {error}");
            ExitCode::from(2)
        }
    }
}

async fn exec(with: &[Kind], words: &[String]) -> Result<u8, Failure> {
    let mut running = Vec::new();
    for kind in with {
        running.push(kind.start()?);
    }
    let names: Vec<_> = running.iter().map(|server| server.name).collect();
    let mut words = words.iter();
    let mut command = Command::new(words.next().map_or("true", String::as_str));
    command.args(words).kill_on_drop(true).env("SAOMA_TEST_SERVERS", names.join(","));
    for (name, _) in std::env::vars_os() {
        if OF_CARGO_RUN.iter().any(|beginning| name.to_string_lossy().starts_with(beginning)) {
            command.env_remove(name);
        }
    }
    command.envs(running.iter().map(|server| (server.variable(), &server.url)));
    Ok(wait(command.spawn()?).await?)
}

/// Waits for the command, or for a signal to end.
async fn wait(mut child: Child) -> std::io::Result<u8> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    tokio::select! {
        status = child.wait() => status.map(code),
        _ = terminated.recv() => Ok(TERMINATED),
        _ = interrupted.recv() => Ok(TERMINATED),
    }
}

fn code(status: ExitStatus) -> u8 {
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(TERMINATED)
}
