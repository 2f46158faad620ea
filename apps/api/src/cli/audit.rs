//! `saoma audit tail`, `saoma audit verify`

use saoma_api::domain::ports::{AuditDamage, AuditFilter, AuditTrail};

use super::{
    command_error::CommandError,
    config_file::ConfigFile,
    output::{complain, say},
};

#[derive(clap::Subcommand)]
pub(super) enum AuditCommand {
    /// Shows the youngest records of the audit trail, the youngest last
    Tail {
        #[command(flatten)]
        file: ConfigFile,
        /// How many
        #[arg(short = 'n', long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        lines: u32,
        /// Those of one account
        #[arg(long)]
        account: Option<String>,
    },
    /// Looks whether a record was changed, removed, inserted or moved
    Verify(ConfigFile),
}

/// Runs a command on the audit trail.
pub(super) async fn audit(command: AuditCommand) -> Result<(), CommandError> {
    match command {
        AuditCommand::Tail { file, lines, account } => tail(&file, lines, account.as_deref()).await,
        AuditCommand::Verify(file) => verify(&file).await,
    }
}

async fn tail(file: &ConfigFile, lines: u32, account: Option<&str>) -> Result<(), CommandError> {
    let account = account.map(|id| {
        let wrong = || CommandError::Misused(format!("`{id}` is not the id of an account"));
        saoma_api::domain::account::AccountId::parse(id).ok_or_else(wrong)
    });
    let filter = AuditFilter { account: account.transpose()?, kind: None };
    let records = open(file).await?.records(filter, None, lines).await;
    let records = records.map_err(|error| CommandError::Failed(error.to_string()))?;
    records.iter().rev().for_each(|record| say(&saoma_api::audit_line(record)));
    Ok(())
}

async fn verify(file: &ConfigFile) -> Result<(), CommandError> {
    let looked = open(file).await?.verify_chain().await;
    let (records, damages) = looked.map_err(|error| CommandError::Failed(error.to_string()))?;
    if damages.is_empty() {
        say(&format!("{records} records, and the chain is whole"));
        return Ok(());
    }
    damages.iter().for_each(|damage| complain(&describe(*damage)));
    Err(CommandError::Failed(format!("{records} records, and the chain is broken")))
}

fn describe(damage: AuditDamage) -> String {
    match damage {
        AuditDamage::Changed(seq) => format!("record {seq} was changed, or another one was put in its place"),
        AuditDamage::Missing(from, to) if from == to => format!("record {from} is missing"),
        AuditDamage::Missing(from, to) => format!("records {from} to {to} are missing"),
        AuditDamage::Foreign(seq) => format!("record {seq} stands behind the head of the chain"),
        AuditDamage::Head => "the head of the chain is not that of its last record".to_owned(),
    }
}

async fn open(file: &ConfigFile) -> Result<std::sync::Arc<dyn AuditTrail>, CommandError> {
    let config = file.load()?;
    let opened = saoma_api::open_audit_trail(&config).await;
    opened.map_err(|error| CommandError::from(error).in_file(file.path()))
}
