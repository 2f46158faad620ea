//! What a connection is busy with, as far as its deadlines go by it.

use std::{
    cell::Cell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    web::Bytes,
};
use tokio::time::Instant;

/// A client may take so long between two requests.
pub(super) const BETWEEN_REQUESTS: Duration = Duration::from_secs(75);

/// The head of a request has to arrive within this time after its first byte. A bit more than what actix-http gives the
/// first head of a connection, which it answers with 408.
const HEAD: Duration = Duration::from_millis(5500);

/// So many bytes may arrive while a request is answered: a body, with what its chunks add.
const MOST_AHEAD: usize = 96 * 1024;

/// An answer is handed to the connection in pieces of this size, since actix-http copies each piece.
const PIECE: usize = 8 * 1024;

/// What a connection is busy with. Its stream and its service share this.
pub(super) struct Exchange {
    /// When the client has to have gone on; `None` while it is our turn.
    deadline: Cell<Option<Instant>>,
    is_in_head: Cell<bool>,
    /// How many bytes have arrived since it is our turn.
    ahead: Cell<usize>,
}

impl Exchange {
    pub(super) fn new() -> Rc<Self> {
        let exchange = Self { deadline: Cell::new(None), is_in_head: Cell::new(false), ahead: Cell::new(0) };
        exchange.end();
        Rc::new(exchange)
    }

    /// Returns when the client has to have gone on.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline.get()
    }

    /// Returns whether enough has arrived beside the request that is answered.
    pub(super) fn is_full(&self) -> bool {
        self.deadline.get().is_none() && self.ahead.get() >= MOST_AHEAD
    }

    /// Notes that bytes have arrived.
    pub(super) fn received(&self, bytes: usize) {
        if self.deadline.get().is_none() {
            self.ahead.set(self.ahead.get().saturating_add(bytes));
        } else if bytes > 0 && !self.is_in_head.replace(true) {
            self.deadline.set(Some(Instant::now() + HEAD));
        }
    }

    /// Notes that a request is answered from now on. Its body has a deadline of its own.
    fn begin(&self) {
        self.deadline.set(None);
        self.ahead.set(0);
    }

    fn end(&self) {
        self.is_in_head.set(false);
        self.deadline.set(Some(Instant::now() + BETWEEN_REQUESTS));
    }
}

/// The answer to one request, from the moment on at which the request's head is there.
pub(super) struct Answering(Rc<Exchange>);

impl Answering {
    pub(super) fn begin(exchange: &Rc<Exchange>) -> Self {
        exchange.begin();
        Self(Rc::clone(exchange))
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// The body of an answer, in small pieces: a client that does not read holds one or two of them, and the rest is shared.
pub(super) struct InPieces {
    pub(super) body: BoxBody,
    pub(super) rest: Bytes,
    /// Ends with the body.
    pub(super) _answering: Option<Answering>,
}

impl MessageBody for InPieces {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if self.rest.is_empty() {
            match Pin::new(&mut self.body).poll_next(context) {
                Poll::Ready(Some(Ok(bytes))) => self.rest = bytes,
                other @ (Poll::Ready(_) | Poll::Pending) => return other,
            }
        }
        let piece = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(self.rest.split_to(piece))))
    }
}
