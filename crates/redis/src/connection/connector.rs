//! Making connections.

use std::sync::atomic::{AtomicUsize, Ordering};

use deadpool_redis::{
    Connection as PooledConnection, Manager, Pool, PoolError,
    cluster::{self, ClusterConnection},
    sentinel::{self, SentinelNodeConnectionInfo, SentinelServerType, TlsMode},
};
use redis::{
    Client, Cmd, FromRedisValue, RedisError, RedisResult,
    aio::{MultiplexedConnection, PubSub},
    sentinel::SentinelClient,
};
use tokio::sync::Mutex;

use super::error::RequestError;
use crate::address::{Address, Topology};

/// A connection that any number of requests share. A clone is the same connection.
#[derive(Clone)]
pub(super) enum Connection {
    Server(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Connection {
    pub(super) async fn query<T: FromRedisValue>(&mut self, cmd: &Cmd) -> Result<T, RedisError> {
        match self {
            Self::Server(connection) => cmd.query_async(connection).await,
            Self::Cluster(connection) => cmd.query_async(connection).await,
        }
    }

    /// Returns whether a broken connection repairs itself.
    pub(super) fn repairs_itself(&self) -> bool {
        match self {
            Self::Server(_) => false,
            Self::Cluster(_) => true,
        }
    }
}

/// Makes connections to one Redis.
pub(crate) enum Connector {
    Single { pool: Pool, server: Box<Client> },
    Sentinel { pool: sentinel::Pool, sentinels: Box<Mutex<SentinelClient>> },
    Cluster { pool: cluster::Pool, nodes: Vec<Client>, next: AtomicUsize },
}

impl Connector {
    /// Prepares to connect; nothing goes over the network yet.
    pub(crate) fn new(address: &Address) -> Result<Self, RequestError> {
        match &address.topology {
            Topology::Single => single(address),
            Topology::Sentinel { primary } => with_sentinels(address, primary.clone()),
            Topology::Cluster => with_cluster(address),
        }
    }

    pub(crate) fn is_cluster(&self) -> bool {
        match self {
            Self::Single { .. } | Self::Sentinel { .. } => false,
            Self::Cluster { .. } => true,
        }
    }

    /// Connects for requests. A connection is taken out of the pool for ever: all requests share it.
    pub(super) async fn connect(&self) -> Result<Connection, RequestError> {
        match self {
            Self::Single { pool, .. } => pool
                .get()
                .await
                .map(|found| Connection::Server(PooledConnection::take(found)))
                .map_err(of_pool),
            Self::Sentinel { pool, .. } => {
                let found = pool.get().await.map_err(of_pool)?;
                Ok(Connection::Server(sentinel::Connection::take(found)))
            }
            Self::Cluster { pool, .. } => {
                let found = pool.get().await.map_err(of_pool)?;
                Ok(Connection::Cluster(cluster::Connection::take(found)))
            }
        }
    }

    /// Connects for a subscription: to the primary, or to the nodes of a Cluster, one after the other.
    pub(crate) async fn connect_to_subscribe(&self) -> Result<PubSub, RequestError> {
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
                    None => return Err(RequestError::Unavailable("no address is known".to_owned())),
                }
            }
        };
        Ok(found?)
    }
}

fn single(address: &Address) -> Result<Connector, RequestError> {
    let Some(server) = address.servers()?.into_iter().next() else {
        return Err(RequestError::Unavailable("no address is known".to_owned()));
    };
    let manager = Manager::new(server.clone())?;
    let pool = Pool::builder(manager).build().map_err(|_| without_runtime())?;
    Ok(Connector::Single { pool, server: Box::new(Client::open(server)?) })
}

fn with_sentinels(address: &Address, primary: String) -> Result<Connector, RequestError> {
    let of_server = SentinelNodeConnectionInfo {
        tls_mode: address.tls.then_some(TlsMode::Secure),
        redis_connection_info: Some(address.server_settings().into()),
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
    Ok(Connector::Sentinel { pool, sentinels: Box::new(Mutex::new(sentinels)) })
}

fn with_cluster(address: &Address) -> Result<Connector, RequestError> {
    let manager = cluster::Manager::new(address.servers()?, false)?;
    let pool = cluster::Pool::builder(manager).build().map_err(|_| without_runtime())?;
    let nodes = address.servers()?.into_iter().map(Client::open).collect::<RedisResult<_>>()?;
    Ok(Connector::Cluster { pool, nodes, next: AtomicUsize::new(0) })
}

fn without_runtime() -> RequestError {
    RequestError::Unavailable("the connection pool has no runtime".to_owned())
}

fn of_pool(error: PoolError) -> RequestError {
    match error {
        PoolError::Backend(error) => match RequestError::from(error) {
            // Without a connection Redis is unavailable, whatever the reason.
            RequestError::Unavailable(reason)
            | RequestError::ReadOnly(reason)
            | RequestError::Refused(reason) => RequestError::Unavailable(reason),
            RequestError::UnknownScript => RequestError::Unavailable("the connection failed".to_owned()),
        },
        PoolError::Timeout(_)
        | PoolError::Closed
        | PoolError::NoRuntimeSpecified
        | PoolError::PostCreateHook(_) => RequestError::Unavailable("the connection failed".to_owned()),
    }
}
