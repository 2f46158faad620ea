//! `saoma event list`, `show`, `replay`: what WeChat told, and what it led to.

use saoma_api::{
    Adapters, Replayed,
    domain::{
        journal::{JournalFilter, JournalId},
        login::{Login, LoginState},
        ports::{AuditEntry, AuditKind},
        time::Timestamp,
        wechat::{AppName, OpenId},
    },
};

use super::{command_error::CommandError, config_file::ConfigFile, output::say};

/// How many entries of an account's trail are looked through for a session.
const TRAIL: u32 = 100_000;

#[derive(clap::Subcommand)]
pub(super) enum EventCommand {
    /// Lists what WeChat told, the newest first
    List {
        #[command(flatten)]
        file: ConfigFile,
        /// Of one person
        #[arg(long)]
        openid: Option<String>,
        /// Of one app
        #[arg(long)]
        app: Option<String>,
        /// With one outcome, such as `expired`
        #[arg(long)]
        outcome: Option<String>,
        /// How many
        #[arg(short = 'n', long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        lines: u32,
    },
    /// Shows one event, and how its login stands
    Show {
        #[command(flatten)]
        file: ConfigFile,
        /// The event's id
        id: String,
    },
    /// Takes an event again as if it came now, and says what it led to
    Replay {
        #[command(flatten)]
        file: ConfigFile,
        /// The event's id
        id: String,
        /// Only say what it would lead to
        #[arg(long)]
        dry_run: bool,
    },
}

/// Runs a command on the journal.
pub(super) async fn event(command: EventCommand) -> Result<(), CommandError> {
    match command {
        EventCommand::List { file, openid, app, outcome, lines } => {
            let app = app.map(|app| AppName::parse(app).map_err(|error| misused(&error))).transpose()?;
            let openid = openid.map(|id| OpenId::parse(id).map_err(|error| misused(&error))).transpose()?;
            list(&file, JournalFilter { app, openid, outcome, login: None }, lines).await
        }
        EventCommand::Show { file, id } => show(&file, &id).await,
        EventCommand::Replay { file, id, dry_run } => replay(&file, &id, dry_run).await,
    }
}

async fn list(file: &ConfigFile, filter: JournalFilter, lines: u32) -> Result<(), CommandError> {
    let (_, adapters) = open(file).await?;
    let entries = adapters.journal.list_entries(filter, None, lines).await.map_err(|error| failed(&error))?;
    if entries.is_empty() {
        say("the journal has no such event");
    }
    for entry in entries {
        let login = entry.login.map(|login| format!(" login {login}")).unwrap_or_default();
        say(&format!(
            "{} {} {} {} {} → {}{login}",
            entry.id,
            saoma_api::rfc3339(entry.received_at),
            entry.app,
            entry.openid,
            entry.kind,
            entry.outcome
        ));
    }
    Ok(())
}

async fn show(file: &ConfigFile, id: &str) -> Result<(), CommandError> {
    let (_, adapters) = open(file).await?;
    let entry = adapters.journal.find_entry(parse(id)?).await.map_err(|error| failed(&error))?;
    let entry =
        entry.ok_or_else(|| CommandError::Failed("the journal has no event of this id".to_owned()))?;
    let line = |name: &str, value: &str| say(&format!("{name:<12}{value}"));
    line("came", &format!("{} to node {}", saoma_api::rfc3339(entry.received_at), entry.node));
    line("happened", &saoma_api::rfc3339(entry.told_at));
    line("app", entry.app.as_str());
    line("openid", entry.openid.as_str());
    line("kind", &entry.kind);
    line("about", entry.key.as_deref().unwrap_or("-"));
    if let Some(number) = &entry.msg_id {
        line("message", number);
    }
    if entry.kind == "text" {
        line("wrote", entry.text.as_deref().unwrap_or("(not kept: journal.keep_text is off)"));
    }
    line("led to", &format!("{} after {} ms", entry.outcome, entry.took_ms));
    let Some(login) = entry.login else { return Ok(()) };
    line("login", &login.to_string());
    let record = adapters.ports.logins.find(login).await.map_err(|error| failed(&error))?;
    let Some(record) = record else {
        line("it is", "not scanned, or over for more than a day");
        return Ok(());
    };
    line("it is", record.login.state.name());
    line("its client", &told_to_client(&adapters, &record.login, entry.received_at).await?);
    Ok(())
}

/// Says what the client of a login is told, and when it got its session.
async fn told_to_client(
    adapters: &Adapters,
    login: &Login,
    came_at: Timestamp,
) -> Result<String, CommandError> {
    let at = saoma_api::rfc3339;
    Ok(match login.state {
        LoginState::Loop { deadline } => format!("waits for a scan until {}", at(deadline)),
        LoginState::Scanned { deadline, .. } => {
            format!("waits for the phone, which is asked until {}", at(deadline))
        }
        LoginState::Unregistered { deadline, .. } => {
            format!("asks for a phone number until {}", at(deadline))
        }
        LoginState::Expired { reason, since } => format!("is told `{}` since {}", reason.as_str(), at(since)),
        LoginState::Registered { account, collect_by, .. } => {
            let entries =
                adapters.ports.audit.entries(account, TRAIL).await.map_err(|error| failed(&error))?;
            let is_session = |entry: &&AuditEntry| {
                entry.login == Some(login.id) && entry.kind == AuditKind::SessionCreated
            };
            match entries.iter().find(is_session) {
                Some(got) => {
                    let later = got.at.saturating_duration_since(came_at).as_millis();
                    format!("got its session at {}, {later} ms after this", at(got.at))
                }
                None => format!("has not asked for its session, which it can until {}", at(collect_by)),
            }
        }
    })
}

async fn replay(file: &ConfigFile, id: &str, dry_run: bool) -> Result<(), CommandError> {
    let (config, adapters) = open(file).await?;
    let id = parse(id)?;
    let replayed = saoma_api::build(config, adapters).events().replay(id, dry_run).await;
    let replayed = replayed.map_err(|error| failed(&error))?;
    let Some(replayed) = replayed else {
        return Err(CommandError::Failed("the journal has no event of this id".to_owned()));
    };
    match (replayed.detail, replayed.outcome) {
        (Some(why), Replayed::NOT_REPLAYABLE) => {
            Err(CommandError::Failed(format!("the event cannot be taken again: {why}")))
        }
        (Some(detail), outcome) => {
            say(&format!("would lead to {outcome}: {detail}; nothing was sent"));
            Ok(())
        }
        (None, outcome) => {
            say(&format!("{} to {outcome}", if dry_run { "would lead" } else { "led" }));
            Ok(())
        }
    }
}

async fn open(file: &ConfigFile) -> Result<(saoma_api::config::Config, Adapters), CommandError> {
    let config = file.load()?;
    let adapters = Adapters::connect(&config).await;
    let adapters = adapters.map_err(|error| CommandError::from(error).in_file(file.path()))?;
    Ok((config, adapters))
}

fn parse(id: &str) -> Result<JournalId, CommandError> {
    JournalId::parse(id).ok_or_else(|| CommandError::Misused(format!("`{id}` is not the id of an event")))
}

fn misused(error: &impl std::fmt::Display) -> CommandError {
    CommandError::Misused(error.to_string())
}

fn failed(error: &impl std::fmt::Display) -> CommandError {
    CommandError::Failed(error.to_string())
}
