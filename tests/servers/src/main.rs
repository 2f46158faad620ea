//! `saoma-servers exec --with <servers> -- <command…>`: runs a command beside throw-away servers.

use std::{
    io::Write,
    process::{Command, ExitCode},
};

use clap::{Parser, Subcommand, ValueEnum};
use saoma_servers::{RedisCluster, RedisSentinel, RedisServer, ServerError};

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
        with: Vec<Server>,
        /// The command and its arguments.
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Server {
    /// One Redis server.
    Redis,
    /// One primary, two replicas, three Sentinels.
    Sentinel,
    /// Three primaries with a replica each.
    Cluster,
}

/// A server that runs until this is dropped, and what the command is told of it.
struct Running {
    name: &'static str,
    variable: &'static str,
    url: String,
    _guard: Box<dyn std::any::Any>,
}

impl Server {
    fn start(self) -> Result<Running, ServerError> {
        Ok(match self {
            Self::Redis => {
                let server = RedisServer::start(&[])?;
                Running::new("redis", "SAOMA_TEST_REDIS_URL", server.url(), server)
            }
            Self::Sentinel => {
                let servers = RedisSentinel::start()?;
                Running::new("sentinel", "SAOMA_TEST_SENTINEL_URL", servers.url(), servers)
            }
            Self::Cluster => {
                let cluster = RedisCluster::start()?;
                Running::new("cluster", "SAOMA_TEST_CLUSTER_URL", cluster.url(), cluster)
            }
        })
    }
}

impl Running {
    fn new<G: 'static>(name: &'static str, variable: &'static str, url: String, guard: G) -> Self {
        Self { name, variable, url, _guard: Box::new(guard) }
    }
}

fn main() -> ExitCode {
    let What::Exec { with, command } = Cli::parse().what;
    match exec(&with, &command) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // Nobody is left to tell when even that cannot be written.
            let _ = writeln!(std::io::stderr(), "saoma-servers: {error}");
            ExitCode::from(1)
        }
    }
}

/// Runs the command beside the servers, and returns its exit code, or 1 when a signal ended it.
fn exec(with: &[Server], command: &[String]) -> Result<u8, ServerError> {
    // All from this thread, with which they would end.
    let running = with.iter().map(|server| server.start()).collect::<Result<Vec<_>, _>>()?;
    let names: Vec<_> = running.iter().map(|server| server.name).collect();
    let mut words = command.iter();
    let mut child = Command::new(words.next().map_or("true", String::as_str));
    child.args(words).env("SAOMA_TEST_SERVERS", names.join(","));
    child.envs(running.iter().map(|server| (server.variable, &server.url)));
    let status = child
        .status()
        .map_err(|source| ServerError::Io { what: "running the command".to_owned(), source })?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}
