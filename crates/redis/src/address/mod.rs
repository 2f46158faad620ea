//! Where Redis is, as a URL of the configuration says.

mod parse;
#[cfg(test)]
mod tests;

use std::fmt;

use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisConnectionInfo, RedisResult};
use secrecy::{ExposeSecret, SecretString};

/// How the servers work together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Topology {
    /// One server.
    Single,
    /// Sentinels that know where the primary of this name is.
    Sentinel { primary: String },
    /// A Cluster, of which some nodes are known.
    Cluster,
}

/// One host and its port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host {
    name: String,
    port: u16,
}

/// A URL that was parsed. It prints no password.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) topology: Topology,
    pub(crate) tls: bool,
    hosts: Vec<Host>,
    server: Credentials,
    sentinel: Credentials,
    db: i64,
}

/// A user name and a password, if there are any.
#[derive(Clone, Debug, Default)]
struct Credentials {
    username: Option<String>,
    password: Option<SecretString>,
}

impl Credentials {
    fn settings(&self) -> RedisConnectionInfo {
        let mut settings = RedisConnectionInfo::default();
        if let Some(username) = &self.username {
            settings = settings.set_username(username);
        }
        if let Some(password) = &self.password {
            settings = settings.set_password(password.expose_secret());
        }
        settings
    }
}

impl Address {
    /// Returns the credentials and the database for a server.
    pub(crate) fn server_settings(&self) -> RedisConnectionInfo {
        self.server.settings().set_db(self.db)
    }

    /// Returns how to connect to each of the hosts as a Redis server.
    pub(crate) fn servers(&self) -> RedisResult<Vec<ConnectionInfo>> {
        self.connections(&self.server_settings())
    }

    /// Returns how to connect to each of the hosts as a Sentinel.
    pub(crate) fn sentinels(&self) -> RedisResult<Vec<ConnectionInfo>> {
        self.connections(&self.sentinel.settings())
    }

    fn connections(&self, settings: &RedisConnectionInfo) -> RedisResult<Vec<ConnectionInfo>> {
        let connection = |host: &Host| {
            let (name, port) = (host.name.clone(), host.port);
            let address = if self.tls {
                ConnectionAddr::TcpTls { host: name, port, insecure: false, tls_params: None }
            } else {
                ConnectionAddr::Tcp(name, port)
            };
            Ok(address.into_connection_info()?.set_redis_settings(settings.clone()))
        };
        self.hosts.iter().map(connection).collect()
    }
}

/// The name of this Redis in the texts of errors, such as `redis 10.0.0.5:6379`; without user and password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.topology {
            Topology::Single => f.write_str("redis ")?,
            Topology::Sentinel { primary } => write!(f, "redis {primary} of sentinels ")?,
            Topology::Cluster => f.write_str("redis cluster ")?,
        }
        for (position, host) in self.hosts.iter().enumerate() {
            let separator = if position == 0 { "" } else { "," };
            write!(f, "{separator}{host}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, port } = self;
        if name.contains(':') { write!(f, "[{name}]:{port}") } else { write!(f, "{name}:{port}") }
    }
}
