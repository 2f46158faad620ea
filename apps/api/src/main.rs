//! The binary `saoma`.

mod cli;

use std::process::ExitCode;

/// The allocator of musl has one lock for all threads: with it, logins on SQLite took 1.4 times the processor's time.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    cli::run().await
}
