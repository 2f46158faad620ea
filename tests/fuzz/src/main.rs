//! Runs all bodies for some seconds in all, and says how often: `saoma-fuzz 3600`.

#![expect(clippy::print_stdout, reason = "this is what the program is for")]

use std::time::Duration;

fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(3600);
    let each = Duration::from_secs(seconds) / u32::try_from(saoma_fuzz::BODIES.len()).unwrap_or(1);
    for body in &saoma_fuzz::BODIES {
        println!("{}: {} executions", body.name, body.run_for(each));
    }
}
