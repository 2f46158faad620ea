//! Whether two addresses are in one network.

use std::net::{IpAddr, Ipv6Addr};

/// The bits of an IPv6 address that stand for one connection to a provider: a home or an office gets a /56.
const IPV6_BITS: u32 = 56;

/// Returns whether two addresses are in one network: the same address, the same IPv4 /24, or the same IPv6 /56. An IPv4
/// address that is mapped into IPv6 counts as IPv4.
///
/// `false` says little: the phone that lies beside the browser is in another network as soon as it uses mobile data, or one
/// of the two speaks IPv6 and the other one IPv4. `true` is no proof either, since thousands of phones may share an address
/// of their provider.
pub fn same_network(one: IpAddr, other: IpAddr) -> bool {
    match (one.to_canonical(), other.to_canonical()) {
        (IpAddr::V4(one), IpAddr::V4(other)) => one.to_bits() >> 8 == other.to_bits() >> 8,
        (IpAddr::V6(one), IpAddr::V6(other)) => prefix(one) == prefix(other),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

const fn prefix(address: Ipv6Addr) -> u128 {
    address.to_bits() >> (128 - IPV6_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn are_together(one: &str, other: &str) -> bool {
        let together = same_network(one.parse().unwrap(), other.parse().unwrap());
        assert_eq!(together, same_network(other.parse().unwrap(), one.parse().unwrap()), "{one} {other}");
        together
    }

    #[test]
    fn an_address_is_in_its_own_network() {
        for address in ["192.0.2.1", "0.0.0.0", "255.255.255.255", "::", "2001:db8::1", "::ffff:192.0.2.1"] {
            assert!(are_together(address, address), "{address}");
        }
    }

    #[test]
    fn ipv4_goes_by_24_bits() {
        assert!(are_together("192.0.2.0", "192.0.2.255"));
        assert!(!are_together("192.0.2.255", "192.0.3.0"));
        assert!(!are_together("192.0.2.1", "193.0.2.1"));
    }

    #[test]
    fn ipv6_goes_by_56_bits() {
        assert!(are_together("2001:db8:1:2300::", "2001:db8:1:23ff:ffff:ffff:ffff:ffff"));
        assert!(!are_together("2001:db8:1:23ff::1", "2001:db8:1:2400::1"));
        assert!(!are_together("2001:db8:1:2300::1", "2001:db9:1:2300::1"));
    }

    #[test]
    fn a_mapped_ipv4_address_is_an_ipv4_address() {
        assert!(are_together("::ffff:192.0.2.1", "192.0.2.200"));
        assert!(are_together("::ffff:192.0.2.1", "::ffff:192.0.2.200"));
        assert!(!are_together("::ffff:192.0.2.1", "::ffff:192.0.3.1"), "all mapped addresses have one /56");
    }

    #[test]
    fn ipv4_and_ipv6_are_never_one_network() {
        assert!(!are_together("0.0.0.0", "::"));
        assert!(!are_together("192.0.2.1", "2001:db8::1"));
    }
}
