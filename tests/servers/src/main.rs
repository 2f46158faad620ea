//! Runs a command beside throw-away servers: `saoma-servers exec --with postgres,mariadb -- <command…>`.
//!
//! The command finds the servers by the variables `SAOMA_TEST_<SERVER>_URL`. The exit code is the command's;
//! 2 means that it could not be run, 143 that a signal ended it and this.

use std::{
    io::Write,
    process::{ExitCode, ExitStatus},
};

use saoma_servers::{Error, MariaDb, Postgres};
use tokio::{
    process::{Child, Command},
    signal::unix::{SignalKind, signal},
};

const USAGE: &str = "usage: saoma-servers exec --with <server>[,<server>…] -- <command> [<argument>…]\n\
    servers: postgres, mariadb";

/// The code of a process that SIGTERM has ended, as shells have it.
const TERMINATED: u8 = 143;

/// What can be asked for.
#[derive(Clone, Copy)]
enum Kind {
    Postgres,
    MariaDb,
}

impl Kind {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "postgres" => Some(Self::Postgres),
            "mariadb" => Some(Self::MariaDb),
            _ => None,
        }
    }
}

/// A server to keep for as long as the command runs.
enum Server {
    Postgres(Postgres),
    MariaDb(MariaDb),
}

impl Server {
    async fn start(kind: Kind) -> Result<Self, Error> {
        match kind {
            Kind::Postgres => Postgres::start().await.map(Self::Postgres),
            Kind::MariaDb => MariaDb::start().await.map(Self::MariaDb),
        }
    }

    /// Returns the variable that tells the command of the server, and its value.
    fn variable(&self) -> (&'static str, String) {
        match self {
            Self::Postgres(server) => ("SAOMA_TEST_POSTGRES_URL", server.url("saoma")),
            Self::MariaDb(server) => ("SAOMA_TEST_MARIADB_URL", server.url("saoma")),
        }
    }
}

struct Invocation {
    servers: Vec<Kind>,
    program: String,
    arguments: Vec<String>,
}

impl Invocation {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut expect = |word: &str| arguments.next().filter(|given| given == word).map(drop);
        expect("exec")?;
        expect("--with")?;
        let servers = arguments.next()?.split(',').map(Kind::parse).collect::<Option<_>>()?;
        if arguments.next()? != "--" {
            return None;
        }
        Some(Self { servers, program: arguments.next()?, arguments: arguments.collect() })
    }
}

// The system ends a server with the thread that started it, so that has to be the main one.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(invocation) = Invocation::parse(std::env::args().skip(1)) else { return say(USAGE) };
    match run(&invocation).await {
        Ok(code) => ExitCode::from(code),
        Err(error) => say(&error.to_string()),
    }
}

async fn run(invocation: &Invocation) -> Result<u8, Box<dyn std::error::Error>> {
    let mut servers = Vec::new();
    let mut command = Command::new(&invocation.program);
    command.args(&invocation.arguments).kill_on_drop(true);
    for &kind in &invocation.servers {
        let server = Server::start(kind).await?;
        let (variable, value) = server.variable();
        command.env(variable, value);
        servers.push(server);
    }
    let cannot = |error| format!("`{}` cannot be run: {error}", invocation.program);
    let code = wait(command.spawn().map_err(cannot)?).await?;
    drop(servers);
    Ok(code)
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

/// Says why there is nothing to run, and returns the code for that.
fn say(what: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{what}");
    ExitCode::from(2)
}
