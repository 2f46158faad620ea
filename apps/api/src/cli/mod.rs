//! The command line. Exit codes: 0, 1 it failed, 2 the configuration or the arguments are wrong.

mod account;
mod audit;
mod check;
mod command_error;
mod config_file;
#[cfg(feature = "demo")]
mod demo;
mod errcode;
mod event;
mod funnel;
mod health;
mod import;
mod init;
mod key;
mod language;
mod logging;
mod migrate;
mod output;
mod serve;
mod trace_ids;
mod traces;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use account::account;
use audit::{AuditCommand, audit};
use check::check;
use command_error::CommandError;
use config_file::ConfigFile;
use event::{EventCommand, event};
use funnel::{FunnelOptions, funnel};
use import::import;
use migrate::migrate;
use output::{complain, say};
use serve::serve;

const FAILED: u8 = 1;
const MISUSED: u8 = 2;

/// Login with WeChat: scan, follow, logged in.
#[derive(Parser)]
#[command(
    name = "saoma",
    version,
    after_help = "Try it without any account: saoma demo\nSet it up: saoma init"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes the configuration and the key, says what to enter in WeChat's console, and then what arrives
    Init(Box<init::Options>),
    /// Serves the API
    Serve(ConfigFile),
    /// Serves the API together with a simulated WeChat; needs no account and nothing else
    #[cfg(feature = "demo")]
    Demo(demo::Options),
    /// Brings the database's tables up to date
    Migrate(ConfigFile),
    /// Reads the configuration, tries every part, and says what is wrong and what to do
    Check(check::Options),
    /// Asks the service of this machine whether it lives, for a container's health check
    Health(ConfigFile),
    /// Prints a new key for `server.key`
    Key {
        /// For the site API: prints the key, which goes to the system that calls, and the line for `[[admin.keys]]`
        #[arg(long)]
        admin: bool,
    },
    /// Says what an error code means and what to do: WeChat's, an SMS provider's, or one of our own
    Errcode(errcode::Options),
    /// Shows the audit trail, and looks whether it is whole
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Shows what WeChat told and what it led to, and takes it again
    #[command(subcommand)]
    Event(EventCommand),
    /// Shows how many logins took which step
    Funnel(FunnelOptions),
    /// Finds, shows and changes accounts
    Account(account::Options),
    /// Makes accounts for people whom the site knows already, from a file
    Import(import::Options),
    /// Prints the description of the HTTP API (OpenAPI) as JSON
    Openapi {
        /// That of the site API, which is on the operator's listener
        #[arg(long)]
        admin: bool,
    },
}

/// Runs the command that the arguments name.
pub(crate) async fn run() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Init(options) => init::init(*options).await,
        Command::Serve(file) => serve(file).await,
        #[cfg(feature = "demo")]
        Command::Demo(options) => demo::run(options).await,
        Command::Migrate(file) => migrate(&file).await,
        Command::Check(options) => check(&options).await,
        Command::Health(file) => health::health(&file).await,
        Command::Key { admin } => {
            say(&if admin { key::new_admin_key() } else { key::new_server_key() });
            Ok(())
        }
        Command::Errcode(options) => errcode::errcode(&options),
        Command::Audit(command) => audit(command).await,
        Command::Funnel(options) => funnel(&options).await,
        Command::Event(command) => event(command).await,
        Command::Account(options) => account(&options).await,
        Command::Import(options) => import(&options).await,
        Command::Openapi { admin } => {
            say(if admin { saoma_api::site_openapi_json() } else { saoma_api::openapi_json() });
            Ok(())
        }
    };
    let (message, code) = match done {
        Ok(()) => return ExitCode::SUCCESS,
        Err(CommandError::Misused(message)) => (message, MISUSED),
        Err(CommandError::Listen(error)) => (error.to_string(), MISUSED),
        Err(CommandError::Failed(message)) => (message, FAILED),
    };
    complain(&message);
    ExitCode::from(code)
}
