//! Asking Redis.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use redis::FromRedisValue;
use tokio::{runtime::Handle, time::timeout};

use super::{
    Breaker, Failure, Request,
    dialer::{Dialer, Link},
};

/// How long it may take to connect; whoever asks meanwhile gives up earlier.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// The one connection that all requests share, made when it is needed and after it broke.
pub(crate) struct Wire {
    dialer: Arc<Dialer>,
    breaker: Breaker,
    /// How long one use of Redis may take.
    limit: Duration,
    // Connections live as long as the runtime on which they were made, not as long as who asked first.
    runtime: Handle,
    hot: Mutex<Hot>,
}

type Dialling = Shared<BoxFuture<'static, Result<Link, Failure>>>;

#[derive(Default)]
struct Hot {
    dialling: Option<Dialling>,
    /// Counts the connections, so that nobody drops a newer one than that which failed him.
    number: u64,
}

impl Wire {
    pub(crate) fn new(dialer: Arc<Dialer>, breaker: Breaker, limit: Duration, runtime: Handle) -> Self {
        Self { dialer, breaker, limit, runtime, hot: Mutex::default() }
    }

    pub(crate) fn is_cluster(&self) -> bool {
        self.dialer.is_cluster()
    }

    /// Asks Redis, for as long as one use may take.
    pub(crate) async fn ask<T: FromRedisValue>(&self, request: &Request) -> Result<T, Failure> {
        let Some(pass) = self.breaker.enter() else {
            return Err(Failure::Away("it did not answer lately".to_owned()));
        };
        let (number, dialling) = self.dialling();
        let mut mends_itself = false;
        let asking = async {
            let mut link = dialling.await?;
            mends_itself = link.mends_itself();
            put(&mut link, request).await
        };
        let answer = timeout(self.limit, asking).await;
        let answer = answer.unwrap_or_else(|_| Err(Failure::Away("it took too long".to_owned())));
        match &answer {
            Ok(_) | Err(Failure::Refused(_) | Failure::NoScript) => pass.succeeded(),
            Err(Failure::Away(_)) => {
                let is_open = pass.failed();
                if is_open || !mends_itself {
                    self.hang_up(number);
                }
            }
        }
        answer
    }

    /// Returns the connection, or that which is being made, and its number.
    fn dialling(&self) -> (u64, Dialling) {
        let mut hot = self.lock();
        if let Some(dialling) = &hot.dialling {
            return (hot.number, dialling.clone());
        }
        let dialer = Arc::clone(&self.dialer);
        let dial = async move {
            let link = timeout(CONNECT_LIMIT, dialer.dial()).await;
            link.unwrap_or_else(|_| Err(Failure::Away("connecting took too long".to_owned())))
        };
        // A task, because those who ask give up before a slow connection is made.
        let dial = self.runtime.spawn(dial).map(|dialled| {
            dialled.unwrap_or_else(|_| Err(Failure::Away("the runtime is going down".to_owned())))
        });
        let dialling = dial.boxed().shared();
        hot.number += 1;
        hot.dialling = Some(dialling.clone());
        (hot.number, dialling)
    }

    /// Drops a connection, unless it was dropped already or is still being made.
    fn hang_up(&self, number: u64) {
        let mut hot = self.lock();
        if hot.number == number && hot.dialling.as_ref().is_some_and(|dialling| dialling.peek().is_some()) {
            hot.dialling = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Hot> {
        // No code panics while it holds the lock, and what it guards is good at any moment.
        self.hot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn put<T: FromRedisValue>(link: &mut Link, request: &Request) -> Result<T, Failure> {
    match request {
        Request::Command(cmd) => Ok(link.query(cmd).await?),
        Request::Script { known, whole } => match link.query(known).await.map_err(Failure::from) {
            Err(Failure::NoScript) => Ok(link.query(whole).await?),
            other => other,
        },
    }
}
