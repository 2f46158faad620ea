//! The one connection that all requests of a node share.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use redis::FromRedisValue;
use saoma_domain::ports::StoreError;
use tokio::{runtime::Handle, time::timeout};

use super::{
    breaker::CircuitBreaker,
    connector::{Connection, Connector},
    error::RequestError,
    request::Request,
};

/// How long a connection may take to be made. A request that waits for it gives up earlier.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// The connection, made when the first request needs it and again after it broke.
pub(crate) struct SharedConnection {
    connector: Arc<Connector>,
    breaker: CircuitBreaker,
    /// The name of this Redis in the texts of errors.
    name: String,
    /// How long one request may take.
    limit: Duration,
    // A connection lives as long as the runtime on which it was made, not as long as the first request.
    runtime: Handle,
    current: Mutex<CurrentConnection>,
    /// Whether Redis refused a write, and has not taken one since.
    refuses_writes: AtomicBool,
}

type Connecting = Shared<BoxFuture<'static, Result<Connection, RequestError>>>;

#[derive(Default)]
struct CurrentConnection {
    connecting: Option<Connecting>,
    /// Counts the connections, so that a request that failed never drops a newer connection than its own.
    number: u64,
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
            current: Mutex::default(),
            refuses_writes: AtomicBool::new(false),
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
        self.try_ask(request)
            .await
            .map_err(|error| StoreError::Unavailable(format!("{}: {error}", self.name)))
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

    /// Notes that Redis took a write.
    pub(crate) fn takes_writes(&self) {
        if self.refuses_writes.swap(false, Ordering::Relaxed) {
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
        let (number, connecting) = self.connecting();
        let mut repairs_itself = false;
        let asking = async {
            let mut connection = connecting.await?;
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
                if is_open || !repairs_itself {
                    self.drop_connection(number);
                }
            }
        }
        answer
    }

    /// Returns the connection, or the one that is being made, and its number.
    fn connecting(&self) -> (u64, Connecting) {
        let mut current = self.lock();
        if let Some(connecting) = &current.connecting {
            return (current.number, connecting.clone());
        }
        let connector = Arc::clone(&self.connector);
        let connect = async move {
            let late = || RequestError::Unavailable(format!("no connection within {CONNECT_LIMIT:?}"));
            timeout(CONNECT_LIMIT, connector.connect()).await.unwrap_or_else(|_| Err(late()))
        };
        // A task, because requests give up before a slow connection is made.
        let connect = self.runtime.spawn(connect).map(|connected| {
            let stopped = |_| Err(RequestError::Unavailable("this process is shutting down".to_owned()));
            connected.unwrap_or_else(stopped)
        });
        let connecting = connect.boxed().shared();
        current.number += 1;
        current.connecting = Some(connecting.clone());
        (current.number, connecting)
    }

    /// Drops a connection, unless it was dropped already or is still being made.
    fn drop_connection(&self, number: u64) {
        let mut current = self.lock();
        let is_made = current.connecting.as_ref().is_some_and(|connecting| connecting.peek().is_some());
        if current.number == number && is_made {
            current.connecting = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, CurrentConnection> {
        // No code panics while it holds the lock, and what it guards is valid at any moment.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
