//! Micro-benchmarks of the parts that requests are made of, with how often each allocates.
//!
//! `just bench-parts poll` runs those whose names have `poll` in them.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on fails")]

mod app;
mod codec;
#[path = "../../in_process/mod.rs"]
mod in_process;
mod secrets;

use divan::AllocProfiler;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}
