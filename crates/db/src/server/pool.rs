//! A pool of connections to a server.

use std::{pin::Pin, time::Duration};

use deadpool::Runtime;
use diesel::ConnectionResult;
use diesel_async::{
    AsyncConnection,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, PoolError as DriverError, PoolableConnection,
        RecyclingMethod, deadpool::Pool,
    },
};

use super::{Address, OPENING};
use crate::{ConnectError, failure::Failure};

/// How long an attempt at a rule may take: each statement has a second and hardly any needs a hundredth of it, so
/// an attempt that is not done by now talks to a server that is not there any more.
pub(crate) const ATTEMPT: Duration = Duration::from_secs(2);

/// How long a rule waits for a connection when all are busy.
const PATIENCE: Duration = Duration::from_millis(500);

/// A connection that is being made.
pub(crate) type Opening<C> = Pin<Box<dyn Future<Output = ConnectionResult<C>> + Send>>;

/// Makes a pool of connections, each of them made by `open`, and tries the first one.
pub(crate) async fn open_pool<C>(
    address: &Address,
    open: impl Fn() -> Opening<C> + Send + Sync + 'static,
) -> Result<Pool<C>, ConnectError>
where
    C: AsyncConnection + PoolableConnection + Send + 'static,
    AsyncDieselConnectionManager<C>: deadpool::managed::Manager<Type = C, Error = DriverError>,
{
    let mut config = ManagerConfig::<C>::default();
    config.custom_setup = Box::new(move |_| open());
    // An attempt that meets a lost connection takes it out of the pool, so none needs to be tried before use.
    config.recycling_method = RecyclingMethod::Fast;
    let pool = Pool::builder(AsyncDieselConnectionManager::new_with_config("", config))
        .max_size(address.connections)
        .wait_timeout(Some(PATIENCE))
        .create_timeout(Some(OPENING))
        .runtime(Runtime::Tokio1)
        .build();
    let address = || address.to_string();
    let pool =
        pool.map_err(|error| ConnectError::Failed { address: address(), reason: error.to_string() })?;
    match pool.get().await {
        Ok(_) => Ok(pool),
        Err(error) => {
            Err(ConnectError::NoConnection { address: address(), reason: Failure::from(error).cause() })
        }
    }
}
