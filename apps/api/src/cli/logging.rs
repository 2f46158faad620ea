//! Where the log goes: lines for people on a terminal, JSON for machines, both on standard error.

use std::{
    io::{self, IsTerminal, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use saoma_api::config::{LogConfig, LogFormat};
use tracing_subscriber::{EnvFilter, Layer, Registry, layer::SubscriberExt, util::SubscriberInitExt};

use super::trace_ids::WithTraceId;

/// How many lines wait for the reader of the log.
const WAITING_LINES: usize = 8192;

/// How long the last lines may take when the process ends.
const LAST_LINES: Duration = Duration::from_secs(1);

/// The log; dropping it waits a moment for the last lines.
pub(crate) struct Log(Lines, Receiver<()>);

/// Passes lines on to the thread that writes them. Where they are not read, or the disk is full, lines are lost, and no
/// request waits.
#[derive(Clone)]
struct Lines {
    waiting: SyncSender<Option<Vec<u8>>>,
    lost: Arc<AtomicU64>,
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.waiting.try_send(Some(line.to_vec())).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// Starts the thread that writes; it says by the second channel that it has come to the end.
    fn to(mut out: impl Write + Send + 'static) -> (Self, Receiver<()>) {
        let (waiting, lines) = sync_channel::<Option<Vec<u8>>>(WAITING_LINES);
        let (ended, end) = sync_channel(1);
        let lost = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&lost);
        thread::spawn(move || {
            while let Ok(Some(line)) = lines.recv() {
                // There is no place left to report an error to.
                let _ = out.write_all(&line);
                match counted.swap(0, Ordering::Relaxed) {
                    0 => {}
                    lost => drop(writeln!(out, "{{\"level\":\"WARN\",\"lost_lines\":{lost}}}")),
                }
            }
            let _ = ended.send(());
        });
        (Self { waiting, lost }, end)
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let (pause, tries) = (LAST_LINES / 1000, 1000);
        // The end cannot be told while the lines that wait leave no room for it.
        let is_told = (0..tries).any(|_| {
            self.0.waiting.try_send(None).is_ok()
                || self.1.recv_timeout(pause) == Err(RecvTimeoutError::Disconnected)
        });
        if is_told {
            let _ = self.1.recv_timeout(LAST_LINES);
        }
    }
}

/// What actix-http says of requests that cannot be read, as errors and without a limit: [`saoma_api::Server`] says it. And the spans of
/// traces, which are no lines of the log, and cost nothing where nothing wants them.
const NOT_SHOWN: [&str; 2] = ["actix_http::h1::dispatcher=off", "saoma_span=off"];

/// Starts the log as the configuration says; `RUST_LOG` says what it shows where it is set.
pub(super) fn start(config: &LogConfig) -> Log {
    let (lines, end) = Lines::to(io::stderr());
    let writer = lines.clone();
    let log = tracing_subscriber::fmt().with_env_filter(filter(config)).with_writer(move || writer.clone());
    // Where standard error is closed, a complaint about that would break requests off.
    let log = log.log_internal_errors(false);
    if is_text(config) {
        log.init()
    } else {
        log.json().init()
    }
    Log(lines, end)
}

/// Starts the log, and lets a layer listen to everything, whatever the log shows.
pub(super) fn start_with(config: &LogConfig, listener: impl Layer<Registry> + Send + Sync) -> Log {
    let (lines, end) = Lines::to(io::stderr());
    let writer = lines.clone();
    let log = tracing_subscriber::fmt::layer().with_writer(move || writer.clone()).log_internal_errors(false);
    let log = if is_text(config) {
        log.map_event_format(|format| WithTraceId { format, is_json: false }).boxed()
    } else {
        log.json().map_event_format(|format| WithTraceId { format, is_json: true }).boxed()
    };
    tracing_subscriber::registry().with(listener).with(log.with_filter(filter(config))).init();
    Log(lines, end)
}

fn filter(config: &LogConfig) -> EnvFilter {
    let level = || EnvFilter::new(format!("{},actix_server=warn", config.level.as_str()));
    let mut filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| level());
    for directive in NOT_SHOWN {
        if let Ok(directive) = directive.parse() {
            filter = filter.add_directive(directive);
        }
    }
    filter
}

/// JSON also keeps what clients send from forging lines of the log.
fn is_text(config: &LogConfig) -> bool {
    match config.format {
        LogFormat::Auto => io::stderr().is_terminal(),
        LogFormat::Text => true,
        LogFormat::Json => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that takes nothing until it is let go.
    struct Stuck(Receiver<()>, Arc<AtomicU64>);

    impl Write for Stuck {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            self.1.fetch_add(1, Ordering::Relaxed);
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_log_that_nobody_reads_stops_nothing_and_counts_what_is_lost() {
        let (let_go, stuck) = sync_channel(0);
        let written = Arc::new(AtomicU64::new(0));
        let (lines, end) = Lines::to(Stuck(stuck, Arc::clone(&written)));
        let (mut writer, log) = (lines.clone(), Log(lines, end));
        for _ in 0..WAITING_LINES + 100 {
            writer.write_all(b"a line\n").unwrap();
        }
        assert!(writer.lost.load(Ordering::Relaxed) >= 99);
        drop(let_go);
        while writer.lost.load(Ordering::Relaxed) > 0 {
            thread::yield_now();
        }
        drop(log);
        assert!(written.load(Ordering::Relaxed) > WAITING_LINES as u64, "what waited was written");
    }
}
