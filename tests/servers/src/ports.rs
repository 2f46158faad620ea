//! Free ports, below those that the system gives to whoever asks for any port: so nothing else takes one before its
//! server listens there, or while it is started again.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::atomic::{AtomicU32, Ordering},
};

use crate::ServerError;

/// The first one, and how many there are.
const FIRST: u16 = 11_000;
const COUNT: u16 = 10_000;

/// How much higher the port is on which a node of a Redis Cluster speaks to the others.
const BUS: u16 = 10_000;

const TRIES: u32 = 1000;

/// Ports that nobody else takes until they are let go.
pub(crate) struct Reserved {
    pub(crate) port: u16,
    _held: Vec<TcpListener>,
}

/// Returns a port that was free just now, for a service that has to know its own address before it listens.
///
/// # Errors
/// [`ServerError::TooLate`] when there is none.
pub fn free_port() -> Result<u16, ServerError> {
    free().map(|reserved| reserved.port)
}

/// Reserves a port that was free.
pub(crate) fn free() -> Result<Reserved, ServerError> {
    reserve(|port| Ok(vec![bind(port)?]))
}

/// Reserves a port whose neighbour 10,000 higher was free as well, as the nodes of a Redis Cluster need it.
pub(crate) fn free_with_bus() -> Result<Reserved, ServerError> {
    reserve(|port| Ok(vec![bind(port)?, bind(port + BUS)?]))
}

fn reserve(hold: impl Fn(u16) -> std::io::Result<Vec<TcpListener>>) -> Result<Reserved, ServerError> {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let mut last = String::new();
    for _ in 0..TRIES {
        // Processes that run side by side begin in different places.
        let begin = std::process::id().wrapping_mul(997);
        let at = ASKED.fetch_add(1, Ordering::Relaxed).wrapping_add(begin) % u32::from(COUNT);
        let port = FIRST + u16::try_from(at).unwrap_or_default();
        match hold(port) {
            Ok(held) => return Ok(Reserved { port, _held: held }),
            Err(error) => last = format!("port {port}: {error}"),
        }
    }
    Err(ServerError::TooLate { until: "a port was free".to_owned(), last })
}

fn bind(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}
