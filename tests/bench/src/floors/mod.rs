//! Bare servers to compare with: each is this program again, so that its processor time is its own.

mod events;
mod hello;
mod redis;

use std::{
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
};

use clap::ValueEnum;

use crate::report::say;

/// How many threads a floor has, as the service has on two cores.
const WORKERS: usize = 2;

/// Which floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Floor {
    /// Actix that answers `hello`.
    Hello,
    /// Actix with one multiplexed connection to Redis a worker, which answers one small JSON that it reads there.
    Redis,
    /// Actix that lets clients wait by server-sent events, in the process.
    Events,
}

/// A floor that runs until this is dropped.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Running {
    pub(crate) fn start(floor: Floor, redis: &str) -> Self {
        let name = floor.to_possible_value().unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["floor", name.get_name(), redis])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, address: line.trim().parse().unwrap() }
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves a floor until this process is ended, and says where.
pub(crate) fn serve(floor: Floor, redis: Option<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    say(listener.local_addr().unwrap());
    match floor {
        Floor::Hello => hello::serve(listener),
        Floor::Events => events::serve(listener),
        Floor::Redis => redis::serve(listener, &redis.unwrap_or_default()),
    }
}
