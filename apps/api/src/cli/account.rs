//! `saoma account`: finds, shows and changes accounts, on the database of the configuration and by the rules of the service.

use clap::{Args, Subcommand};
use saoma_api::{
    domain::{
        account::AccountId,
        actor::Actor,
        ports::MergeId,
        services::{ActedBy, ChangeDraft, SearchDraft, ServiceError},
        session::SessionId,
    },
    operator::{Operator, why_refused},
};

use super::{command_error::CommandError, config_file::ConfigFile, output::say};

/// How many accounts `find` lists.
const LISTED: u32 = 200;

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    file: ConfigFile,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Finds accounts, one line of JSON each; without anything to look for, the first 200
    Find(Search),
    /// Shows an account as JSON
    Show { id: String },
    /// Disables an account and ends its sessions
    Disable {
        id: String,
        /// Why; shown by `show` and the site API
        #[arg(long)]
        reason: Option<String>,
    },
    /// Enables an account again
    Enable { id: String },
    /// Lists the sessions of an account, one line of JSON each, or ends them
    Sessions {
        id: String,
        /// Ends this session
        #[arg(long, value_name = "SESSION")]
        end: Option<String>,
        /// Ends all of them
        #[arg(long, conflicts_with = "end")]
        end_all: bool,
    },
    /// Erases an account and everything that says whose it was
    Erase {
        id: String,
        /// Says that this is meant: it cannot be undone
        #[arg(long)]
        yes: bool,
    },
    /// Prints all that is kept of an account's person as JSON
    Export { id: String },
    /// Merges an account into another one, or undoes that
    Merge {
        /// The account that stays; with --undo the merge
        id: String,
        /// The account that is merged into it
        #[arg(required_unless_present = "undo")]
        from: Option<String>,
        /// Only says what would happen
        #[arg(long)]
        dry_run: bool,
        /// Undoes a merge of the last seven days
        #[arg(long, conflicts_with_all = ["from", "dry_run"])]
        undo: bool,
    },
}

#[derive(Args)]
struct Search {
    #[arg(long)]
    phone: Option<String>,
    #[arg(long)]
    openid: Option<String>,
    /// The app of the openid
    #[arg(long, requires = "openid")]
    app: Option<String>,
    #[arg(long)]
    unionid: Option<String>,
    #[arg(long)]
    external_id: Option<String>,
}

/// Runs a command about accounts.
pub(super) async fn account(options: &Options) -> Result<(), CommandError> {
    let config = options.file.load()?;
    if let Command::Erase { yes: false, .. } = options.command {
        return Err(CommandError::Misused("erasing cannot be undone: say --yes".to_owned()));
    }
    let connected = Operator::connect(&config).await;
    let operator = connected.map_err(|error| CommandError::from(error).in_file(options.file.path()))?;
    run(&operator, &options.command).await
}

async fn run(operator: &Operator, command: &Command) -> Result<(), CommandError> {
    let people = operator.people();
    match command {
        Command::Find(search) => find(operator, search).await,
        Command::Show { id } => {
            let person = people.person(account_id(id)?, &ActedBy::operator()).await.map_err(refused)?;
            say(&operator.account_json(&person));
            Ok(())
        }
        Command::Disable { id, reason } => change(operator, id, true, reason.clone()).await,
        Command::Enable { id } => change(operator, id, false, None).await,
        Command::Sessions { id, end, end_all } => sessions(operator, id, end.as_deref(), *end_all).await,
        Command::Erase { id, .. } => {
            people.erase(account_id(id)?, Actor::Operator).await.map_err(refused)?;
            say(&format!("account {id} is erased"));
            Ok(())
        }
        Command::Export { id } => {
            let export = people.export(account_id(id)?, Actor::Operator).await.map_err(refused)?;
            say(&operator.export_json(export));
            Ok(())
        }
        Command::Merge { id, undo: true, .. } => {
            let unknown = || CommandError::Misused(format!("`{id}` is no merge's id"));
            let merge = MergeId::parse(id).ok_or_else(unknown)?;
            let again = people.undo_merge(merge, Actor::Operator).await.map_err(refused)?;
            say(&format!("account {} is its own again", again.account.id));
            Ok(())
        }
        Command::Merge { id, from, dry_run, .. } => {
            let (into, from) = (account_id(id)?, account_id(from.as_deref().unwrap_or_default())?);
            let merge = people.merge(into, from, *dry_run, Actor::Operator).await.map_err(refused)?;
            say(&operator.merge_json(&merge));
            Ok(())
        }
    }
}

async fn find(operator: &Operator, search: &Search) -> Result<(), CommandError> {
    let Search { phone, openid, app, unionid, external_id } = search;
    let search = SearchDraft {
        phone: phone.clone(),
        openid: openid.clone(),
        app: app.clone(),
        unionid: unionid.clone(),
        external_id: external_id.clone(),
    };
    let people = operator.people();
    let found = match people.find(&search, &ActedBy::operator()).await.map_err(refused)? {
        Some(found) => found,
        None => people.list(None, LISTED, &ActedBy::operator()).await.map_err(refused)?,
    };
    for person in &found {
        say(&operator.account_json(person));
    }
    Ok(())
}

async fn change(
    operator: &Operator,
    id: &str,
    disabled: bool,
    reason: Option<String>,
) -> Result<(), CommandError> {
    let draft = ChangeDraft { disabled: Some(disabled), reason, ..ChangeDraft::default() };
    let person = operator.people().change(account_id(id)?, &draft, Actor::Operator).await.map_err(refused)?;
    say(&operator.account_json(&person));
    Ok(())
}

async fn sessions(
    operator: &Operator,
    id: &str,
    end: Option<&str>,
    end_all: bool,
) -> Result<(), CommandError> {
    let (people, id) = (operator.people(), account_id(id)?);
    if end_all {
        let ended = people.end_sessions(id, Actor::Operator).await.map_err(refused)?;
        say(&format!("{ended} sessions are over"));
        return Ok(());
    }
    if let Some(session) = end {
        let unknown = || CommandError::Failed("the account has no session of this id".to_owned());
        let session = SessionId::parse(session).ok_or_else(unknown)?;
        let ended = people.end_session(id, session, Actor::Operator).await.map_err(refused)?;
        return if ended { Ok(()) } else { Err(unknown()) };
    }
    for session in people.sessions(id, &ActedBy::operator()).await.map_err(refused)? {
        say(&operator.session_json(&session));
    }
    Ok(())
}

fn account_id(text: &str) -> Result<AccountId, CommandError> {
    AccountId::parse(text).ok_or_else(|| CommandError::Misused(format!("`{text}` is no account's id")))
}

fn refused(error: ServiceError) -> CommandError {
    CommandError::Failed(why_refused(error))
}
