//! Opening a database on a MySQL or MariaDB server, and what each connection is told.

use std::sync::Arc;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::SimpleAsyncConnection;
use mysql_async::{Conn, DriverError, Opts, OptsBuilder, SslOpts};
use secrecy::ExposeSecret;

use super::{dialect::Connection, store::Store};
use crate::{
    error::ConnectError,
    server::{ATTEMPT, Address, Encryption, Endpoint, Opening, open_pool, roots},
};

const PORT: u16 = 3306;

/// What each connection is told first.
///
/// * READ COMMITTED, which locks no gaps; values that do not fit are refused, not cut.
/// * Errors in the language that they are recognized in.
const LANGUAGE: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; \
    SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', lc_messages = 'en_US'";

/// What each connection is told next: a statement and a lock have a second, and a transaction that its node has
/// forgotten does not keep its locks. MariaDB reads the one kind of comment and MySQL the other.
const LIMITS: &str = "SET SESSION /*M! max_statement_time = 1, idle_transaction_timeout = 5, */ \
    /*!80000 max_execution_time = 1000, */ innodb_lock_wait_timeout = 1";

/// What takes the limits of a connection back, for a change of the schema.
pub(super) const NO_LIMITS: &str = "SET SESSION \
    /*M! max_statement_time = 0, idle_transaction_timeout = 0, */ \
    /*!80000 max_execution_time = 0, */ innodb_lock_wait_timeout = 60";

/// How long a connection lies idle until the system asks whether the server is still there, in milliseconds.
const IDLE: u32 = 30_000;

/// What opens connections.
struct Connector {
    options: Opts,
    /// What to try when the server knows no TLS.
    in_the_clear: Option<Opts>,
}

impl Connector {
    fn new(address: &Address) -> Result<Self, ConnectError> {
        let plain = options(address);
        let (options, in_the_clear) = match address.encryption {
            Encryption::Disable => (plain, None),
            Encryption::Prefer => (plain.clone().ssl_opts(tls(address)?), Some(plain.into())),
            Encryption::Require => (plain.ssl_opts(tls(address)?), None),
        };
        Ok(Self { options: options.into(), in_the_clear })
    }

    async fn open(&self) -> ConnectionResult<Connection> {
        let bad = |error: mysql_async::Error| ConnectionError::BadConnection(error.to_string());
        let connection = match (Conn::new(self.options.clone()).await, &self.in_the_clear) {
            (Err(mysql_async::Error::Driver(DriverError::NoClientSslFlagFromServer)), Some(options)) => {
                Conn::new(options.clone()).await.map_err(bad)?
            }
            (outcome, _) => outcome.map_err(bad)?,
        };
        let mut connection = Connection::try_from(connection).await?;
        set(&mut connection, LANGUAGE).await?;
        set(&mut connection, LIMITS).await?;
        Ok(connection)
    }
}

async fn set(connection: &mut Connection, settings: &str) -> ConnectionResult<()> {
    connection.batch_execute(settings).await.map_err(ConnectionError::CouldntSetupConfiguration)
}

fn options(address: &Address) -> OptsBuilder {
    let options = match &address.endpoint {
        Endpoint::Tcp(host, port) => OptsBuilder::default().ip_or_hostname(host).tcp_port(*port),
        Endpoint::Socket(path) => OptsBuilder::default().socket(Some(path.display().to_string())),
    };
    options
        .user(Some(&address.user))
        .pass(address.password.as_ref().map(|password| password.expose_secret().to_owned()))
        .db_name(Some(&address.database))
        // A URL that names a port means that port, not the socket that the server happens to have too.
        .prefer_socket(matches!(address.endpoint, Endpoint::Socket(_)))
        .tcp_keepalive(Some(IDLE))
        // Diesel keeps prepared statements itself.
        .stmt_cache_size(0)
        // A row that is updated to what it was counts, as it does elsewhere.
        .client_found_rows(true)
}

fn tls(address: &Address) -> Result<SslOpts, ConnectError> {
    let certificates = roots(address.encryption, address.roots.as_deref())?;
    let roots = certificates.iter().map(|certificate| certificate.to_vec().into()).collect();
    Ok(SslOpts::default().with_root_certs(roots).with_disable_built_in_roots(true))
}

impl Store {
    /// Opens a database as [`connect`](crate::connect) does, by a URL that begins with `mysql:` or `mariadb:`.
    ///
    /// # Errors
    /// [`ConnectError`] says whether the URL is wrong or the server gave no connection.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        let address = Address::parse(url, PORT)?;
        let connector = Arc::new(Connector::new(&address)?);
        let open = move || -> Opening<Connection> {
            let connector = Arc::clone(&connector);
            Box::pin(async move { connector.open().await })
        };
        let pool = open_pool(&address, open).await?;
        Ok(Self::new(&address.to_string(), pool, address.connections, Some(ATTEMPT)))
    }
}
