//! Where Redis is: the URLs of the configuration.

use percent_encoding::percent_decode_str;
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisConnectionInfo, RedisResult};
use secrecy::{ExposeSecret, SecretString};

const REDIS_PORT: u16 = 6379;
const SENTINEL_PORT: u16 = 26_379;

/// What kind of Redis it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Single,
    /// Sentinels that know where the primary of this name is.
    Sentinel {
        primary: String,
    },
    Cluster,
}

/// One host and its port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host {
    name: String,
    port: u16,
}

/// A URL that was understood; it prints no password.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) kind: Kind,
    pub(crate) tls: bool,
    pub(crate) hosts: Vec<Host>,
    username: Option<String>,
    password: Option<SecretString>,
    db: i64,
}

/// Why a URL was not understood, without any part of it.
pub(crate) type Reason = &'static str;

impl Address {
    /// Reads `scheme://[[user]:password@]host[:port][,host…][/path]`.
    pub(crate) fn parse(url: &str) -> Result<Self, Reason> {
        let (scheme, rest) = url.split_once("://").ok_or("it has no scheme")?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        if rest.contains(['?', '#']) {
            return Err("it has a query or a fragment, which mean nothing here");
        }
        let (credentials, hosts) = match authority.rsplit_once('@') {
            Some((credentials, hosts)) => (Some(credentials), hosts),
            None => (None, authority),
        };
        let (username, password) = credentials.map_or(Ok((None, None)), parse_credentials)?;
        let (kind, tls, db) = parse_kind(scheme, path)?;
        let default = if matches!(kind, Kind::Sentinel { .. }) { SENTINEL_PORT } else { REDIS_PORT };
        let hosts: Vec<_> =
            hosts.split(',').map(|host| parse_host(host, default)).collect::<Result<_, _>>()?;
        if kind == Kind::Single && hosts.len() > 1 {
            return Err("it names several hosts, but neither Sentinels nor a Cluster");
        }
        Ok(Self { kind, tls, hosts, username, password, db })
    }

    /// Returns who to be, and in which database.
    pub(crate) fn login(&self) -> RedisConnectionInfo {
        let mut login = RedisConnectionInfo::default().set_db(self.db);
        if let Some(username) = &self.username {
            login = login.set_username(username);
        }
        if let Some(password) = &self.password {
            login = login.set_password(password.expose_secret());
        }
        login
    }

    /// Returns how to reach each of the hosts as a Redis server.
    pub(crate) fn servers(&self) -> RedisResult<Vec<ConnectionInfo>> {
        self.hosts.iter().map(|host| Ok(self.reach(host)?.set_redis_settings(self.login()))).collect()
    }

    /// Returns how to reach each of the hosts as a Sentinel, which wants no password.
    pub(crate) fn sentinels(&self) -> RedisResult<Vec<ConnectionInfo>> {
        self.hosts.iter().map(|host| self.reach(host)).collect()
    }

    fn reach(&self, host: &Host) -> RedisResult<ConnectionInfo> {
        let (name, port) = (host.name.clone(), host.port);
        let address = if self.tls {
            ConnectionAddr::TcpTls { host: name, port, insecure: false, tls_params: None }
        } else {
            ConnectionAddr::Tcp(name, port)
        };
        address.into_connection_info()
    }
}

fn parse_kind(scheme: &str, path: &str) -> Result<(Kind, bool, i64), Reason> {
    let (scheme, tls) = match scheme.strip_prefix("rediss") {
        Some(rest) => (rest, true),
        None => (scheme.strip_prefix("redis").ok_or("its scheme is none of Redis")?, false),
    };
    match scheme {
        "" => Ok((Kind::Single, tls, parse_db(path)?)),
        "+cluster" if path.is_empty() => Ok((Kind::Cluster, tls, 0)),
        "+cluster" => Err("a Cluster has no path: there is one database only"),
        "+sentinel" => {
            let (primary, db) = path.split_once('/').unwrap_or((path, ""));
            let primary = decode(primary)?;
            if primary.is_empty() {
                return Err("it does not name the primary that the Sentinels watch");
            }
            Ok((Kind::Sentinel { primary }, tls, parse_db(db)?))
        }
        _ => Err("its scheme is none of Redis"),
    }
}

