//! What the system says of a process, and what it allows this one.

use std::{path::Path, time::Duration};

use rustix::{
    process::{Pid, Resource, Rlimit, getrlimit, setrlimit},
    thread::{CpuSet, sched_setaffinity},
};

/// Returns the processor time that the threads of a process have taken, in user and kernel mode.
///
/// The scheduler counts it in nanoseconds. What `stat` has are samples, a hundred a second, which are off by a twentieth
/// after ten seconds.
pub(crate) fn cpu(process: u32) -> Duration {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    threads.filter_map(|thread| on_processor(&thread.path().join("schedstat"))).sum()
}

/// Returns what the scheduler has counted for a thread; `None` where it has ended meanwhile.
fn on_processor(counted: &Path) -> Option<Duration> {
    let counted = std::fs::read_to_string(counted).ok()?;
    counted.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// Returns the processor time that the processes have taken which a process has started.
pub(crate) fn cpu_of_children(parent: u32) -> Duration {
    let names = std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.file_name());
    let processes = names.filter_map(|name| name.to_str()?.parse::<u32>().ok());
    let children = processes.filter(|process| parent_of(*process) == Some(parent));
    children.map(cpu).sum()
}

/// Returns the process that has started this one, as long as there is this one.
fn parent_of(process: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in parentheses may have spaces; behind it stand the state and the parent.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
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
