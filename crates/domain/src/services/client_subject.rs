//! What limits count a client as.

use std::net::{IpAddr, Ipv6Addr};

/// A client, as limits count it: by its address, and by the network around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientSubject(IpAddr);

impl ClientSubject {
    /// Makes the subject of a client with this address; an IPv4 address may be written as an IPv6 one.
    pub const fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// Returns the IPv4 address, or the IPv6 network of 64 bits, which a single client has to itself.
    pub fn address(&self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => network(address, 64),
        }
    }

    /// Returns the network that a site has to itself: 24 bits of an IPv4 address, 48 of an IPv6 address.
    pub fn network(&self) -> String {
        match self.0 {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(address) => network(address, 48),
        }
    }
}

fn network(address: Ipv6Addr, bits: u32) -> String {
    let first = u128::from(address) & !(u128::MAX >> bits);
    format!("{}/{bits}", Ipv6Addr::from(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_counts_by_address_and_network() {
        for (address, counted_as, network) in [
            ("203.0.113.9", "203.0.113.9", "203.0.113.0/24"),
            ("::ffff:203.0.113.9", "203.0.113.9", "203.0.113.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ] {
            let subject = ClientSubject::new(address.parse().unwrap());
            assert_eq!((subject.address(), subject.network()), (counted_as.into(), network.into()));
        }
    }
}
