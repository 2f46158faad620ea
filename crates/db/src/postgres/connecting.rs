//! Opening a database on a PostgreSQL server, and what each connection is told.

use std::{sync::Arc, time::Duration};

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::SimpleAsyncConnection;
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use secrecy::ExposeSecret;
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{dialect::Connection, store::Store};
use crate::{
    error::ConnectError,
    server::{ATTEMPT, Address, Encryption, Endpoint, OPENING, Opening, open_pool, roots},
};

pub(super) const PORT: u16 = 5432;

/// What each connection is told.
///
/// * A statement has a second; a lock a quarter of that, since a rule is tried four times.
/// * A transaction that its node has forgotten, or that died with it unnoticed, does not keep its locks.
const SETTINGS: &str = "SET statement_timeout = 1000; \
    SET lock_timeout = 250; \
    SET idle_in_transaction_session_timeout = 5000";

/// How long the system goes on sending to a server that acknowledges nothing.
const SILENCE: Duration = Duration::from_secs(5);

/// How long a connection lies idle until the system asks whether the server is still there.
const IDLE: Duration = Duration::from_secs(30);

/// What opens connections.
pub(super) struct Connector {
    config: tokio_postgres::Config,
    tls: MakeRustlsConnect,
    /// What each connection is told.
    settings: String,
    /// Makes the schema, where one is named.
    new_schema: Option<String>,
}

impl Connector {
    pub(super) fn new(address: &Address) -> Result<Self, ConnectError> {
        let mut config = tokio_postgres::Config::new();
        match &address.endpoint {
            Endpoint::Tcp(host, port) => config.host(host).port(*port),
            Endpoint::Socket(path) => config.host_path(path).port(PORT),
        };
        if let Some(password) = &address.password {
            config.password(password.expose_secret());
        }
        config
            .user(&address.user)
            .dbname(&address.database)
            .application_name("saoma")
            .connect_timeout(OPENING)
            .tcp_user_timeout(SILENCE)
            .keepalives_idle(IDLE)
            // After a failover the old server may go on as a read-only replica.
            .target_session_attrs(TargetSessionAttrs::ReadWrite)
            .ssl_mode(match address.encryption {
                Encryption::Disable => SslMode::Disable,
                Encryption::Prefer => SslMode::Prefer,
                Encryption::Require => SslMode::Require,
            });
        let schema = address.schema.as_deref();
        let settings = schema.map_or_else(
            || SETTINGS.to_owned(),
            |schema| format!("{SETTINGS}; SET search_path = \"{schema}\""),
        );
        let tls = MakeRustlsConnect::new(client_config(address)?);
        Ok(Self { config, tls, settings, new_schema: schema.map(new_schema) })
    }

    pub(super) async fn open(&self) -> ConnectionResult<Connection> {
        let (client, connection) =
            self.config.connect(self.tls.clone()).await.map_err(|error| explain(&error))?;
        let mut connection = Connection::try_from_client_and_connection(client, connection).await?;
        let set = connection.batch_execute(&self.settings).await;
        set.map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(connection)
    }

    /// Makes the schema that the URL names, if it is not there.
    async fn make_schema(&self) -> ConnectionResult<()> {
        let Some(new_schema) = &self.new_schema else { return Ok(()) };
        let made = self.open().await?.batch_execute(new_schema).await;
        made.map_err(ConnectionError::CouldntSetupConfiguration)
    }
}

/// Returns the statement that makes a schema. Who may not make one can use one that is there; of two nodes at once, one makes
/// it.
fn new_schema(name: &str) -> String {
    format!(
        "DO $$ BEGIN \
           IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = '{name}') THEN CREATE SCHEMA \"{name}\"; END IF; \
         EXCEPTION WHEN duplicate_schema OR unique_violation THEN NULL; \
         END $$"
    )
}

fn client_config(address: &Address) -> Result<ClientConfig, ConnectError> {
    let failed = |error: rustls::Error| ConnectError::Failed {
        address: address.to_string(),
        reason: error.to_string(),
    };
    let mut store = RootCertStore::empty();
    for certificate in roots(address.encryption, address.roots.as_deref())? {
        store.add(certificate).map_err(failed)?;
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(failed)?;
    Ok(builder.with_root_certificates(store).with_no_client_auth())
}

/// The driver says only what it was doing; why that failed stands in the causes.
fn explain(error: &tokio_postgres::Error) -> ConnectionError {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    ConnectionError::BadConnection(text)
}

impl Store {
    /// Opens a database as [`connect`](crate::connect) does, by a URL that begins with `postgres:` or `postgresql:`.
    ///
    /// # Errors
    /// [`ConnectError`] says whether the URL is wrong or the server gave no connection.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        let address = Address::parse(url, PORT)?;
        let connector = Arc::new(Connector::new(&address)?);
        if let Err(error) = connector.make_schema().await {
            return Err(ConnectError::NoConnection {
                address: address.to_string(),
                reason: error.to_string(),
            });
        }
        let open = move || -> Opening<Connection> {
            let connector = Arc::clone(&connector);
            Box::pin(async move { connector.open().await })
        };
        let pool = open_pool(&address, open).await?;
        Ok(Self::new(&address.to_string(), pool, address.connections, Some(ATTEMPT)))
    }
}
