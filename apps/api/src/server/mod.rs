//! The listeners: bound first, then served, and stopped without cutting off a call.
//!
//! | file | what it has |
//! | --- | --- |
//! | `descriptors` | how many connections the open files allow |
//! | `http` | HTTP on the connections of a listener, each counted by its address |
//! | `connection`, `exchange` | the deadlines of a connection |
//! | `open_stream` | a stream of events that goes on without actix-http |

mod connection;
mod descriptors;
mod exchange;
mod http;
mod open_stream;

use std::{io, net::SocketAddr, net::TcpListener, thread::available_parallelism, time::Duration};

use actix_web::{App, dev::ServerHandle};
use tokio::net::TcpSocket;

use crate::{Saoma, config::SlotLimits, node::Slots};
use http::Listener;

const BACKLOG: u32 = 4096;

/// What the system holds for a connection in each direction, twice this with its own overhead: without a limit it takes
/// megabytes of an answer that the client does not read.
const SOCKET_BUFFER: u32 = 64 * 1024;

/// How many connections the operator's listener holds.
const ADMIN_CONNECTIONS: usize = 64;

/// How long a node that was told to stop still accepts connections, so that load balancers see that it is not ready.
const SERVING_WHILE_NOT_READY: Duration = Duration::from_millis(500);

/// Why the service could not listen.
#[derive(Debug, thiserror::Error)]
#[error("{key}: cannot listen on {address}: {error}")]
pub struct ServerError {
    /// The key of the configuration.
    pub key: &'static str,
    /// The address.
    pub address: SocketAddr,
    /// The cause.
    pub error: io::Error,
}

/// A service with its listeners bound.
pub struct Server {
    saoma: Saoma,
    public: TcpListener,
    admin: TcpListener,
}

impl Server {
    /// Binds the listeners of the configuration. Call it within a Tokio runtime.
    ///
    /// # Errors
    /// [`ServerError`] for an address that is in use or does not belong to this machine.
    pub fn bind(saoma: Saoma) -> Result<Self, ServerError> {
        let server = &saoma.config().server;
        let public = listener("server.listen", server.listen)?;
        let admin = listener("server.admin_listen", server.admin_listen)?;
        Ok(Self { saoma, public, admin })
    }

    /// Returns where the API listens, and where the operator's endpoints do.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn addresses(&self) -> io::Result<(SocketAddr, SocketAddr)> {
        Ok((self.public.local_addr()?, self.admin.local_addr()?))
    }

    /// Serves until `stop` is over, then answers the waiting clients, lets running requests end, and returns.
    ///
    /// # Errors
    /// Those of the operating system.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let Self { saoma, public, admin } = self;
        let config = saoma.config();
        let public = Listener {
            workers: available_parallelism().map_or(1, usize::from),
            connections: descriptors::for_connections(ADMIN_CONNECTIONS),
            slots: Slots::new(config.connections),
            uncounted: config.server.trusted_proxies.clone(),
            grace: config.server.shutdown_grace,
            database: saoma.database(),
            socket: public,
        };
        let admin = Listener {
            workers: 1,
            connections: ADMIN_CONNECTIONS,
            slots: Slots::new(SlotLimits { per_ip: 0, per_node: 0 }),
            uncounted: Vec::new(),
            grace: Duration::from_secs(1),
            database: saoma.database(),
            socket: admin,
        };
        let api = saoma.clone();
        let api = public.serve(move || App::new().service(api.service()))?;
        let operator = saoma.clone();
        let operator = admin.serve(move || App::new().service(operator.admin_service()))?;
        let background = tokio::spawn(saoma.background());
        let handles = vec![api.handle(), operator.handle()];
        let stop = tokio::spawn(async move {
            stop.await;
            stop_gracefully(&saoma, &handles).await;
        });
        let served = tokio::try_join!(api, operator).map(|_| ());
        background.abort();
        stop.abort();
        served
    }
}

fn listener(key: &'static str, address: SocketAddr) -> Result<TcpListener, ServerError> {
    bind(address).map_err(|error| ServerError { key, address, error })
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restart must not have to wait for the connections of the process before.
    socket.set_reuseaddr(true)?;
    // Connections have the same.
    socket.set_send_buffer_size(SOCKET_BUFFER)?;
    socket.set_recv_buffer_size(SOCKET_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

async fn stop_gracefully(saoma: &Saoma, servers: &[ServerHandle]) {
    tracing::info!("stopping: waiting clients are answered, and the listeners close");
    saoma.begin_shutdown();
    tokio::time::sleep(SERVING_WHILE_NOT_READY).await;
    futures_util::future::join_all(servers.iter().map(|server| server.stop(true))).await;
}
