//! Where a database server is, and as whom the service logs in to it: what a URL means.

use std::{net::IpAddr, path::PathBuf};

use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::{Host, Url};

use super::tls::Encryption;
use crate::error::ConnectError;

/// How many connections a process keeps at the most, unless the URL says otherwise.
const CONNECTIONS: usize = 16;

/// How many connections a URL may ask for.
const MOST_CONNECTIONS: usize = 1000;

/// How a server is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// By TCP, under this name or address.
    Tcp(String, u16),
    /// By a socket of the file system.
    Socket(PathBuf),
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp(host, port) => write!(f, "{host}:{port}"),
            Self::Socket(path) => path.display().fmt(f),
        }
    }
}

/// A database on a server, as `<scheme>://<user>:<password>@<host>:<port>/<database>?<parameters>` names it.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    scheme: String,
    pub(crate) endpoint: Endpoint,
    pub(crate) user: String,
    pub(crate) password: Option<SecretString>,
    pub(crate) database: String,
    pub(crate) encryption: Encryption,
    /// A file with the only certificates that are trusted.
    pub(crate) roots: Option<PathBuf>,
    pub(crate) connections: usize,
    /// The schema of PostgreSQL that the tables are in; `None`: that of the role.
    pub(crate) schema: Option<String>,
}

impl Address {
    /// Reads a URL; nothing of it is shown in an error.
    pub(crate) fn parse(url: &str, default_port: u16) -> Result<Self, ConnectError> {
        let wrong = ConnectError::InvalidUrl;
        let url = Url::parse(url).map_err(|_| wrong("its parts cannot be told from each other"))?;
        let database = decoded(url.path().trim_start_matches('/'))?;
        if url.username().is_empty() {
            return Err(wrong("it has to name a user"));
        }
        if database.is_empty() || database.contains('/') {
            return Err(wrong("it has to end with the name of a database"));
        }
        let endpoint = endpoint(&url, default_port)?;
        let mut address = Self {
            scheme: url.scheme().to_owned(),
            encryption: default_encryption(&endpoint),
            endpoint,
            user: decoded(url.username())?,
            password: url.password().map(decoded).transpose()?.map(SecretString::from),
            database,
            roots: None,
            connections: CONNECTIONS,
            schema: None,
        };
        for (name, value) in url.query_pairs() {
            address.set(&name, &value)?;
        }
        Ok(address)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), ConnectError> {
        match name {
            "sslmode" => self.encryption = Encryption::parse(value)?,
            "sslrootcert" => self.roots = Some(PathBuf::from(value)),
            "connections" => {
                let number = value.parse().ok().filter(|number| (2..=MOST_CONNECTIONS).contains(number));
                const WRONG: ConnectError =
                    ConnectError::InvalidUrl("`connections` is a number from 2 to 1000");
                self.connections = number.ok_or(WRONG)?;
            }
            "schema" if self.scheme.starts_with("postgres") => {
                const WRONG: ConnectError = ConnectError::InvalidUrl(
                    "`schema` is a name of a-z, 0-9 and _ that begins with a letter",
                );
                self.schema = Some(value.to_owned()).filter(|name| is_schema(name));
                self.schema.as_ref().ok_or(WRONG)?;
            }
            _ => {
                const WRONG: &str = "the parameters are `sslmode`, `sslrootcert`, `connections` and, with PostgreSQL, `schema`";
                return Err(ConnectError::InvalidUrl(WRONG));
            }
        }
        Ok(())
    }
}

/// Returns whether a text is a name that means itself in SQL, quoted or not; PostgreSQL keeps those of its own under `pg_`.
fn is_schema(name: &str) -> bool {
    let is_plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    is_plain
        && name.len() <= 63
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.starts_with("pg_")
}

/// The address as operators are shown it: without user, password and parameters.
impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}/{}", self.scheme, self.endpoint, self.database)
    }
}

/// A host that begins with a slash, written as `%2F`, is a socket of the file system.
fn endpoint(url: &Url, default_port: u16) -> Result<Endpoint, ConnectError> {
    let host = match url.host() {
        Some(Host::Domain(name)) => decoded(name)?,
        Some(Host::Ipv4(address)) => address.to_string(),
        Some(Host::Ipv6(address)) => address.to_string(),
        None => String::new(),
    };
    if host.is_empty() {
        return Err(ConnectError::InvalidUrl("it has to name a host"));
    }
    if host.starts_with('/') {
        return Ok(Endpoint::Socket(PathBuf::from(host)));
    }
    Ok(Endpoint::Tcp(host, url.port().unwrap_or(default_port)))
}

