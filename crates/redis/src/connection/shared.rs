//! The connections that the requests of a node share.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use redis::FromRedisValue;
use saoma_domain::ports::{CallTimes, Measure, MeasuredSystem, StoreError};
use tokio::{
    runtime::{self, Handle, RuntimeFlavor},
    time::{Instant, timeout},
};
use tracing::Instrument as _;

use super::{
    breaker::CircuitBreaker,
    connector::{Connection, Connector},
    error::RequestError,
    request::Request,
};

/// How long a connection may take to be made. A request that waits for it gives up earlier.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// How many threads may have a connection of their own; the requests of others share one.
const OWN_CONNECTIONS: usize = 64;

/// The threads that have asked for a connection of their own, in all stores of the process.
static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static THREAD: usize = THREADS.fetch_add(1, Ordering::Relaxed);
}

/// The connections of a node, each made when the first request needs it and again after one broke.
///
/// A thread with a runtime of its own, as each worker of actix-web has, gets a connection of its own that this runtime drives:
/// so a request wakes no other thread. All other requests share one, which the runtime drives on which the store was made.
///
/// The connections are of one generation: where one is given up, all are, and made again when they are needed. So no thread goes
/// on with a server that another has found to be gone or to take no writes.
pub(crate) struct SharedConnection {
    connector: Arc<Connector>,
    breaker: CircuitBreaker,
    /// The name of this Redis in the texts of errors.
    name: String,
    /// How long one request may take.
    limit: Duration,
    // A connection lives as long as the runtime on which it was made, not as long as the first request.
    runtime: Handle,
    common: Mutex<CurrentConnection>,
    own: Vec<Mutex<CurrentConnection>>,
    /// Counts the generations of connections, so that a request that failed never gives up newer ones than its own.
    generation: AtomicU64,
    /// Whether Redis refused a write, and has not taken one since.
    refuses_writes: AtomicBool,
    /// How long requests took that were answered, and those that failed.
    times: [CallTimes; 2],
}

type Connecting = Shared<BoxFuture<'static, Result<Connection, RequestError>>>;

#[derive(Default)]
enum CurrentConnection {
    #[default]
    None,
    Connecting(Made, Connecting),
    Connected(Made, Connection),
}

/// Which connection it is.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Made {
    generation: u64,
    /// The runtime that drives it.
    runtime: runtime::Id,
}

impl SharedConnection {
    pub(crate) fn new(
        connector: Arc<Connector>,
        breaker: CircuitBreaker,
        name: String,
        limit: Duration,
        runtime: Handle,
    ) -> Self {
        Self {
            connector,
            breaker,
            name,
            limit,
            runtime,
            common: Mutex::default(),
            own: (0..OWN_CONNECTIONS).map(|_| Mutex::default()).collect(),
            generation: AtomicU64::new(0),
            refuses_writes: AtomicBool::new(false),
            times: Default::default(),
        }
    }

    pub(crate) fn is_cluster(&self) -> bool {
        self.connector.is_cluster()
    }

    /// Returns the name of this Redis in the texts of errors, with its address and without a password.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Sends a request and waits for the answer, for as long as one request may take.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] that names Redis, its address and the cause.
    pub(crate) async fn ask<T: FromRedisValue>(&self, request: &Request) -> Result<T, StoreError> {
        let began = Instant::now();
        let span = request.span();
        let answer = self.try_ask(request).instrument(span.clone()).await;
        if answer.is_err() {
            saoma_trace::fail(&span, "unavailable");
        }
        let [ok, failed] = &self.times;
        if answer.is_ok() { ok } else { failed }.observe(began.elapsed());
        answer.map_err(|error| StoreError::Unavailable(format!("{}: {error}", self.name)))
    }

    /// Returns how long requests took.
    pub(crate) fn measures(&self) -> Vec<Measure> {
        let outcomes = self.times.iter().zip(["ok", "failed"]);
        let measures = outcomes.map(|(times, outcome)| Measure {
            system: MeasuredSystem::Store,
            labels: vec![("outcome", outcome.to_owned())],
            times: times.counted(),
        });
        measures.collect()
    }

