//! A network between two programs that can be made to fail.

mod fault;
mod link;
mod messages;
#[cfg(test)]
mod tests;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
    task::AbortHandle,
};

use fault::Faults;
pub use fault::{Direction, Fault};

const BACKLOG: u32 = 1024;

/// Listens on a free port of the loopback interface and passes connections on to a server there, until it is
/// told to do something else; it ends when it is dropped.
///
/// Faults are switched while it runs, for connections that are open and for new ones. Without one it passes on
/// every byte, and the end of each half of a connection.
#[derive(Debug)]
pub struct FaultProxy {
    port: u16,
    server: u16,
    faults: watch::Sender<Faults>,
    listening: watch::Receiver<bool>,
    dropped: Arc<AtomicU64>,
    task: AbortHandle,
}

impl FaultProxy {
    /// Starts one before the server that listens on a port. To be called within a Tokio runtime.
    ///
    /// # Errors
    /// What the system says when no port is free.
    pub fn before(server: u16) -> io::Result<Self> {
        let place = Place::reserve()?;
        let (faults, told) = watch::channel(Faults::default());
        let (heard, listening) = watch::channel(true);
        let (port, first) = (place.address.port(), place.listen()?);
        let dropped = Arc::default();
        let serving =
            Serving { place, server, faults: told, listening: heard, dropped: Arc::clone(&dropped) };
        let task = tokio::spawn(serving.serve(first)).abort_handle();
        Ok(Self { port, server, faults, listening, dropped, task })
    }

    /// Returns the port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the URL of the server with the way over this proxy.
    pub fn instead_of(&self, url: &str) -> String {
        url.replace(&format!("127.0.0.1:{}", self.server), &format!("127.0.0.1:{}", self.port))
    }

    /// Lets a fault act in a direction, in place of the one that acts there.
    pub fn set(&self, direction: Direction, fault: Fault) {
        self.faults.send_modify(|faults| faults.set(direction, fault));
    }

    /// Passes on nothing more over the connections that are open, without closing them; new ones work.
    pub fn silence(&self) {
        self.faults.send_modify(|faults| *faults = faults.silencing());
    }

    /// Refuses new connections and resets those that are open, as if the server's program had ended; returns
    /// once it does.
    pub async fn refuse(&self) {
        self.faults.send_modify(|faults| *faults = faults.refusing());
        self.until_listening(false).await;
    }

    /// Lets nothing fail any more, and returns once it listens.
    pub async fn heal(&self) {
        self.faults.send_modify(|faults| *faults = faults.healed());
        self.until_listening(true).await;
    }

    /// Returns how many messages were dropped by [`Fault::DropMessages`].
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    async fn until_listening(&self, wanted: bool) {
        // It fails only when the task is gone, and with it everything that could be waited for.
        let _ = self.listening.clone().wait_for(|listening| *listening == wanted).await;
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An address that nobody else is given while nobody listens there.
struct Place {
    address: SocketAddr,
    _held: TcpSocket,
}

impl Place {
    fn reserve() -> io::Result<Self> {
        let held = bound(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        Ok(Self { address: held.local_addr()?, _held: held })
    }

    fn listen(&self) -> io::Result<TcpListener> {
        bound(self.address)?.listen(BACKLOG)
    }
}

fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // Lets two sockets have an address as long as one of them listens at the most.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// What accepts connections.
struct Serving {
    place: Place,
    server: u16,
    faults: watch::Receiver<Faults>,
    listening: watch::Sender<bool>,
    dropped: Arc<AtomicU64>,
}

impl Serving {
    async fn serve(mut self, first: TcpListener) {
        let mut listener = Some(first);
        loop {
            let refused = self.faults.borrow_and_update().refused;
            if refused {
                listener = None;
            } else if listener.is_none() {
                listener = self.place.listen().ok();
            }
            self.listening.send_replace(listener.is_some());
            let told = match &listener {
                Some(listener) => tokio::select! {
                    told = self.faults.changed() => told,
                    accepted = listener.accept() => {
                        if let Ok((client, _)) = accepted {
                            let (faults, dropped) = (self.faults.clone(), Arc::clone(&self.dropped));
                            tokio::spawn(link::pass_on(client, self.server, faults, dropped));
                        }
                        Ok(())
                    }
                },
                None => self.faults.changed().await,
            };
            if told.is_err() {
                return;
            }
        }
    }
}
