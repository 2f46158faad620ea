//! What a connection is busy with, as far as its deadlines go by it.

use std::{
    cell::{Cell, RefCell},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    web::Bytes,
};
use tokio::{net::TcpStream, time::Instant};

use super::open_stream::OpenStream;

/// A client may take so long between two requests.
pub(super) const BETWEEN_REQUESTS: Duration = Duration::from_secs(75);

/// The head of a request has to arrive within this time after its first byte. A bit more than what actix-http gives the
/// first head of a connection, which it answers with 408.
const HEAD: Duration = Duration::from_millis(5500);

/// So many bytes may arrive while a request is answered: a body, with what its chunks add.
const MOST_AHEAD: usize = 96 * 1024;

/// An answer is handed to the connection in pieces of this size, since actix-http copies each piece.
const PIECE: usize = 8 * 1024;

/// Where a connection stands: whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The client's, which has not begun a request.
    Idle,
    /// The client's, which has sent a part of a head.
    Head,
    /// Ours: a request is answered. Its body has a deadline of its own.
    Answer,
}

/// What a connection is busy with. Its stream and its service share this.
pub(super) struct Exchange {
    phase: Cell<Phase>,
    /// When the client has to have gone on. Absent while it is our turn, and from a change of turns to the moment at which
    /// [`Exchange::deadline`] is asked for: a request that comes and is answered at once reads the clock once.
    deadline: Cell<Option<Instant>>,
    /// How many bytes have arrived since it is our turn.
    ahead: Cell<usize>,
    leaving: RefCell<Leaving>,
}

/// How far a stream of events has left actix-http, which keeps two buffers of 8 KiB for every connection of its own.
#[derive(Default)]
enum Leaving {
    /// It has not, as any other answer.
    #[default]
    No,
    /// It waits for its next event, and leaves once all that was written so far is sent.
    Asked,
    /// The connection has given its socket away.
    Socket(TcpStream),
    /// The answer has followed. Both go on without actix-http.
    Left(OpenStream),
}

impl Exchange {
    pub(super) fn new() -> Rc<Self> {
        Rc::new(Self {
            phase: Cell::new(Phase::Idle),
            deadline: Cell::new(None),
            ahead: Cell::new(0),
            leaving: RefCell::default(),
        })
    }

    /// Returns whether the connection has to give its socket to [`Exchange::give_socket`].
    pub(super) fn wants_socket(&self) -> bool {
        matches!(*self.leaving.borrow(), Leaving::Asked)
    }

    /// Takes the socket of a stream that leaves.
    pub(super) fn give_socket(&self, socket: TcpStream) {
        *self.leaving.borrow_mut() = Leaving::Socket(socket);
    }

    /// Returns the stream that has left.
    pub(super) fn left(&self) -> Option<OpenStream> {
        match self.leaving.take() {
            Leaving::Left(stream) => Some(stream),
            Leaving::No | Leaving::Asked | Leaving::Socket(_) => None,
        }
    }

    /// Returns when the client has to have gone on; `None` while it is our turn.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let time = match self.phase.get() {
            Phase::Idle => BETWEEN_REQUESTS,
            Phase::Head => HEAD,
            Phase::Answer => return None,
        };
        let deadline = self.deadline.get().unwrap_or_else(|| Instant::now() + time);
        self.deadline.set(Some(deadline));
        Some(deadline)
    }

    /// Returns whether enough has arrived beside the request that is answered.
    pub(super) fn is_full(&self) -> bool {
        self.phase.get() == Phase::Answer && self.ahead.get() >= MOST_AHEAD
    }

    /// Notes that bytes have arrived.
    pub(super) fn received(&self, bytes: usize) {
        match self.phase.get() {
            Phase::Answer => self.ahead.set(self.ahead.get().saturating_add(bytes)),
            Phase::Idle if bytes > 0 => self.change_to(Phase::Head),
            Phase::Idle | Phase::Head => {}
        }
    }

    /// Notes that a request is answered from now on.
    fn begin(&self) {
        self.change_to(Phase::Answer);
        self.ahead.set(0);
    }

    fn end(&self) {
        self.change_to(Phase::Idle);
    }

    fn change_to(&self, phase: Phase) {
        self.phase.set(phase);
        self.deadline.set(None);
    }
}

/// The answer to one request, from the moment on at which the request's head is there.
pub(super) struct Answering(pub(super) Rc<Exchange>);

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
    /// Whether it is a stream of events, which leaves actix-http while it waits.
    pub(super) can_leave: bool,
    /// Ends with the body.
    pub(super) answering: Option<Answering>,
}

impl InPieces {
    /// Lets the body go where its socket is. Returns whether it has gone.
    fn has_left(&mut self) -> bool {
        let Some(Answering(exchange)) = self.answering.as_ref().filter(|_| self.can_leave) else {
            return false;
        };
        let mut leaving = exchange.leaving.borrow_mut();
        match std::mem::take(&mut *leaving) {
            Leaving::Socket(socket) => {
                let body = std::mem::replace(&mut self.body, BoxBody::new(()));
                *leaving = Leaving::Left(OpenStream { socket, body });
                true
            }
            // It is asked for again if the answer still waits.
            Leaving::No | Leaving::Asked | Leaving::Left(_) => false,
        }
    }

    /// Asks for the socket, unless that was done before.
    fn ask_for_socket(&self) {
        if let Some(Answering(exchange)) = self.answering.as_ref().filter(|_| self.can_leave) {
            *exchange.leaving.borrow_mut() = Leaving::Asked;
        }
    }
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
            if self.has_left() {
                return Poll::Ready(None);
            }
            match Pin::new(&mut self.body).poll_next(context) {
                Poll::Ready(Some(Ok(bytes))) => self.rest = bytes,
                Poll::Pending => {
                    self.ask_for_socket();
                    return Poll::Pending;
                }
                over @ Poll::Ready(_) => return over,
            }
        }
        let piece = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(self.rest.split_to(piece))))
    }
}
