//! The command line. Exit codes: 0, 1 it failed, 2 the configuration or the arguments are wrong.

mod account;
mod admin_key;
mod check;
mod command_error;
mod config_file;
#[cfg(feature = "demo")]
mod demo;
mod import;
mod logging;
mod migrate;
mod output;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use account::account;
use admin_key::new_admin_key;
use check::check;
use command_error::CommandError;
use config_file::ConfigFile;
use import::import;
use migrate::migrate;
use output::{complain, say};
use serve::serve;

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
    /// Makes a new key
    Key {
        /// For the site API: prints the key, which goes to the system that calls, and the line for `[[admin.keys]]`
        #[arg(long, required = true)]
        admin: bool,
    },
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
        Command::Serve(file) => serve(&file).await,
        #[cfg(feature = "demo")]
        Command::Demo(options) => demo::run(options).await,
        Command::Migrate(file) => migrate(&file).await,
        Command::Check(file) => check(&file).await,
        Command::Key { .. } => {
            let (key, line) = new_admin_key();
            say(&format!("{key}\n{line}"));
            Ok(())
        }
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
