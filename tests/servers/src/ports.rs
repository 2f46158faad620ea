//! Free ports.

use std::net::{Ipv4Addr, TcpListener};

use crate::ServerError;

/// How much higher the port is on which a node of a Redis Cluster speaks to the others.
const BUS: u16 = 10_000;

const TRIES: u32 = 1000;

/// Ports that nobody else takes until they are let go.
pub(crate) struct Reserved {
    pub(crate) port: u16,
    _held: Vec<TcpListener>,
}

/// Reserves a port that was free.
pub(crate) fn free() -> Result<Reserved, ServerError> {
    let listener = bind(0)?;
    Ok(Reserved { port: port_of(&listener)?, _held: vec![listener] })
}

/// Reserves a port whose neighbour 10,000 higher was free as well, as the nodes of a Redis Cluster need it.
pub(crate) fn free_with_bus() -> Result<Reserved, ServerError> {
    let mut unfit = Vec::new();
    for _ in 0..TRIES {
        let listener = bind(0)?;
        let port = port_of(&listener)?;
        match port.checked_add(BUS).map(bind) {
            Some(Ok(bus)) => return Ok(Reserved { port, _held: vec![listener, bus] }),
            // Held, so that the next try gets another one.
            Some(Err(_)) | None => unfit.push(listener),
        }
    }
    Err(ServerError::TooLate { until: "two ports were free".to_owned(), last: format!("{TRIES} tries") })
}

fn bind(port: u16) -> Result<TcpListener, ServerError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(ServerError::io(format!("binding port {port}")))
}

fn port_of(listener: &TcpListener) -> Result<u16, ServerError> {
    listener.local_addr().map(|address| address.port()).map_err(ServerError::io("reading a port's number"))
}
