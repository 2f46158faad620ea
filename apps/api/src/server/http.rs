//! HTTP on the connections of a listener.

use std::{
    fmt, io,
    net::{SocketAddr, TcpListener},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use actix_http::{
    ConnectionType, HttpService, KeepAlive, Method, Request, Response, Version, error::DispatchError,
};
use actix_server::Server;
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt, apply_fn_factory, map_config,
};
use actix_web::{
    Error,
    body::{BodySize, BoxBody, MessageBody},
    dev::{AppConfig, ServiceResponse},
    rt::spawn,
    web::Bytes,
};
use ipnet::IpNet;
use saoma_domain::{ports::Health, services::ClientSubject};
use tokio::net::TcpStream;

use super::{
    connection::Connection,
    exchange::{Answering, Exchange, InPieces},
};
use crate::node::{LogBudget, Slot, Slots, watch_load};

/// The head of a connection's first request has to arrive within this time.
const FIRST_HEAD: Duration = Duration::from_secs(5);

/// How long a connection is still read from after an answer that came before the end of the request's body.
const CLOSING: Duration = Duration::from_secs(1);

/// What of an answer is collected before it is sent.
const FLUSHED_AT: usize = 4 * 1024;

/// A listener, and how it is served.
pub(super) struct Listener {
    pub(super) socket: TcpListener,
    pub(super) workers: usize,
    /// How many connections it holds.
    pub(super) connections: usize,
    /// What each address may have of them.
    pub(super) slots: Slots,
    /// Networks whose connections are not counted by their address.
    pub(super) uncounted: Vec<IpNet>,
    pub(super) grace: Duration,
    /// Where calls wait for their turn.
    pub(super) database: Arc<dyn Health>,
}

impl Listener {
    /// Serves an application on every connection.
    ///
    /// # Errors
    /// Those of the operating system.
    pub(super) fn serve<A, I>(self, app: impl Fn() -> I + Send + Clone + 'static) -> io::Result<Server>
    where
        I: IntoServiceFactory<A, Request>,
        A: ServiceFactory<Request, Config = AppConfig, Response = ServiceResponse, Error = Error> + 'static,
        A::InitError: fmt::Debug,
        <A::Service as Service<Request>>::Future: 'static,
    {
        let builder = Server::build()
            .workers(self.workers)
            .max_concurrent_connections((self.connections / self.workers).max(1))
            .shutdown_timeout(self.grace.as_secs())
            .disable_signals();
        let stopping = builder.graceful_shutdown_signal();
        let (slots, uncounted, database) = (self.slots, self.uncounted, self.database);
        let builder = builder.listen("http", self.socket, move || {
            let (slots, uncounted, stopping) = (slots.clone(), uncounted.clone(), stopping.clone());
            spawn(watch_load(Arc::clone(&database)));
            let http = HttpService::build()
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                // The connection itself counts the time between two requests.
                .keep_alive(KeepAlive::Os)
                .client_request_timeout(FIRST_HEAD)
                .client_disconnect_timeout(CLOSING)
                // A client that hangs up releases its waiting slot at once.
                .h1_allow_half_closed(false)
                .h1_write_buffer_size(FLUSHED_AT)
                .on_connect_ext(|connection: &Connection, data| {
                    data.insert(Rc::clone(&connection.exchange));
                })
                .h1(map_config(apply_fn_factory(app(), answer), |()| AppConfig::default()));
            let serve = move |stream: TcpStream, http: &_| serve(admit(stream, &slots, &uncounted), http);
            apply_fn_factory(http, serve).map_err(|error| log(&error))
        })?;
        Ok(builder.run())
    }
}

/// A connection that was taken, with the slot that it has as long as it lives.
struct Admitted {
    connection: Connection,
    peer: SocketAddr,
    slot: Option<Slot>,
}

/// Serves a connection, and then the stream of events that may have left it.
fn serve<H>(
    admitted: Result<Admitted, DispatchError>,
    http: &H,
) -> impl Future<Output = Result<(), DispatchError>> + use<H>
where
    H: Service<(Connection, Option<SocketAddr>), Response = (), Error = DispatchError>,
{
    let begun = admitted.map(|Admitted { connection, peer, slot }| {
        let exchange = Rc::clone(&connection.exchange);
        // In a place of its own, which is given back before a stream goes on.
        (Box::pin(http.call((connection, Some(peer)))), exchange, slot)
    });
    async move {
        let (served, exchange, _slot) = begun?;
        served.await?;
        match exchange.left() {
            Some(stream) => stream.send().await.map_err(DispatchError::Io),
            None => Ok(()),
        }
    }
}

/// Takes a connection, unless its address has as many as it may have.
fn admit(stream: TcpStream, slots: &Slots, uncounted: &[IpNet]) -> Result<Admitted, DispatchError> {
    let peer = stream.peer_addr()?;
    let address = peer.ip().to_canonical();
    if uncounted.iter().any(|network| network.contains(&address)) {
        return Ok(Admitted { connection: Connection::new(stream), peer, slot: None });
    }
    let Some(slot) = slots.try_acquire(ClientSubject::new(address).address()) else {
        static BUDGET: LogBudget = LogBudget::new();
        if let Some(withheld) = BUDGET.spend() {
            tracing::warn!(client = %address, withheld, "limits.connections_per_ip: {address} has as many as it may have");
        }
        return Err(io::Error::from(io::ErrorKind::ConnectionRefused).into());
    };
    Ok(Admitted { connection: Connection::new(stream), peer, slot: Some(slot) })
}

/// Logs what a client has sent against the rules of HTTP. That a connection broke is no fault of ours or theirs.
fn log(error: &DispatchError) {
    static BUDGET: LogBudget = LogBudget::new();
    if matches!(error, DispatchError::Io(_) | DispatchError::DisconnectTimeout) {
        return;
    }
    if let Some(withheld) = BUDGET.spend() {
        tracing::warn!(withheld, "a connection was closed: {error}");
    }
}

/// Answers a request, so that its connection knows when it is our turn, and gets the answer in small pieces.
fn answer<S>(request: Request, app: &S) -> impl Future<Output = Result<Response<InPieces>, Error>> + use<S>
where
    S: Service<Request, Response = ServiceResponse, Error = Error>,
{
    let answering = request.conn_data::<Rc<Exchange>>().map(Answering::begin);
    let is_get = request.method() == Method::GET && request.version() == Version::HTTP_11;
    let answer = app.call(request);
    async move {
        let answer: Response<BoxBody> = answer.await?.into();
        let is_last = answer.head().connection_type() == ConnectionType::Close;
        let can_leave = is_get && is_last && answer.body().size() == BodySize::Stream;
        Ok(answer.map_body(|_, body| InPieces { body, rest: Bytes::new(), can_leave, answering }))
    }
}
