//! How the URL of a Redis is read.

use percent_encoding::percent_decode_str;

use super::{Address, Credentials, Host, Topology};

const REDIS_PORT: u16 = 6379;
const SENTINEL_PORT: u16 = 26_379;

/// Why a URL is refused, without any part of it.
pub(crate) type Reason = &'static str;

impl Address {
    /// Reads `scheme://[[user]:password@]host[:port][,host…][/path][?query]`.
    pub(crate) fn parse(url: &str) -> Result<Self, Reason> {
        let (scheme, rest) = url.split_once("://").ok_or("it has no scheme")?;
        if rest.contains('#') {
            return Err("it has a fragment, which has no meaning here");
        }
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (credentials, hosts) = match authority.rsplit_once('@') {
            Some((credentials, hosts)) => (Some(credentials), hosts),
            None => (None, authority),
        };
        let server = credentials.map_or(Ok(Credentials::default()), parse_credentials)?;
        let (topology, tls, db) = parse_scheme(scheme, path)?;
        let is_sentinel = matches!(topology, Topology::Sentinel { .. });
        if query.is_some() && !is_sentinel {
            return Err("it has a query, which has a meaning only with Sentinels");
        }
        let sentinel = query.map_or(Ok(Credentials::default()), parse_query)?;
        let default = if is_sentinel { SENTINEL_PORT } else { REDIS_PORT };
        let hosts: Vec<_> =
            hosts.split(',').map(|host| parse_host(host, default)).collect::<Result<_, _>>()?;
        if topology == Topology::Single && hosts.len() > 1 {
            return Err("it names several hosts, but neither Sentinels nor a Cluster");
        }
        Ok(Self { topology, tls, hosts, server, sentinel, db })
    }
}

fn parse_scheme(scheme: &str, path: &str) -> Result<(Topology, bool, i64), Reason> {
    let (scheme, tls) = match scheme.strip_prefix("rediss") {
        Some(rest) => (rest, true),
        None => (scheme.strip_prefix("redis").ok_or("its scheme is not one of Redis")?, false),
    };
    match scheme {
        "" => Ok((Topology::Single, tls, parse_db(path)?)),
        "+cluster" if path.is_empty() => Ok((Topology::Cluster, tls, 0)),
        "+cluster" => Err("a Cluster has no path: there is one database only"),
        "+sentinel" => {
            let (primary, db) = path.split_once('/').unwrap_or((path, ""));
            let primary = decode(primary)?;
            if primary.is_empty() {
                return Err("it does not name the primary that the Sentinels watch");
            }
            Ok((Topology::Sentinel { primary }, tls, parse_db(db)?))
        }
        _ => Err("its scheme is not one of Redis"),
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

/// Reads the credentials for the Sentinels.
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
