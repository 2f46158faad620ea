//! Several nodes whose parts die: loops of logins while something fails, each with its figures.
//!
//! The short form runs with all tests; `SAOMA_FAULTS=full` is the long one. The lines that begin with `faults:`
//! are the figures. A login counts as
//! * lost, when its phone got an answer and its client, which keeps asking, never got the state;
//! * double, when its client was issued two different sessions;
//! * wrong, when state or session were another person's;
//! * dishonest, when its client was told anything that is neither right nor "try again".

#![cfg_attr(
    beside_servers,
    expect(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "a test that cannot go on fails"
    )
)]

#[cfg(beside_servers)]
mod cases;
#[cfg(beside_servers)]
#[path = "../harness/mod.rs"]
mod common;
#[cfg(beside_servers)]
mod living;
#[cfg(beside_servers)]
mod load;
#[cfg(beside_servers)]
mod site;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // They measure, so they are not to be in each other's way; and servers end with the thread they began on.
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, trials()).exit_code()
}

#[cfg(beside_servers)]
fn trials() -> Vec<Trial> {
    cases::all()
}

#[cfg(not(beside_servers))]
fn trials() -> Vec<Trial> {
    let how =
        "cargo run -p saoma-servers -- exec --with redis,cluster,postgres,mariadb -- cargo test -p saoma-api";
    let left_out = Trial::test("left_out_because_there_are_no_servers", move || Err(how.into()));
    vec![left_out.with_ignored_flag(true)]
}
