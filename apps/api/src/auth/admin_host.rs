//! Whether a call to the operator's listener is meant for it.
//!
//! A page on the Internet can have the name of its own host lead to an address inside a network (DNS rebinding), and then
//! read what this listener answers to the visitor's browser. Such a call carries that name.

use std::net::IpAddr;

use actix_web::{
    dev::RequestHead,
    http::{header, uri::Authority},
};

use crate::{
    config::ServerConfig,
    problem::{ErrorCode, Problem},
};

/// The hosts that the operator's listener answers to.
pub(crate) struct AdminHosts {
    address: IpAddr,
    names: Vec<String>,
}

impl AdminHosts {
    /// Reads them from the configuration.
    pub(crate) fn new(server: &ServerConfig) -> Self {
        Self { address: server.admin_listen.ip(), names: server.admin_hosts.clone() }
    }

    /// Refuses a call to another host than the listener's address, `localhost` and the configured names.
    pub(crate) fn check(&self, request: &RequestHead) -> Result<(), Problem> {
        let header = request.headers.get(header::HOST);
        let named = header.and_then(|host| self.allow(host.to_str().ok()?)).is_some();
        if named && request.uri.authority().is_none_or(|authority| self.allow(authority.as_str()).is_some()) {
            return Ok(());
        }
        let detail = "this listener answers to its address and to the names of `server.admin_hosts`";
        Err(Problem::new(ErrorCode::OriginRefused, detail))
    }

    fn allow(&self, host: &str) -> Option<()> {
        let host: Authority = host.parse().ok()?;
        // A user's name before the host would stand in the same text.
        let host = Some(host.host()).filter(|name| host.as_str().starts_with(name))?;
        let is_here = match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            // An address is no name that could lead here; which of its addresses a host listens on, it knows itself.
            Ok(address) => {
                self.address.is_unspecified() || address.to_canonical() == self.address.to_canonical()
            }
            Err(_) => {
                let is_own = |name: &String| name.eq_ignore_ascii_case(host);
                let is_local = self.address.is_unspecified() || self.address.is_loopback();
                self.names.iter().any(is_own) || (is_local && host.eq_ignore_ascii_case("localhost"))
            }
        };
        is_here.then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_address_and_the_configured_names_are_answered() {
        let hosts = |address: &str| AdminHosts {
            address: address.parse().unwrap(),
            names: vec!["metrics.example.com".to_owned()],
        };
        let own = hosts("10.0.0.1");
        for fine in ["10.0.0.1", "10.0.0.1:9090", "metrics.example.com", "METRICS.example.com:80"] {
            assert!(own.allow(fine).is_some(), "{fine}");
        }
        for wrong in [
            "",
            "10.0.0.2",
            "evil.test",
            "evil.test:9090",
            "localhost",
            "10.0.0.1.evil.test",
            "a@10.0.0.1",
            "x.metrics.example.com",
            "[::1]",
            " ",
        ] {
            assert!(own.allow(wrong).is_none(), "{wrong:?}");
        }
        for local in ["localhost", "localhost:9090", "127.0.0.1:9090"] {
            assert!(hosts("127.0.0.1").allow(local).is_some() && hosts("0.0.0.0").allow(local).is_some());
        }
        assert!(hosts("::1").allow("[::1]:9090").is_some());
        assert!(hosts("127.0.0.1").allow("evil.test").is_none() && hosts("::").allow("evil.test").is_none());
    }
}
