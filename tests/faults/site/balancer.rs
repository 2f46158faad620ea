//! A load balancer without stickiness: every request goes to any node that takes it.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};

use super::random;

/// How a node is chosen among those that live.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    Random,
    InTurn,
}

/// Listens on a port of its own; it ends when it is dropped.
pub(crate) struct Balancer {
    pub(crate) url: String,
    nodes: Arc<Nodes>,
    task: AbortHandle,
}

struct Nodes {
    addresses: Mutex<Vec<Option<SocketAddr>>>,
    choice: Choice,
    next: AtomicUsize,
}

impl Balancer {
    /// Starts with so many places for nodes, and nobody in them.
    pub(crate) async fn start(places: usize, choice: Choice) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let nodes = Nodes { addresses: Mutex::new(vec![None; places]), choice, next: AtomicUsize::new(0) };
        let nodes = Arc::new(nodes);
        let shared = Arc::clone(&nodes);
        let task = tokio::spawn(async move {
            loop {
                let Ok((client, _)) = listener.accept().await else { continue };
                tokio::spawn(pass_on(client, Arc::clone(&shared)));
            }
        });
        Self { url, nodes, task: task.abort_handle() }
    }

    /// Sends requests to a node from now on.
    pub(crate) fn admit(&self, place: usize, node: SocketAddr) {
        self.nodes.addresses.lock().unwrap()[place] = Some(node);
    }

    /// Sends no more requests to the node in a place.
    pub(crate) fn dismiss(&self, place: usize) {
        self.nodes.addresses.lock().unwrap()[place] = None;
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Nodes {
    /// Connects to a node, or to the next one when that takes nobody.
    async fn connect(&self) -> Option<TcpStream> {
        let addresses: Vec<_> = self.addresses.lock().unwrap().iter().flatten().copied().collect();
        let first = match self.choice {
            Choice::Random => random(addresses.len().max(1)),
            Choice::InTurn => self.next.fetch_add(1, Ordering::Relaxed),
        };
        for step in 0..addresses.len() {
            if let Ok(node) = TcpStream::connect(addresses[(first + step) % addresses.len()]).await {
                return Some(node);
            }
        }
        None
    }
}

/// Passes one request on, and its answer back. A connection that breaks is reset, so that nobody takes what has
/// arrived for all there is.
async fn pass_on(mut client: TcpStream, nodes: Arc<Nodes>) {
    if one_request(&mut client, &nodes).await.is_none() {
        let _ = client.set_zero_linger();
    }
}

async fn one_request(client: &mut TcpStream, nodes: &Nodes) -> Option<()> {
    let mut begun = Vec::new();
    let line = loop {
        if client.read_buf(&mut begun).await.ok()? == 0 {
            return None;
        }
        if let Some(end) = begun.windows(2).position(|end| end == b"\r\n") {
            break end + 2;
        }
    };
    // The next request may go to another node.
    begun.splice(line..line, *b"Connection: close\r\n");
    let mut node = nodes.connect().await?;
    node.write_all(&begun).await.ok()?;
    copy_bidirectional(client, &mut node).await.ok()?;
    Some(())
}
