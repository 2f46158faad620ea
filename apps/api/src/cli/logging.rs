//! Where the log goes: lines for people on a terminal, JSON for machines, both on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// What actix-http says of requests that cannot be read, as errors and without a limit; [`saoma_api::Server`] says it.
const SAID_BY_US: &str = "actix_http::h1::dispatcher=off";

/// Starts the log; `RUST_LOG` says what it shows, our own lines from `info` on by default.
pub(super) fn start() {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,actix_server=warn"));
    let filter = match SAID_BY_US.parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Where standard error is closed, a complaint about that would break requests off.
    let log = log.log_internal_errors(false);
    // JSON also keeps what clients send from forging lines of the log.
    if std::io::stderr().is_terminal() { log.init() } else { log.json().init() }
}
