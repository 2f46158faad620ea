//! Printing, and what several rounds come to.

use std::fmt::Display;

/// Prints a line.
#[expect(clippy::print_stdout, reason = "figures are for the person who runs this")]
pub(crate) fn say(line: impl Display) {
    println!("{line}");
}

/// Returns the middle of several figures.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    percentile(&figures, 50)
}

/// Returns the figure that so many percent of them do not exceed, of sorted ones.
pub(crate) fn percentile(sorted: &[f64], percent: usize) -> f64 {
    sorted[((sorted.len() * percent).div_ceil(100)).clamp(1, sorted.len()) - 1]
}
