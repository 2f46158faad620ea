//! One connection over the proxy.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    sync::watch,
    time::sleep,
};

use super::{
    fault::{Fault, Faults, Resets},
    messages::Messages,
};

const PIECE: usize = 16 * 1024;

/// Passes a client's connection on to a server, until one of them or a fault ends it.
pub(super) async fn pass_on(
    mut client: TcpStream,
    server: u16,
    mut faults: watch::Receiver<Faults>,
    dropped: Arc<AtomicU64>,
) {
    let Ok(mut server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).await else {
        let _ = client.set_zero_linger();
        return;
    };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let resets = {
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        let up = Way::new(faults.clone(), |faults| faults.to_server, Arc::clone(&dropped));
        let down = Way::new(faults.clone(), |faults| faults.to_client, dropped);
        tokio::select! {
            biased;
            resets = told_to_reset(&mut faults) => resets,
            both = async { tokio::try_join!(up.pass(from_client, to_server), down.pass(from_server, to_client)) } => {
                both.err().unwrap_or_default()
            }
        }
    };
    if resets.client {
        let _ = client.set_zero_linger();
    }
    if resets.server {
        let _ = server.set_zero_linger();
    }
}

async fn told_to_reset(faults: &mut watch::Receiver<Faults>) -> Resets {
    let told = faults.wait_for(|faults| faults.resets().is_some()).await;
    // Without a proxy there is no connection over it.
    told.map_or(Resets::BOTH, |faults| faults.resets().unwrap_or_default())
}

/// One direction of a connection.
struct Way {
    faults: watch::Receiver<Faults>,
    fault: fn(&Faults) -> Option<Fault>,
    /// The change of the faults at which it was opened.
    opened: u64,
    /// How many bytes were passed on since which change of the faults.
    passed: (u64, u64),
    swallows: bool,
    messages: Messages,
    dropped: Arc<AtomicU64>,
}

impl Way {
    fn new(
        faults: watch::Receiver<Faults>,
        fault: fn(&Faults) -> Option<Fault>,
        dropped: Arc<AtomicU64>,
    ) -> Self {
        let opened = faults.borrow().change;
        let messages = Messages::default();
        Self { faults, fault, opened, passed: (0, 0), swallows: false, messages, dropped }
    }

    /// Passes bytes on to their end, which it passes on as well; `Err` ends the whole connection.
    async fn pass(mut self, mut from: ReadHalf<'_>, mut to: WriteHalf<'_>) -> Result<(), Resets> {
        let mut piece = vec![0; PIECE];
        loop {
            let length = from.read(&mut piece).await.map_err(|_| Resets::BOTH)?;
            let Some(bytes) = piece.get(..length).filter(|bytes| !bytes.is_empty()) else {
                return to.shutdown().await.map_err(|_| Resets::BOTH);
            };
            let (bytes, is_cut) = self.let_through(bytes).await;
            to.write_all(&bytes).await.map_err(|_| Resets::BOTH)?;
            if is_cut {
                return Err(Resets::default());
            }
        }
    }

    /// Returns what the fault that acts now lets through, and whether it is the last.
    async fn let_through(&mut self, bytes: &[u8]) -> (Vec<u8>, bool) {
        let faults = *self.faults.borrow();
        if self.passed.0 != faults.change {
            self.passed = (faults.change, 0);
        }
        self.swallows |= self.opened < faults.silent_before;
        let bytes = match (self.fault)(&faults) {
            _ if self.swallows => Vec::new(),
            None | Some(Fault::Reset) => self.messages.rest(bytes),
            Some(Fault::Delay(delay)) => {
                sleep(delay).await;
                self.messages.rest(bytes)
            }
            Some(Fault::CutAfter(limit)) => {
                let left = usize::try_from(limit - self.passed.1).unwrap_or(usize::MAX);
                let fitting = bytes.get(..left.min(bytes.len())).unwrap_or_default().to_vec();
                self.passed.1 += fitting.len() as u64;
                return (fitting, self.passed.1 >= limit);
            }
            Some(Fault::BlackHole) => {
                self.swallows = true;
                Vec::new()
            }
            Some(Fault::DropMessages { every }) => {
                let (kept, dropped) = self.messages.without_every(every, bytes);
                self.dropped.fetch_add(dropped, Ordering::Relaxed);
                kept
            }
        };
        (bytes, false)
    }
}
