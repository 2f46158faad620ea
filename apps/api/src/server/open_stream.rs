//! A stream of events that goes on without actix-http.
//!
//! actix-http keeps two buffers of 8 KiB for each connection. A stream of events needs neither: its head is sent, nothing of
//! the client is read any more, and an event is small. So once the first event is sent and the stream waits, it takes its
//! socket along. Its answer says `Connection: close`, so no request can follow.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::body::{BoxBody, MessageBody};
use tokio::{
    io::{AsyncRead, AsyncWriteExt, ReadBuf},
    net::TcpStream,
    time::timeout,
};

/// A client that takes nothing of an event for this long is gone.
const UNREAD: Duration = Duration::from_secs(10);

/// So many bytes a client may send that are read and discarded.
const MOST_AHEAD: usize = 96 * 1024;

/// A stream of events on its socket.
pub(super) struct OpenStream {
    pub(super) socket: TcpStream,
    pub(super) body: BoxBody,
}

impl OpenStream {
    /// Sends one event after the other, until there are no more or the client is gone.
    ///
    /// # Errors
    /// Those of the operating system.
    pub(super) async fn send(mut self) -> io::Result<()> {
        let mut ahead = 0;
        while let Some(event) = std::future::poll_fn(|context| self.poll_event(context, &mut ahead)).await? {
            let length = event.len();
            if length > 0 {
                let head = format!("{length:x}\r\n");
                self.write(&[head.as_bytes(), &event, b"\r\n"].concat()).await?;
            }
        }
        self.write(b"0\r\n\r\n").await?;
        self.socket.shutdown().await
    }

    /// Returns the next event, or nothing once there are no more or the client is gone.
    fn poll_event(
        &mut self,
        context: &mut Context<'_>,
        ahead: &mut usize,
    ) -> Poll<io::Result<Option<actix_web::web::Bytes>>> {
        while let Poll::Ready(read) = self.poll_discard(context) {
            *ahead += read?;
            if *ahead > MOST_AHEAD {
                return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
            }
        }
        let next = Pin::new(&mut self.body).poll_next(context);
        next.map(|next| next.transpose().map_err(|error| io::Error::other(error.to_string())))
    }

    /// Reads what the client sends and discards it. The end of it is an error, since the client has hung up.
    fn poll_discard(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut room = [0; 64];
        let mut buffer = ReadBuf::new(&mut room);
        let read = Pin::new(&mut self.socket).poll_read(context, &mut buffer);
        read.map(|read| match (read, buffer.filled().len()) {
            (Ok(()), 0) => Err(io::ErrorKind::ConnectionAborted.into()),
            (Ok(()), bytes) => Ok(bytes),
            (Err(error), _) => Err(error),
        })
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let late = |_| io::Error::from(io::ErrorKind::TimedOut);
        timeout(UNREAD, self.socket.write_all(bytes)).await.map_err(late)?
    }
}
