//! The client that calls: its address and user agent.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::{IpAddr, SocketAddr},
};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderValue},
    web::Data,
};
use ipnet::IpNet;
use saoma_domain::{login::ClientInfo, services::ClientSubject};

/// The address of a client, from the connection or from proxies that are trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ClientAddress(IpAddr);

impl ClientAddress {
    fn of(request: &HttpRequest, trusted: &[IpNet]) -> Self {
        let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip());
        let lines = request.headers().get_all(header::X_FORWARDED_FOR).map(HeaderValue::as_bytes);
        let hops: Vec<&[u8]> = lines.flat_map(|line| line.split(|byte| *byte == b',')).collect();
        Self(behind_proxies(peer.to_canonical(), &hops, trusted))
    }
}

/// Walks from the connection towards the client for as long as each hop is trusted and the next one can be read.
fn behind_proxies(peer: IpAddr, hops: &[&[u8]], trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let mut client = peer;
    for hop in hops.iter().rev() {
        if !is_trusted(client) {
            break;
        }
        let Some(hop) = std::str::from_utf8(hop).ok().and_then(|hop| address(hop.trim())) else { break };
        client = hop.to_canonical();
    }
    client
}

/// Reads an address, which some proxies write with the port.
fn address(hop: &str) -> Option<IpAddr> {
    hop.parse().ok().or_else(|| Some(hop.parse::<SocketAddr>().ok()?.ip()))
}

/// The networks of the proxies whose `X-Forwarded-For` counts.
pub(crate) struct TrustedProxies(pub(crate) Vec<IpNet>);

/// Returns whether a request comes from a proxy that is trusted, whose headers count.
#[cfg(feature = "otlp")]
pub(crate) fn is_behind_trusted_proxy(request: &HttpRequest) -> bool {
    let Some(trusted) = request.app_data::<Data<TrustedProxies>>() else { return false };
    let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
    peer.is_some_and(|peer| trusted.0.iter().any(|network| network.contains(&peer)))
}

/// The client that calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Its address and user agent, as they are kept.
    pub(crate) client_info: ClientInfo,
    /// The client, as limits count it.
    pub(crate) subject: ClientSubject,
}

impl Caller {
    /// Returns the client that makes a request.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let address = Self::address(request);
        let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let client_info = ClientInfo::new(address.to_string(), user_agent.unwrap_or_default());
        Self { client_info, subject: ClientSubject::new(address) }
    }

    /// Returns the address of the client that makes a request.
    pub(crate) fn address(request: &HttpRequest) -> IpAddr {
        let trusted = request.app_data::<Data<TrustedProxies>>();
        ClientAddress::of(request, trusted.map_or(&[], |trusted| &trusted.0)).0
    }
}

impl FromRequest for Caller {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn walked(peer: &str, forwarded: &str, trusted: &[IpNet]) -> IpAddr {
        behind_proxies(ip(peer), &forwarded.split(',').map(str::as_bytes).collect::<Vec<_>>(), trusted)
    }

    fn networks(texts: &[&str]) -> Vec<IpNet> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_header_from_a_stranger_does_not_count() {
        assert_eq!(walked("203.0.113.9", "198.51.100.1", &[]), ip("203.0.113.9"));
        let trusted = networks(&["10.0.0.0/8"]);
        assert_eq!(walked("203.0.113.9", "10.0.0.1", &trusted), ip("203.0.113.9"));
    }

    #[test]
    fn only_the_hops_behind_trusted_proxies_count() {
        let trusted = networks(&["10.0.0.0/8"]);
        let spoofed = "1.2.3.4, 198.51.100.1, 10.0.0.7";
        assert_eq!(walked("10.0.0.1", spoofed, &trusted), ip("198.51.100.1"));
        assert_eq!(walked("10.0.0.1", "198.51.100.1:4711", &trusted), ip("198.51.100.1"));
        assert_eq!(walked("10.0.0.1", "[2001:db8::1]:80", &trusted), ip("2001:db8::1"));
        assert_eq!(walked("10.0.0.1", "nonsense", &trusted), ip("10.0.0.1"));
        assert_eq!(walked("10.0.0.1", "", &trusted), ip("10.0.0.1"));
    }
}
