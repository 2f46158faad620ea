//! What the system says of a process, and what it allows this one.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// How many hundredths of a second the kernel counts in; it has been this on every Linux.
const TICK: Duration = Duration::from_millis(10);

/// Returns the processor time that a process has taken, in user and kernel mode.
pub(crate) fn cpu(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("the process runs");
    // The name in parentheses may have spaces.
    let behind_name = stat.rsplit_once(')').expect("a name").1;
    let mut ticks =
        behind_name.split_whitespace().skip(11).take(2).map(|field| field.parse::<u32>().unwrap());
    TICK * (ticks.next().unwrap() + ticks.next().unwrap())
}

/// Returns the memory that a process has resident, in KiB.
pub(crate) fn resident_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("it has memory");
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Lets this process and its children have as many files open as the system allows at all.
pub(crate) fn allow_open_files() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}
