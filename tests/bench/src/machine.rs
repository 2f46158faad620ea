//! What the system says of a process, and what it allows this one.

use std::time::Duration;

use rustix::{
    process::{Pid, Resource, Rlimit, getrlimit, setrlimit},
    thread::{CpuSet, sched_setaffinity},
};

/// How many hundredths of a second the kernel counts in; it has been this on every Linux.
const TICK: Duration = Duration::from_millis(10);

/// Where the parent of a process stands, and its ticks in user and in kernel mode.
const PARENT: usize = 1;
const USER: usize = 11;
const KERNEL: usize = 12;

/// Returns the processor time that a process has taken, in user and kernel mode.
pub(crate) fn cpu(process: u32) -> Duration {
    let ticks = |at| field(process, at).expect("the process runs");
    TICK * (ticks(USER) + ticks(KERNEL))
}

/// Returns the processor time that the processes have taken which a process has started.
pub(crate) fn cpu_of_children(parent: u32) -> Duration {
    let names = std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.file_name());
    let processes = names.filter_map(|name| name.to_str()?.parse::<u32>().ok());
    let children = processes.filter(|process| field(*process, PARENT) == Some(parent));
    children.map(|child| TICK * (field(child, USER).unwrap_or(0) + field(child, KERNEL).unwrap_or(0))).sum()
}

/// Returns a number of what the kernel tells of a process, counted behind its name, as long as there is the process.
fn field(process: u32, at: usize) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in parentheses may have spaces.
    stat.rsplit_once(')')?.1.split_whitespace().nth(at)?.parse().ok()
}

/// Returns the memory that a process has resident, in KiB.
pub(crate) fn resident_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("it has memory");
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Lets all threads that a process has have one core of the machine.
pub(crate) fn keep_to_core(process: u32, core: usize) {
    let mut cores = CpuSet::new();
    cores.set(core);
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).expect("the process runs").flatten();
    for thread in threads {
        let id = thread.file_name().to_str().and_then(|name| Pid::from_raw(name.parse().ok()?));
        // One that has ended meanwhile needs no core.
        let _ = sched_setaffinity(id, &cores);
    }
}

/// Lets this process and its children have as many files open as the system allows at all.
pub(crate) fn allow_open_files() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}
