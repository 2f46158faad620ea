//! `saoma import`: makes accounts for people whom the site knows already, by the rules of the site API.
//!
//! Lines are made in batches, one transaction each. An import that was broken off can be run again from its beginning: who
//! is there with the same content stays as it is.

mod csv;
mod mapping;

use std::{
    fs::File,
    io::{BufReader, IsTerminal, Read, Seek},
    path::PathBuf,
};

use clap::Args;
use saoma_api::{
    domain::{
        actor::Actor,
        ports::Made,
        services::{IdentityDraft, PersonDraft},
    },
    operator::{Operator, why_refused},
};

use super::{
    command_error::CommandError,
    config_file::ConfigFile,
    output::{note, say},
};
use csv::{Lines, Records, text_of};
use mapping::{Mapping, Table, read_json};

/// How many people are made in one transaction.
const BATCH: usize = 500;

#[derive(Args)]
pub(super) struct Options {
    /// Lines of JSON, or comma-separated values in UTF-8
    path: PathBuf,
    /// Where the table comes from, and so what its columns are called
    #[arg(long, value_enum, default_value = "saoma")]
    mapping: Mapping,
    /// The WeChat app of the openids, where the lines do not say it
    #[arg(long)]
    app: Option<String>,
    #[command(flatten)]
    file: ConfigFile,
}

/// What an import has come to so far.
#[derive(Default)]
struct Report {
    made: u64,
    there: u64,
    refused: u64,
}

/// Reads people from one of the forms of a file.
enum People {
    Json(Lines<BufReader<File>>, Option<String>),
    Table(Records<BufReader<File>>, Table),
    Openids(Lines<BufReader<File>>, Option<String>),
}

/// Imports a file and reports each line that was refused.
pub(super) async fn import(options: &Options) -> Result<(), CommandError> {
    let config = options.file.load()?;
    let mut people = open(options)?;
    let connected = Operator::connect(&config).await;
    let operator = connected.map_err(|error| CommandError::from(error).in_file(options.file.path()))?;
    let (mut report, mut batch, shows) = (Report::default(), Vec::new(), std::io::stderr().is_terminal());
    let unreadable =
        |error: std::io::Error| CommandError::Failed(format!("{}: {error}", options.path.display()));
    loop {
        let next = people.next().map_err(unreadable)?;
        let is_last = next.is_none();
        match next {
            Some((line, Ok(draft))) => batch.push((line, draft)),
            Some((line, Err(why))) => report.refuse(line, &why),
            None => {}
        }
        if batch.len() >= BATCH || (is_last && !batch.is_empty()) {
            make(&operator, std::mem::take(&mut batch), &mut report).await?;
            if shows {
                note(&format!("\r{} lines", report.lines()));
            }
        }
        if is_last {
            break;
        }
    }
    if shows {
        note("\n");
    }
    say(&format!("made {}, there already {}, refused {}", report.made, report.there, report.refused));
    match report.refused {
        0 => Ok(()),
        refused => Err(CommandError::Failed(format!("{refused} lines were refused"))),
    }
}

async fn make(
    operator: &Operator,
    batch: Vec<(u64, PersonDraft)>,
    report: &mut Report,
) -> Result<(), CommandError> {
    let (lines, drafts): (Vec<u64>, Vec<PersonDraft>) = batch.into_iter().unzip();
    let made = operator.people().make_all(&drafts, &Actor::Operator).await;
    let made = made.map_err(|error| CommandError::Failed(why_refused(error)))?;
    for (line, made) in lines.into_iter().zip(made) {
        match made {
            Ok(Made::New(_)) => report.made += 1,
            Ok(Made::Same(_)) => report.there += 1,
            Ok(Made::Taken(belongings)) => {
                let whose =
                    belongings.iter().map(|it| format!("`{}` belongs to account {}", it.what, it.account));
                report.refuse(line, &whose.collect::<Vec<_>>().join("; "));
            }
            Err(error) => report.refuse(line, &why_refused(error)),
        }
    }
    Ok(())
}

impl Report {
    fn refuse(&mut self, line: u64, why: &str) {
        self.refused += 1;
        note(&format!("line {line}: {why}\n"));
    }

    fn lines(&self) -> u64 {
        self.made + self.there + self.refused
    }
}

fn open(options: &Options) -> Result<People, CommandError> {
    let named = |error: String| CommandError::Misused(format!("{}: {error}", options.path.display()));
    let mut file = File::open(&options.path).map_err(|error| named(error.to_string()))?;
    let is_json = begins_with_json(&mut file).map_err(|error| named(error.to_string()))?;
    let input = BufReader::with_capacity(1 << 16, file);
    match options.mapping {
        Mapping::Openid if options.app.is_none() => {
            Err(named("openids are those of an app: say --app".to_owned()))
        }
        Mapping::Openid => Ok(People::Openids(Lines::of(input), options.app.clone())),
        Mapping::Saoma if is_json => Ok(People::Json(Lines::of(input), options.app.clone())),
        Mapping::Saoma | Mapping::Casdoor | Mapping::Ruoyi => {
            let mut records = Records::of(input);
            let first = records.next().map_err(|error| named(error.to_string()))?;
            let names = first.map_or(Ok(Vec::new()), |record| record.fields).map_err(named)?;
            let table = Table::new(options.mapping, &names, options.app.clone()).map_err(named)?;
            Ok(People::Table(records, table))
        }
    }
}

/// Returns whether a file has lines of JSON: by its first character, whatever its name is.
fn begins_with_json(file: &mut File) -> std::io::Result<bool> {
    let mut start = [0; 64];
    let read = file.read(&mut start)?;
    file.rewind()?;
    let start = start.get(..read).unwrap_or_default();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    Ok(start.trim_ascii_start().first() == Some(&b'{'))
}

type Next = Option<(u64, Result<PersonDraft, String>)>;

impl People {
    fn next(&mut self) -> std::io::Result<Next> {
        match self {
            Self::Json(lines, app) => next_line(lines, |line| read_json(line, app.as_deref())),
            Self::Openids(lines, app) => next_line(lines, |line| {
                let identity = IdentityDraft {
                    app: app.clone().unwrap_or_default(),
                    openid: line.trim().to_owned(),
                    ..IdentityDraft::default()
                };
                Ok(PersonDraft { identities: vec![identity], ..PersonDraft::default() })
            }),
            Self::Table(records, table) => loop {
                let Some(record) = records.next()? else { return Ok(None) };
                match record.fields {
                    Ok(fields) if fields.is_empty() => {}
                    fields => return Ok(Some((record.line, fields.and_then(|fields| table.read(fields))))),
                }
            },
        }
    }
}

fn next_line(
    lines: &mut Lines<BufReader<File>>,
    read: impl Fn(&str) -> Result<PersonDraft, String>,
) -> std::io::Result<Next> {
    loop {
        let Some((number, line)) = lines.next()? else { return Ok(None) };
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        return Ok(Some((number, text_of(line).and_then(|line| read(&line)))));
    }
}
