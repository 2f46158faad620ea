//! Measures what the service costs: the real binary on loopback, beside bare floors in the same run.
//!
//! `saoma-bench table` prints the table of docs/PERFORMANCE.md; the other commands are its long forms. Absolute figures
//! change with the machine and with what else runs on it, so what counts is the ratio to the floor of the same round, and
//! of several rounds in turn the median.
//!
//! | file | what it has |
//! | --- | --- |
//! | `machine` | processor time and memory of a process |
//! | `http`, `load` | the driver: prepared bytes over connections that are kept |
//! | `product`, `stores` | the service as a process, beside which stores |
//! | `floors` | bare servers to compare with, as processes of this program |
//! | `answering` | a server that answers each request by a function |
//! | `wechat`, `scans`, `logins` | a WeChat that costs little, what it posts, and the client's side of a login |
//! | `site_api` | what the site's own back end asks for |
//! | `steps` | many logins, one step after the other |
//! | `rows` | rows made by SQL |
//! | `counting` | what goes over the wire to PostgreSQL and Redis |
//! | `lines` | one file a line of the table, or a few |
//! | `growth`, `overload`, `waiting` | the long forms |

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on fails"
)]

mod answering;
mod counting;
mod floors;
mod growth;
mod http;
mod lines;
mod load;
mod logins;
mod machine;
mod overload;
mod product;
mod report;
mod rows;
mod scans;
mod site_api;
mod steps;
mod stores;
mod waiting;
mod wechat;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use lines::Line;

/// Measures what the service costs.
#[derive(Parser)]
struct Cli {
    /// The service; without it the one beside this program.
    #[arg(long, global = true)]
    program: Option<PathBuf>,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Measures the lines of the table, or those that are named.
    Table {
        /// Which lines; all where none is named.
        #[arg(value_enum)]
        lines: Vec<Line>,
        /// How many rounds in turn.
        #[arg(long, default_value_t = 5)]
        rounds: usize,
    },
    /// Compares few accounts and sessions with many, and measures pruning.
    Growth {
        /// How many there are in the end.
        #[arg(default_value_t = 1_000_000)]
        rows: u64,
    },
    /// Asks for three times what the service can do.
    Overload,
    /// Lets clients wait on one node, and prints the memory that they take.
    Waiting {
        /// How many.
        #[arg(default_value_t = 16_000)]
        clients: usize,
    },
    /// Serves a floor: this program's own child.
    #[command(hide = true)]
    Floor {
        /// Which one.
        floor: floors::Floor,
        /// The Redis to ask.
        redis: Option<String>,
    },
}

// The system ends a server with the thread that started it, so that has to be the main one.
fn main() {
    let Cli { program, what } = Cli::parse();
    let bench = |work: &dyn Fn(PathBuf) -> std::pin::Pin<Box<dyn Future<Output = ()>>>| {
        machine::allow_open_files();
        let beside = || std::env::current_exe().unwrap().with_file_name("saoma");
        let program = program.clone().unwrap_or_else(beside);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(work(program));
    };
    match what {
        What::Table { lines, rounds } => {
            bench(&|program| Box::pin(lines::table(program, lines.clone(), rounds)));
        }
        What::Growth { rows } => bench(&|program| Box::pin(growth::run(program, rows))),
        What::Overload => bench(&|program| Box::pin(overload::run(program))),
        What::Waiting { clients } => bench(&|program| Box::pin(waiting::run(program, clients))),
        What::Floor { floor, redis } => floors::serve(floor, redis),
    }
}
