//! `saoma funnel`

use saoma_api::{
    Adapters,
    domain::{
        ports::{FunnelPeriod, LoginStep},
        time::Timestamp,
    },
};

use super::{command_error::CommandError, config_file::ConfigFile, output::say};

const DAY_SECS: i64 = 24 * 60 * 60;

/// What `saoma funnel` takes.
#[derive(clap::Args)]
pub(super) struct FunnelOptions {
    #[command(flatten)]
    file: ConfigFile,
    /// Of so many days up to now
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=400))]
    days: u16,
}

/// Shows how many logins took which step, by app, channel and purpose.
pub(super) async fn funnel(options: &FunnelOptions) -> Result<(), CommandError> {
    let config = options.file.load()?;
    let adapters = Adapters::connect(&config).await;
    let adapters = adapters.map_err(|error| CommandError::from(error).in_file(options.file.path()))?;
    let now = adapters.ports.clock.now().as_secs();
    let from = (now / DAY_SECS - i64::from(options.days) + 1) * DAY_SECS;
    let (from, to) = (Timestamp::from_secs(from), Timestamp::from_secs(now + 1));
    let counts = adapters.funnel.counts(FunnelPeriod::Day, from, to).await;
    let counts = counts.map_err(|error| CommandError::Failed(error.to_string()))?;
    if counts.is_empty() {
        say("no login was started in this time");
    }
    let mut groups: Vec<_> =
        counts.iter().map(|count| (&count.app, &count.channel, &count.purpose)).collect();
    groups.sort();
    groups.dedup();
    for (app, channel, purpose) in groups {
        let of = |step: LoginStep| -> u64 {
            let is_theirs = |count: &&saoma_api::domain::ports::FunnelCount| {
                (&count.app, &count.channel, &count.purpose) == (app, channel, purpose) && count.step == step
            };
            counts.iter().filter(is_theirs).map(|count| count.count).sum()
        };
        let steps: Vec<_> =
            LoginStep::ALL.iter().map(|step| format!("{} {}", step.as_str(), of(*step))).collect();
        say(&format!("{app} {channel} {purpose}: {}", steps.join(", ")));
    }
    Ok(())
}
