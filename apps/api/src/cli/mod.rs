//! The command line. Exit codes: 0, 1 it failed, 2 the configuration or the arguments are wrong.

#[cfg(feature = "demo")]
mod demo;
mod logging;
mod signals;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use saoma_api::{
    Adapters, ConnectError, Server, ServerError,
    config::{Config, ConfigError},
};

const FAILED: u8 = 1;
const MISUSED: u8 = 2;

/// Login with WeChat: scan, follow, logged in.
#[derive(Parser)]
#[command(name = "saoma", version, after_help = "Try it without any account: saoma demo")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the API
    Serve(ConfigFile),
    /// Serves the API together with a simulated WeChat; needs no account and nothing else
    #[cfg(feature = "demo")]
    Demo(demo::Options),
    /// Brings the database's tables up to date
    Migrate(ConfigFile),
    /// Reads the configuration, tries every part and says what is wrong
    Check(ConfigFile),
    /// Prints the description of the HTTP API (OpenAPI) as JSON
    Openapi,
}

#[derive(clap::Args)]
struct ConfigFile {
    /// The configuration; without it `saoma.toml` if there is one, and the environment (`SAOMA__SECTION__KEY`)
    #[arg(long)]
    config: Option<PathBuf>,
}

impl ConfigFile {
    /// Returns the file to read: the one that was named, or `saoma.toml` if there is one.
    fn path(&self) -> Option<&Path> {
        let default = Path::new("saoma.toml");
        self.config.as_deref().or_else(|| default.exists().then_some(default))
    }
}

/// Why a command ended otherwise than well.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Misused(String),
    #[error(transparent)]
    Listen(#[from] ServerError),
    #[error("{0}")]
    Failed(String),
}

impl Failure {
    /// Adds in which file the key stands that the message names.
    fn of(self, file: &ConfigFile) -> Self {
        match (self, file.path()) {
            (Self::Misused(message), Some(path)) => Self::Misused(format!("{}: {message}", path.display())),
            (Self::Listen(error), Some(path)) => Self::Misused(format!("{}: {error}", path.display())),
            (other, _) => other,
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Misused(error.to_string())
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        match error {
            // The configuration may well be right, and another try succeed.
            ConnectError::Database(saoma_db::ConnectError::NoConnection { .. })
            | ConnectError::Migration(_) => Self::Failed(error.to_string()),
            ConnectError::Store(_)
            | ConnectError::Database(_)
            | ConnectError::Wechat(_)
            | ConnectError::Sms(_) => Self::Misused(error.to_string()),
        }
    }
}

pub(crate) async fn run() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve(file) => serve(&file).await,
        #[cfg(feature = "demo")]
        Command::Demo(options) => demo::run(options).await,
        Command::Migrate(file) => migrate(&file).await,
        Command::Check(file) => check(&file).await,
        Command::Openapi => {
            say(saoma_api::openapi_json());
            Ok(())
        }
    };
    let (message, code) = match done {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Misused(message)) => (message, MISUSED),
        Err(Failure::Listen(error)) => (error.to_string(), MISUSED),
        Err(Failure::Failed(message)) => (message, FAILED),
    };
    complain(&message);
    ExitCode::from(code)
}

fn load(file: &ConfigFile) -> Result<Config, Failure> {
    let utf8 = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    let config = Config::load(file.path(), std::env::vars_os().filter_map(utf8));
    config.map_err(|error| match file.path() {
        Some(_) => Failure::from(error),
        None => Failure::Misused(format!(
            "{error}\nthere is no saoma.toml here; to try saoma without one: saoma demo"
        )),
    })
}

async fn serve(file: &ConfigFile) -> Result<(), Failure> {
    let config = load(file)?;
    logging::start();
    let server = start(config).await.map_err(|failure| failure.of(file))?;
    server.run(signals::told_to_stop()).await.map_err(|error| Failure::Failed(error.to_string()))
}

/// Connects and binds everything, so that what is wrong is said before anybody is served.
async fn start(config: Config) -> Result<Server, Failure> {
    let adapters = Adapters::connect(&config).await?;
    if config.wechat.apps.is_empty() {
        tracing::warn!("wechat.apps: no app is configured, so nobody can log in");
    }
    let page = config.server.public_url.join("/login").map_or_else(|_| String::new(), String::from);
    let saoma = saoma_api::build(config, adapters);
    let server = Server::bind(saoma)?;
    let (public, admin) = server.addresses().map_err(|error| Failure::Failed(error.to_string()))?;
    tracing::info!(
        server.listen = %public,
        server.admin_listen = %admin,
        "listening on {public}; the login page is at {page}"
    );
    Ok(server)
}

async fn migrate(file: &ConfigFile) -> Result<(), Failure> {
    let config = load(file)?;
    let applied = saoma_api::migrate(&config).await.map_err(|error| Failure::from(error).of(file))?;
    if applied.is_empty() {
        say("the tables are up to date");
    }
    for change in applied {
        say(&format!("applied {change}"));
    }
    Ok(())
}

async fn check(file: &ConfigFile) -> Result<(), Failure> {
    let config = load(file)?;
    say("ok    every key of the configuration");
    let findings = saoma_api::check(&config).await;
    let mut wrong = 0;
    for finding in &findings {
        match &finding.outcome {
            Ok(fine) => say(&format!("ok    {}: {fine}", finding.key)),
            Err(problem) => {
                wrong += 1;
                say(&format!("wrong {}: {problem}", finding.key));
            }
        }
    }
    match wrong {
        0 => Ok(()),
        1 => Err(Failure::Failed("one part does not work".to_owned())),
        parts => Err(Failure::Failed(format!("{parts} parts do not work"))),
    }
}

#[expect(clippy::print_stdout, reason = "what a command was asked for goes to the standard output")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "a command line complains on standard error")]
fn complain(text: &str) {
    eprintln!("saoma: {text}");
}
