//! The table, line by line.

mod codec;
mod hot;
mod journal;
mod memory;
mod openid;
mod relay;
mod steps;
mod together;
mod wake;
mod wire;

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::{
    load,
    product::Product,
    report::{median, say},
    stores::{Beside, Stores},
};

/// A line of the table, or a few that are measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Line {
    /// A poll with its poll token.
    Poll,
    /// The check of a session by its cookie.
    Check,
    /// The question of a proxy about a session, beside that check.
    Forward,
    /// A signed token about a session.
    Token,
    /// OpenID: a code for tokens, and introspection.
    Openid,
    /// A callback that WeChat did not sign.
    Refused,
    /// Opening one encrypted event.
    Codec,
    /// The processor time of each step of a login: create, scan, poll with session, check, log out.
    Steps,
    /// What the journal costs a scan.
    Journal,
    /// Whole logins, 64 at once.
    Logins,
    /// From the scan's answer to the client's, while 1,000 wait.
    Wake,
    /// A message for the site's own system, until it is answered.
    Relay,
    /// The memory of a waiting client.
    Memory,
    /// Statements, round trips and Redis commands of a login.
    Wire,
}

/// What the lines are measured with.
pub(super) struct Bench {
    program: PathBuf,
    stores: Stores,
    rounds: usize,
}

impl Bench {
    /// Starts the service beside stores, with so many persons who have an account.
    async fn product(&self, beside: Beside, persons: u64) -> Product {
        self.stores.product(&self.program, beside, persons).await.0
    }
}

/// Measures lines, and prints them as they come.
pub(crate) async fn table(program: PathBuf, lines: Vec<Line>, rounds: usize) {
    let lines = if lines.is_empty() { Line::value_variants().to_vec() } else { lines };
    let is_wanted = |line: Line| lines.contains(&line);
    say_what_is_measured(&program);
    let is_hot = |line: Line| is_wanted(line) || (line == Line::Check && is_wanted(Line::Forward));
    let hot: Vec<Line> = [Line::Poll, Line::Check, Line::Forward, Line::Token, Line::Refused]
        .into_iter()
        .filter(|line| is_hot(*line))
        .collect();
    if !hot.is_empty() {
        // Each part has servers of its own: nothing is left over from one to the next.
        hot::measure(&bench(&program, rounds).await, &hot).await;
    }
    if is_wanted(Line::Openid) {
        openid::measure(&bench(&program, rounds).await).await;
    }
    if is_wanted(Line::Codec) {
        codec::measure(rounds);
    }
    if is_wanted(Line::Steps) {
        steps::measure(&bench(&program, rounds).await).await;
        say_what_was_asked_again();
    }
    if is_wanted(Line::Journal) {
        journal::measure(&[bench(&program, rounds).await, bench(&program, rounds).await]).await;
        say_what_was_asked_again();
    }
    if is_wanted(Line::Logins) {
        together::measure(&bench(&program, rounds).await).await;
        say_what_was_asked_again();
    }
    if is_wanted(Line::Wake) {
        wake::measure(&bench(&program, rounds).await).await;
        say_what_was_asked_again();
    }
    if is_wanted(Line::Relay) {
        relay::measure(&bench(&program, rounds).await).await;
    }
    if is_wanted(Line::Memory) {
        memory::measure(&bench(&program, rounds).await).await;
    }
    if is_wanted(Line::Wire) {
        wire::measure(&bench(&program, rounds).await).await;
    }
}

async fn bench(program: &Path, rounds: usize) -> Bench {
    Bench { program: program.to_owned(), stores: Stores::start().await, rounds }
}

fn say_what_is_measured(program: &Path) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    say(format!("{}, {cores} cores; medians of rounds in turn\n", program.display()));
    say("| what | | |");
    say("| --- | --- | --- |");
}

/// Prints a line of the table: the median, and from where to where the rounds went.
fn row(what: &str, which: &str, figures: Vec<f64>, unit: &str) {
    let (least, most) =
        (smallest(&figures), -smallest(&figures.iter().map(|figure| -figure).collect::<Vec<_>>()));
    let said = if (most - least).abs() < f64::EPSILON {
        format!("{}{unit}", short(least))
    } else {
        format!("{}{unit} ({}–{})", short(median(figures)), short(least), short(most))
    };
    say(format!("| {what} | {which} | {said} |"));
}

/// Says how often something had to be asked again, if it had.
fn say_what_was_asked_again() {
    let times = load::asked_again();
    if times > 0 {
        say(format!(
            "| asked again after a 503, in all of the lines above since the last such line | | {times} |"
        ));
    }
}

fn smallest(figures: &[f64]) -> f64 {
    figures.iter().copied().fold(f64::INFINITY, f64::min)
}

/// Writes a figure with three digits that count.
fn short(figure: f64) -> String {
    match figure.abs() {
        size if size >= 100.0 => format!("{figure:.0}"),
        size if size >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}