    /// Reads a cached entry. One that could not be replaced is worse than none, so that a Redis which refuses writes is
    /// not believed.
    ///
    /// # Errors
    /// As [`SharedConnection::ask`].
    pub(crate) async fn ask_cache<T: FromRedisValue>(&self, request: &Request) -> Result<T, StoreError> {
        if self.refuses_writes.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable(format!("{}: it refuses writes", self.name)));
        }
        self.ask(request).await
    }

    /// Notes that Redis took a write. Connections that were made while it refused them may lead to another server than the one
    /// that has taken it, and are given up.
    pub(crate) fn takes_writes(&self) {
        if self.refuses_writes.swap(false, Ordering::Relaxed) {
            self.generation.fetch_add(1, Ordering::AcqRel);
            tracing::info!("{}: it takes writes again", self.name);
        }
    }

    /// Notes that Redis refused a write.
    fn refused_a_write(&self, cause: &RequestError) {
        if !self.refuses_writes.swap(true, Ordering::Relaxed) {
            tracing::error!("{}: {cause}; nothing that it has cached is believed meanwhile", self.name);
        }
    }

    async fn try_ask<T: FromRedisValue>(&self, request: &Request) -> Result<T, RequestError> {
        let Some(permit) = self.breaker.enter() else {
            return Err(RequestError::Unavailable("the last requests failed".to_owned()));
        };
        let mut made = None;
        let mut repairs_itself = false;
        let asking = async {
            let (generation, mut connection) = self.connection().await?;
            made = Some(generation);
            repairs_itself = connection.repairs_itself();
            send(&mut connection, request).await
        };
        let late = || RequestError::Unavailable(format!("no answer within {:?}", self.limit));
        let answer = timeout(self.limit, asking).await.unwrap_or_else(|_| Err(late()));
        match &answer {
            Ok(_) | Err(RequestError::Refused(_) | RequestError::UnknownScript) => permit.succeeded(),
            Err(cause @ (RequestError::Unavailable(_) | RequestError::ReadOnly(_))) => {
                if let RequestError::ReadOnly(_) = cause {
                    self.refused_a_write(cause);
                }
                let is_open = permit.failed();
                if let Some(generation) = made
                    && (is_open || !repairs_itself)
                {
                    self.give_up(generation);
                }
            }
        }
        answer
    }

    /// Returns the connection for the requests of this thread, with its generation.
    async fn connection(&self) -> Result<(u64, Connection), RequestError> {
        let (place, runtime) = self.place();
        let made = Made { generation: self.generation.load(Ordering::Acquire), runtime: runtime.id() };
        let connecting = {
            let mut current = lock(place);
            match &*current {
                CurrentConnection::Connected(known, connection) if *known == made => {
                    return Ok((made.generation, connection.clone()));
                }
                CurrentConnection::Connecting(known, connecting)
                    if *known == made && !connecting.peek().is_some_and(Result::is_err) =>
                {
                    connecting.clone()
                }
                CurrentConnection::None
                | CurrentConnection::Connecting(..)
                | CurrentConnection::Connected(..) => {
                    let connecting = self.connect(&runtime);
                    *current = CurrentConnection::Connecting(made, connecting.clone());
                    connecting
                }
            }
        };
        let connection = connecting.await?;
        let mut current = lock(place);
        if matches!(&*current, CurrentConnection::Connecting(known, _) if *known == made) {
            *current = CurrentConnection::Connected(made, connection.clone());
        }
        Ok((made.generation, connection))
    }

    /// Returns the place of this thread's connection, and the runtime that drives it.
    fn place(&self) -> (&Mutex<CurrentConnection>, Handle) {
        let own =
            Handle::try_current().ok().filter(|own| own.runtime_flavor() == RuntimeFlavor::CurrentThread);
        let own = own.and_then(|runtime| Some((self.own.get(THREAD.with(|thread| *thread))?, runtime)));
        own.unwrap_or_else(|| (&self.common, self.runtime.clone()))
    }

    fn connect(&self, runtime: &Handle) -> Connecting {
        let connector = Arc::clone(&self.connector);
        let connect = async move {
            let late = || RequestError::Unavailable(format!("no connection within {CONNECT_LIMIT:?}"));
            timeout(CONNECT_LIMIT, connector.connect()).await.unwrap_or_else(|_| Err(late()))
        };
        // A task, because requests give up before a slow connection is made.
        let connect = runtime.spawn(connect).map(|connected| {
            let stopped = |_| Err(RequestError::Unavailable("this process is shutting down".to_owned()));
            connected.unwrap_or_else(stopped)
        });
        connect.boxed().shared()
    }

    /// Gives up the connections of a generation, unless that has happened already.
    fn give_up(&self, generation: u64) {
        // What fails is that another request was first.
        let _ = self.generation.compare_exchange(
            generation,
            generation.wrapping_add(1),
            Ordering::AcqRel,
            Ordering::Relaxed,
        );
    }
}

fn lock(place: &Mutex<CurrentConnection>) -> MutexGuard<'_, CurrentConnection> {
    // No code panics while it holds the lock, and what it guards is valid at any moment.
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn send<T: FromRedisValue>(connection: &mut Connection, request: &Request) -> Result<T, RequestError> {
    let answer = connection.query(&request.cmd).await.map_err(RequestError::from);
    if let Err(RequestError::UnknownScript) = answer
        && let Some(whole) = request.with_script()
    {
        return Ok(connection.query(&whole).await?);
    }
    answer
}
