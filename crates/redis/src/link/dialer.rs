//! Making connections.

use std::sync::atomic::{AtomicUsize, Ordering};

use deadpool_redis::{
    Connection, Manager, Pool, PoolError,
    cluster::{self, ClusterConnection},
    sentinel::{self, SentinelNodeConnectionInfo, SentinelServerType, TlsMode},
};
use redis::{
    Client, Cmd, FromRedisValue, RedisError, RedisResult,
    aio::{MultiplexedConnection, PubSub},
    sentinel::SentinelClient,
};
use tokio::sync::Mutex;

use super::Failure;
use crate::address::{Address, Kind};

/// A connection that any number of requests share; a clone uses the same one.
#[derive(Clone)]
pub(super) enum Link {
    Server(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Link {
    pub(super) async fn query<T: FromRedisValue>(&mut self, cmd: &Cmd) -> Result<T, RedisError> {
        match self {
            Self::Server(connection) => cmd.query_async(connection).await,
            Self::Cluster(connection) => cmd.query_async(connection).await,
        }
    }

    /// Returns whether a broken link mends itself.
    pub(super) fn mends_itself(&self) -> bool {
        match self {
            Self::Server(_) => false,
            Self::Cluster(_) => true,
        }
    }
}

/// Makes connections to one Redis.
pub(crate) enum Dialer {
    Single { pool: Pool, server: Box<Client> },
    Sentinel { pool: sentinel::Pool, sentinels: Box<Mutex<SentinelClient>> },
    Cluster { pool: cluster::Pool, nodes: Vec<Client>, next: AtomicUsize },
}

impl Dialer {
    /// Prepares to connect; nothing goes over the network yet.
    pub(crate) fn new(address: &Address) -> Result<Self, Failure> {
        match &address.kind {
            Kind::Single => single(address),
            Kind::Sentinel { primary } => with_sentinels(address, primary.clone()),
            Kind::Cluster => with_cluster(address),
        }
    }

    pub(crate) fn is_cluster(&self) -> bool {
        match self {
            Self::Single { .. } | Self::Sentinel { .. } => false,
            Self::Cluster { .. } => true,
        }
    }

    /// Connects for requests. What is taken out of the pool is never given back: it is shared instead.
    pub(super) async fn dial(&self) -> Result<Link, Failure> {
        match self {
            Self::Single { pool, .. } => {
                pool.get().await.map(|found| Link::Server(Connection::take(found))).map_err(of_pool)
            }
            Self::Sentinel { pool, .. } => {
                let found = pool.get().await.map_err(of_pool)?;
                Ok(Link::Server(sentinel::Connection::take(found)))
            }
            Self::Cluster { pool, .. } => {
                let found = pool.get().await.map_err(of_pool)?;
                Ok(Link::Cluster(cluster::Connection::take(found)))
            }
        }
    }

    /// Connects for a subscription: to the primary, or to the nodes of a Cluster in turn.
    pub(crate) async fn dial_to_listen(&self) -> Result<PubSub, Failure> {
        let found = match self {
            Self::Single { server, .. } => server.get_async_pubsub().await,
            Self::Sentinel { sentinels, .. } => {
                let primary = sentinels.lock().await.async_get_client().await?;
                primary.get_async_pubsub().await
            }
            Self::Cluster { nodes, next, .. } => {
                let turn = next.fetch_add(1, Ordering::Relaxed) % nodes.len().max(1);
                match nodes.get(turn) {
                    Some(node) => node.get_async_pubsub().await,
                    None => return Err(Failure::Away("no node is known".to_owned())),
                }
            }
        };
        Ok(found?)
    }
}

fn single(address: &Address) -> Result<Dialer, Failure> {
    let Some(server) = address.servers()?.into_iter().next() else {
        return Err(Failure::Away("no server is known".to_owned()));
    };
    let manager = Manager::new(server.clone())?;
    let pool = Pool::builder(manager).build().map_err(|_| without_runtime())?;
    Ok(Dialer::Single { pool, server: Box::new(Client::open(server)?) })
}

fn with_sentinels(address: &Address, primary: String) -> Result<Dialer, Failure> {
    let of_server = SentinelNodeConnectionInfo {
        tls_mode: address.tls.then_some(TlsMode::Secure),
        redis_connection_info: Some(address.login().into()),
    };
    let manager = sentinel::Manager::new(
        address.sentinels()?,
        primary.clone(),
        Some(of_server.clone()),
        SentinelServerType::Master,
    )?;
    let pool = sentinel::Pool::builder(manager).build().map_err(|_| without_runtime())?;
    let sentinels = SentinelClient::build(
        address.sentinels()?,
        primary,
        Some(of_server.into()),
        redis::sentinel::SentinelServerType::Master,
    )?;
    Ok(Dialer::Sentinel { pool, sentinels: Box::new(Mutex::new(sentinels)) })
}

fn with_cluster(address: &Address) -> Result<Dialer, Failure> {
    let manager = cluster::Manager::new(address.servers()?, false)?;
    let pool = cluster::Pool::builder(manager).build().map_err(|_| without_runtime())?;
    let nodes = address.servers()?.into_iter().map(Client::open).collect::<RedisResult<_>>()?;
    Ok(Dialer::Cluster { pool, nodes, next: AtomicUsize::new(0) })
}

fn without_runtime() -> Failure {
    Failure::Away("the pool of connections cannot be made".to_owned())
}

fn of_pool(error: PoolError) -> Failure {
    match error {
        PoolError::Backend(error) => match Failure::from(error) {
            // Whoever cannot connect, for whatever reason, has no Redis.
            Failure::Away(reason) | Failure::Refused(reason) => Failure::Away(reason),
            Failure::NoScript => Failure::Away("it cannot be connected to".to_owned()),
        },
        PoolError::Timeout(_)
        | PoolError::Closed
        | PoolError::NoRuntimeSpecified
        | PoolError::PostCreateHook(_) => Failure::Away("it cannot be connected to".to_owned()),
    }
}