fn parse_db(path: &str) -> Result<i64, Reason> {
    match path {
        "" => Ok(0),
        _ => path.parse::<u16>().map(i64::from).map_err(|_| "its path is not the number of a database"),
    }
}

fn parse_credentials(text: &str) -> Result<(Option<String>, Option<SecretString>), Reason> {
    let (username, password) = text.split_once(':').ok_or("it has a user without a password")?;
    let username = Some(decode(username)?).filter(|username| !username.is_empty());
    let password = decode(password)?;
    if password.is_empty() {
        return Err("its password is empty");
    }
    Ok((username, Some(password.into())))
}

fn parse_host(text: &str, default: u16) -> Result<Host, Reason> {
    // An IPv6 address stands in brackets, and has colons of its own.
    let (name, port) = match text.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((name, port))) => (name, port),
        Some(None) => return Err("a bracket of a host is not closed"),
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let port = match port.strip_prefix(':') {
        Some(port) => port.parse().map_err(|_| "the port of a host is not a number below 65,536")?,
        None if port.is_empty() => default,
        None => return Err("something follows the bracket of a host"),
    };
    if name.is_empty() {
        return Err("a host has no name");
    }
    Ok(Host { name: name.to_owned(), port })
}

fn decode(text: &str) -> Result<String, Reason> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(Into::into).map_err(|_| "a percent-encoded part is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(url: &str) -> (Kind, bool, Vec<(String, u16)>, i64) {
        let address = Address::parse(url).unwrap();
        let hosts = address.hosts.into_iter().map(|host| (host.name, host.port)).collect();
        (address.kind, address.tls, hosts, address.db)
    }

    fn host(name: &str, port: u16) -> (String, u16) {
        (name.to_owned(), port)
    }

    #[test]
    fn every_kind_of_redis_has_its_url() {
        assert_eq!(parsed("redis://h"), (Kind::Single, false, vec![host("h", 6379)], 0));
        assert_eq!(parsed("rediss://[::1]:7000/3"), (Kind::Single, true, vec![host("::1", 7000)], 3));
        let primary = Kind::Sentinel { primary: "main".to_owned() };
        let hosts = vec![host("a", 26_379), host("b", 1), host("c", 26_379)];
        assert_eq!(parsed("redis+sentinel://a,b:1,c/main"), (primary.clone(), false, hosts, 0));
        assert_eq!(parsed("rediss+sentinel://a/main/2"), (primary, true, vec![host("a", 26_379)], 2));
        assert_eq!(
            parsed("redis+cluster://a,b"),
            (Kind::Cluster, false, vec![host("a", 6379), host("b", 6379)], 0)
        );
    }

    #[test]
    fn user_and_password_are_decoded_and_never_printed() {
        let address = Address::parse("redis://us%40er:p%3Aw%2F@h").unwrap();
        let login = address.login();
        assert_eq!((login.username(), login.password()), (Some("us@er"), Some("p:w/")));
        assert!(!format!("{address:?}").contains("p:w/"));
        assert_eq!(Address::parse("redis://:pw@h").unwrap().login().username(), None);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let wrong = [
            "",
            "h",
            "http://h",
            "redisx://h",
            "redis://",
            "redis://a,b",
            "redis://h:x",
            "redis://h:70000",
            "redis://h/x",
            "redis://u@h",
            "redis://u:@h",
            "redis://[::1",
            "redis://[::1]x",
            "redis://h?db=1",
            "redis+cluster://h/1",
            "redis+sentinel://h",
            "redis+sentinel://h/",
            "redis+sentinel://a,,b/main",
            "redis://%ff:pw@h",
        ];
        for url in wrong {
            assert!(Address::parse(url).is_err(), "{url}");
        }
    }
}
