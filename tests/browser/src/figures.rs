//! Figures for whoever reads the run.

use std::io::Write;

/// Prints a figure; `tests/run.sh` gathers the lines that begin with `browser: `.
pub fn figure(text: &str) {
    // Written past the runner, which would keep the output of a test that passes to itself.
    let _ = std::io::stdout().write_all(format!("\nbrowser: {text}\n").as_bytes());
}