/// What holds when the URL does not say: what leaves the machine is encrypted.
fn default_encryption(endpoint: &Endpoint) -> Encryption {
    let is_here = match endpoint {
        Endpoint::Socket(_) => true,
        Endpoint::Tcp(host, _) => {
            host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
    };
    if is_here { Encryption::Disable } else { Encryption::Require }
}

fn decoded(text: &str) -> Result<String, ConnectError> {
    let text = percent_decode_str(text).decode_utf8();
    let text = text.map_err(|_| ConnectError::InvalidUrl("it has to be UTF-8"))?;
    if text.contains('\0') {
        return Err(ConnectError::InvalidUrl("it has a zero byte"));
    }
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn parsed(url: &str) -> Address {
        Address::parse(url, 5432).unwrap()
    }

    #[test]
    fn every_part_of_a_url_is_read() {
        let address = parsed("postgres://sa%40oma:p%2Fw%20%C3%A4@db.example:6000/log%2Dins?connections=5");
        assert_eq!(address.endpoint, Endpoint::Tcp("db.example".to_owned(), 6000));
        assert_eq!((address.user.as_str(), address.database.as_str()), ("sa@oma", "log-ins"));
        assert_eq!(address.password.unwrap().expose_secret(), "p/w ä");
        assert_eq!((address.connections, address.roots, address.schema), (5, None, None));
        assert_eq!(parsed("postgres://u@h/d?schema=log_in1").schema.as_deref(), Some("log_in1"));
        assert!(Address::parse("mysql://u@h/d?schema=login", 3306).is_err(), "there a schema is a database");
    }

    #[test]
    fn a_socket_and_an_ipv6_address_are_hosts_too() {
        let socket = Endpoint::Socket(PathBuf::from("/run/postgresql"));
        assert_eq!(parsed("postgres://saoma@%2Frun%2Fpostgresql/saoma").endpoint, socket);
        assert_eq!(parsed("postgres://saoma@[::1]/saoma").endpoint, Endpoint::Tcp("::1".to_owned(), 5432));
    }

    #[test]
    fn only_a_server_on_this_machine_may_be_talked_to_in_the_clear_unasked() {
        for host in ["localhost", "127.0.0.1", "127.8.9.1", "[::1]", "%2Frun%2Fpostgresql"] {
            assert_eq!(parsed(&format!("postgres://u@{host}/d")).encryption, Encryption::Disable, "{host}");
        }
        for host in ["db.example", "10.0.0.5", "localhost.example", "[2001:db8::1]"] {
            assert_eq!(parsed(&format!("postgres://u@{host}/d")).encryption, Encryption::Require, "{host}");
        }
    }

    #[test]
    fn parameters_say_how_the_server_is_trusted() {
        for (mode, encryption) in [
            ("disable", Encryption::Disable),
            ("prefer", Encryption::Prefer),
            ("require", Encryption::Require),
            ("verify-full", Encryption::Require),
        ] {
            let url = format!("postgres://u@db.example/d?sslmode={mode}&sslrootcert=/etc/saoma/ca.pem");
            let address = parsed(&url);
            assert_eq!(address.encryption, encryption);
            assert_eq!(address.roots, Some(PathBuf::from("/etc/saoma/ca.pem")));
        }
    }

    #[test]
    fn what_names_no_database_is_refused_without_being_shown() {
        for rest in [
            "",
            "//",
            "//host",
            "//host/db",
            "//hunter2@host",
            "//hunter2@host/",
            "//hunter2@host/a/b",
            "//u:hunter2@/db",
            "//u:hunter2@host:hunter2/db",
            "//u:hunter2@host/db?hunter2=1",
            "//u:hunter2@host/db?sslmode=hunter2",
            "//u:hunter2@host/db?sslmode=verify-ca",
            "//u:hunter2@host/db?connections=1",
            "//u:hunter2@host/db?connections=hunter2",
            "//u@host/db?schema=",
            "//u@host/db?schema=hunter2%22",
            "//u@host/db?schema=pg_hunter2",
            "//u@host/db?schema=Hunter2",
            "//u:hunter2%00@host/db",
            "//u:hunter2%ff@host/db",
        ] {
            let error = Address::parse(&format!("postgres:{rest}"), 5432).unwrap_err();
            assert!(matches!(error, ConnectError::InvalidUrl(_)), "{rest}: {error:?}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn an_address_can_be_printed_without_its_password() {
        let address = parsed("postgres://u:hunter2@host/db?connections=5");
        assert!(!format!("{address:?}").contains("hunter2"));
        assert_eq!(address.to_string(), "postgres://host:5432/db");
    }
}
