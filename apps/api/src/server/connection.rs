//! A connection with deadlines: for a client that is silent, that drips, and that does not read.

use std::{
    io,
    pin::Pin,
    rc::Rc,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

use super::exchange::Exchange;

/// A client that takes nothing of its answer for this long is gone.
const UNREAD: Duration = Duration::from_secs(10);

/// How many connections may have an answer that the client does not take. Each holds about 24 KiB here and 128 KiB in the
/// system, so that all of them stay below 64 MiB and 256 MiB.
const MOST_UNREAD: usize = 2048;

/// After a read of so many bytes actix-http has its turn with them: it makes requests of all that it has read before it
/// answers the first.
const MANY: usize = 4 * 1024;

static UNREAD_ANSWERS: AtomicUsize = AtomicUsize::new(0);

/// A connection of a client.
pub(super) struct Connection {
    /// Absent once a stream of events has taken it along.
    stream: Option<TcpStream>,
    pub(super) exchange: Rc<Exchange>,
    /// Goes off at the deadline of the client, or earlier: then it is set anew. So a client that sends one request after the
    /// other does not have it set with each. Absent where it went off during our turn: a waiting client holds no timer.
    alarm: Option<Pin<Box<Sleep>>>,
    unread: Option<UnreadAnswer>,
    /// Whether much was read in this turn of actix-http.
    has_read: bool,
    /// Whether the client has to wait until it is read from, which the end of a later turn makes up for.
    reads_later: bool,
}

/// An answer that the client does not take at the moment.
struct UnreadAnswer(Pin<Box<Sleep>>);

impl Drop for UnreadAnswer {
    fn drop(&mut self) {
        UNREAD_ANSWERS.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Connection {
    /// Takes a connection.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream: Some(stream),
            exchange: Exchange::new(),
            alarm: None,
            unread: None,
            has_read: false,
            reads_later: false,
        }
    }

    fn must_not_read(&self) -> bool {
        self.unread.is_some() || self.exchange.is_full()
    }

    /// Returns whether the client should have gone on long ago.
    fn is_late(&mut self) -> bool {
        if !self.alarm.as_ref().is_some_and(|alarm| alarm.is_elapsed()) {
            return false;
        }
        self.alarm = None;
        self.exchange.deadline().is_some_and(|deadline| deadline <= Instant::now())
    }

    /// Sees to it that the connection is polled at the client's deadline.
    fn set_alarm(&mut self, context: &mut Context<'_>) {
        let Some(deadline) = self.exchange.deadline() else { return };
        let alarm = match &mut self.alarm {
            Some(alarm) if alarm.deadline() <= deadline && !alarm.is_elapsed() => return,
            Some(alarm) => {
                alarm.as_mut().reset(deadline);
                alarm
            }
            alarm @ None => alarm.insert(Box::pin(sleep_until(deadline))),
        };
        if alarm.as_mut().poll(context).is_ready() {
            context.waker().wake_by_ref();
        }
    }

    /// Waits for a client that takes nothing.
    fn poll_unread(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.unread.is_none() {
            let unread = UNREAD_ANSWERS.fetch_add(1, Ordering::Relaxed);
            let answer = UnreadAnswer(Box::pin(sleep_until(Instant::now() + UNREAD)));
            if unread >= MOST_UNREAD {
                return Poll::Ready(Err(io::ErrorKind::OutOfMemory.into()));
            }
            self.unread = Some(answer);
        }
        let Some(UnreadAnswer(timer)) = &mut self.unread else { return Poll::Pending };
        timer.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // What goes on arriving must not pile up here.
        if self.must_not_read() {
            self.reads_later = true;
            return Poll::Pending;
        }
        if std::mem::take(&mut self.has_read) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buffer.filled().len();
        let Some(stream) = &mut self.stream else { return Poll::Pending };
        let read = Pin::new(stream).poll_read(context, buffer);
        if read.is_pending() {
            // Taken for the end of what the client sends, which closes the connection.
            return if self.is_late() { Poll::Ready(Ok(())) } else { Poll::Pending };
        }
        let bytes = buffer.filled().len() - before;
        self.exchange.received(bytes);
        self.has_read = bytes >= MANY;
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        // The end of an answer that goes on elsewhere.
        let Some(stream) = &mut self.stream else { return Poll::Ready(Ok(bytes.len())) };
        match Pin::new(stream).poll_write(context, bytes) {
            Poll::Pending => self.poll_unread(context),
            written => {
                self.unread = None;
                written
            }
        }
    }

    /// Ends each turn of actix-http, and so of the deadlines that began and ended in this turn only the last one counts.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(stream) = &mut self.stream else { return Poll::Ready(Ok(())) };
        ready!(Pin::new(stream).poll_flush(context))?;
        if self.exchange.wants_socket()
            && let Some(stream) = self.stream.take()
        {
            self.exchange.give_socket(stream);
            context.waker().wake_by_ref();
            return Poll::Ready(Ok(()));
        }
        self.has_read = false;
        let reads_now = self.reads_later && !self.must_not_read();
        if reads_now {
            self.reads_later = false;
            context.waker().wake_by_ref();
        }
        self.set_alarm(context);
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(stream) = &mut self.stream else { return Poll::Ready(Ok(())) };
        Pin::new(stream).poll_shutdown(context)
    }
}
