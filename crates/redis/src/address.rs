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
    server: Credentials,
    sentinel: Credentials,
    db: i64,
}

/// Who to be, if anybody.
#[derive(Clone, Debug, Default)]
struct Credentials {
    username: Option<String>,
    password: Option<SecretString>,
}

impl Credentials {
    fn login(&self) -> RedisConnectionInfo {
        let mut login = RedisConnectionInfo::default();
        if let Some(username) = &self.username {
            login = login.set_username(username);
        }
        if let Some(password) = &self.password {
            login = login.set_password(password.expose_secret());
        }
        login
    }
}

/// Why a URL was not understood, without any part of it.
pub(crate) type Reason = &'static str;

impl Address {
    /// Reads `scheme://[[user]:password@]host[:port][,host…][/path][?query]`.
    pub(crate) fn parse(url: &str) -> Result<Self, Reason> {
        let (scheme, rest) = url.split_once("://").ok_or("it has no scheme")?;
        if rest.contains('#') {
            return Err("it has a fragment, which means nothing here");
        }
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (credentials, hosts) = match authority.rsplit_once('@') {
            Some((credentials, hosts)) => (Some(credentials), hosts),
            None => (None, authority),
        };
        let server = credentials.map_or(Ok(Credentials::default()), parse_credentials)?;
        let (kind, tls, db) = parse_kind(scheme, path)?;
        let is_sentinel = matches!(kind, Kind::Sentinel { .. });
        if query.is_some() && !is_sentinel {
            return Err("it has a query, which means something with Sentinels only");
        }
        let sentinel = query.map_or(Ok(Credentials::default()), parse_query)?;
        let default = if is_sentinel { SENTINEL_PORT } else { REDIS_PORT };
        let hosts: Vec<_> =
            hosts.split(',').map(|host| parse_host(host, default)).collect::<Result<_, _>>()?;
        if kind == Kind::Single && hosts.len() > 1 {
            return Err("it names several hosts, but neither Sentinels nor a Cluster");
        }
        Ok(Self { kind, tls, hosts, server, sentinel, db })
    }

    /// Returns who to be, and in which database.
    pub(crate) fn login(&self) -> RedisConnectionInfo {
        self.server.login().set_db(self.db)
    }

    /// Returns how to reach each of the hosts as a Redis server.
    pub(crate) fn servers(&self) -> RedisResult<Vec<ConnectionInfo>> {
        self.hosts.iter().map(|host| Ok(self.reach(host)?.set_redis_settings(self.login()))).collect()
    }

    /// Returns how to reach each of the hosts as a Sentinel.
    pub(crate) fn sentinels(&self) -> RedisResult<Vec<ConnectionInfo>> {
        let login = self.sentinel.login();
        self.hosts.iter().map(|host| Ok(self.reach(host)?.set_redis_settings(login.clone()))).collect()
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

fn parse_credentials(text: &str) -> Result<Credentials, Reason> {
    let (username, password) = text.split_once(':').ok_or("it has a user without a password")?;
    let username = Some(decode(username)?).filter(|username| !username.is_empty());
    let password = decode(password)?;
    if password.is_empty() {
        return Err("its password is empty");
    }
    Ok(Credentials { username, password: Some(password.into()) })
}

/// Reads who to be for the Sentinels.
fn parse_query(text: &str) -> Result<Credentials, Reason> {
    let mut credentials = Credentials::default();
    for parameter in text.split('&') {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = decode(value)?;
        if value.is_empty() {
            return Err("a parameter of its query is empty");
        }
        match name {
            "sentinel_user" => credentials.username = Some(value),
            "sentinel_password" => credentials.password = Some(value.into()),
            _ => return Err("the parameters of its query are `sentinel_user` and `sentinel_password`"),
        }
    }
    if credentials.password.is_none() {
        return Err("it has a user for the Sentinels without a password");
    }
    Ok(credentials)
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
    fn sentinels_have_a_user_and_a_password_of_their_own() {
        let url = "redis+sentinel://u:p@a,b/main/2?sentinel_user=us%40er&sentinel_password=p%26w%2F%2B";
        let address = Address::parse(url).unwrap();
        assert_eq!((address.login().username(), address.login().password()), (Some("u"), Some("p")));
        for sentinel in address.sentinels().unwrap() {
            let login = sentinel.redis_settings();
            assert_eq!((login.username(), login.password(), login.db()), (Some("us@er"), Some("p&w/+"), 0));
        }
        assert!(!format!("{address:?}").contains("p&w/+"));
        let address = Address::parse("redis+sentinel://a/main?sentinel_password=p").unwrap();
        assert_eq!((address.login().password(), address.sentinel.login().password()), (None, Some("p")));
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
            "redis://h#x",
            "redis+cluster://h?sentinel_password=p",
            "redis+sentinel://h/main?",
            "redis+sentinel://h/main?sentinel_password=",
            "redis+sentinel://h/main?sentinel_user=u",
            "redis+sentinel://h/main?password=p",
            "redis+sentinel://u:p?w@h/main",
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
