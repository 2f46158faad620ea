//! Counts what the service sends to its stores.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

/// What was sent to PostgreSQL so far.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    /// With those that begin and end transactions.
    pub(crate) statements: usize,
    /// How often something was sent after something had come.
    pub(crate) round_trips: usize,
}

/// Stands before a PostgreSQL and counts.
pub(crate) struct Messages {
    pub(crate) port: u16,
    counted: Arc<Counted>,
}

#[derive(Default)]
struct Counted {
    statements: AtomicUsize,
    round_trips: AtomicUsize,
}

impl Messages {
    pub(crate) async fn before(server: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let (port, counted) = (listener.local_addr().unwrap().port(), Arc::<Counted>::default());
        let counter = Arc::clone(&counted);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                client.set_nodelay(true).unwrap();
                server.set_nodelay(true).unwrap();
                let ((client_read, client_write), (server_read, server_write)) =
                    (client.into_split(), server.into_split());
                let answered = Arc::new(AtomicBool::new(true));
                tokio::spawn(to_client(server_read, client_write, Arc::clone(&answered)));
                tokio::spawn(to_server(client_read, server_write, answered, Arc::clone(&counter)));
            }
        });
        Self { port, counted }
    }

    pub(crate) fn seen(&self) -> Seen {
        Seen {
            statements: self.counted.statements.load(Ordering::Relaxed),
            round_trips: self.counted.round_trips.load(Ordering::Relaxed),
        }
    }
}

async fn to_client(mut server: OwnedReadHalf, mut client: OwnedWriteHalf, answered: Arc<AtomicBool>) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = server.read(&mut bytes).await {
        answered.store(true, Ordering::Relaxed);
        if client.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

async fn to_server(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    answered: Arc<AtomicBool>,
    counted: Arc<Counted>,
) {
    let (mut bytes, mut unread, mut has_begun) = (vec![0; 64 * 1024], Vec::new(), false);
    while let Ok(read @ 1..) = client.read(&mut bytes).await {
        if answered.swap(false, Ordering::Relaxed) {
            counted.round_trips.fetch_add(1, Ordering::Relaxed);
        }
        unread.extend_from_slice(&bytes[..read]);
        let statements = read_messages(&mut unread, &mut has_begun);
        counted.statements.fetch_add(statements, Ordering::Relaxed);
        if server.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

/// Takes whole messages away and returns how many statements they execute.
fn read_messages(unread: &mut Vec<u8>, has_begun: &mut bool) -> usize {
    let mut statements = 0;
    loop {
        // What begins a connection has no kind before its length.
        let kind = usize::from(*has_begun);
        let Some(length) = unread.get(kind..kind + 4) else { return statements };
        let length = kind + usize::try_from(u32::from_be_bytes(length.try_into().unwrap())).unwrap();
        if unread.len() < length {
            return statements;
        }
        let message: Vec<u8> = unread.drain(..length).collect();
        if !*has_begun {
            // A wish for TLS comes before the beginning.
            *has_begun = message[4..8] != 80_877_103_u32.to_be_bytes();
            continue;
        }
        let text = message[5..].to_ascii_uppercase();
        let is_frame =
            ["BEGIN", "START", "COMMIT", "ROLLBACK"].iter().any(|word| text.starts_with(word.as_bytes()));
        statements += usize::from(message[0] == b'E' || message[0] == b'Q' && !is_frame);
    }
}

/// Listens to what a Redis is told.
pub(crate) struct Commands {
    sent: Arc<AtomicUsize>,
    by_scripts: Arc<AtomicUsize>,
}

impl Commands {
    pub(crate) async fn of(server: u16) -> Self {
        let mut connection = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
        connection.write_all(b"MONITOR\r\n").await.unwrap();
        let mut lines = BufReader::new(connection).lines();
        assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("+OK"));
        let (sent, by_scripts) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let commands = Self { sent: Arc::clone(&sent), by_scripts: Arc::clone(&by_scripts) };
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                // Whether the server still lives is asked all the time.
                if line.contains(" lua] ") {
                    by_scripts.fetch_add(1, Ordering::Relaxed);
                } else if !line.to_ascii_uppercase().contains("] \"PING\"") {
                    sent.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        commands
    }

    /// Returns how many commands were sent, and how many more were called by scripts.
    pub(crate) fn seen(&self) -> (usize, usize) {
        (self.sent.load(Ordering::Relaxed), self.by_scripts.load(Ordering::Relaxed))
    }
}
