//! How near a phone seems to be to the client that it lets in.

use std::net::IpAddr;

use crate::{network::same_network, place::Place};

/// How near the phone that scanned seems to be to the client that asks for the login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// Both are in one network.
    SameNetwork,
    /// They are in different networks of one place.
    SamePlace,
    /// They are in different networks, and the place of one of them is not known.
    Unknown,
    /// They are in different places.
    Elsewhere,
}

impl Nearness {
    /// Compares two addresses, each with its place where that is known.
    pub fn of(one: (IpAddr, Option<&Place>), other: (IpAddr, Option<&Place>)) -> Self {
        let ((one, one_place), (other, other_place)) = (one, other);
        if same_network(one, other) {
            return Self::SameNetwork;
        }
        match one_place.zip(other_place) {
            Some((one, other)) if one.is_same(other) => Self::SamePlace,
            Some(_) => Self::Elsewhere,
            None => Self::Unknown,
        }
    }
}

/// What a site does about a phone that is elsewhere than the client that it lets in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenElsewhere {
    /// The phone is told.
    #[default]
    Say,
    /// The phone is asked for the number that the client shows, also where a tap would do.
    AskNumber,
    /// The login ends.
    Refuse,
}

/// What it takes for a phone to let its client in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Demand {
    /// The answer to what it was asked.
    #[default]
    AsAsked,
    /// The number that the client shows, also where a tap was asked for.
    Number,
    /// Nothing lets the client in.
    Nothing,
}

impl WhenElsewhere {
    /// Returns what it takes to let a client in that is so near. What is not known is not held against a person: mobile data
    /// comes from another network every day.
    pub const fn demand(self, nearness: Nearness) -> Demand {
        match (nearness, self) {
            (Nearness::SameNetwork | Nearness::SamePlace | Nearness::Unknown, _)
            | (Nearness::Elsewhere, Self::Say) => Demand::AsAsked,
            (Nearness::Elsewhere, Self::AskNumber) => Demand::Number,
            (Nearness::Elsewhere, Self::Refuse) => Demand::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(province: &str) -> Place {
        Place { country: Some("中国".to_owned()), province: Some(province.to_owned()), ..Place::default() }
    }

    fn nearness(one: (&str, Option<&str>), other: (&str, Option<&str>)) -> Nearness {
        let (one_place, other_place) = (one.1.map(place), other.1.map(place));
        let (one, other) = (one.0.parse().unwrap(), other.0.parse().unwrap());
        let near = Nearness::of((one, one_place.as_ref()), (other, other_place.as_ref()));
        assert_eq!(near, Nearness::of((other, other_place.as_ref()), (one, one_place.as_ref())));
        near
    }

    #[test]
    fn one_network_is_near_whatever_the_file_of_places_says() {
        let near = nearness(("192.0.2.1", Some("广东省")), ("192.0.2.9", Some("福建省")));
        assert_eq!(near, Nearness::SameNetwork);
        assert_eq!(nearness(("192.0.2.1", None), ("192.0.2.9", None)), Nearness::SameNetwork);
    }

    #[test]
    fn other_networks_are_compared_by_their_places() {
        let phone = ("198.51.100.1", Some("广东省"));
        assert_eq!(nearness(("192.0.2.1", Some("广东省")), phone), Nearness::SamePlace);
        assert_eq!(nearness(("192.0.2.1", Some("福建省")), phone), Nearness::Elsewhere);
        assert_eq!(nearness(("192.0.2.1", None), phone), Nearness::Unknown);
        assert_eq!(nearness(("192.0.2.1", None), ("2001:db8::1", None)), Nearness::Unknown);
    }

    #[test]
    fn only_what_is_known_to_be_elsewhere_asks_for_more() {
        for near in [Nearness::SameNetwork, Nearness::SamePlace, Nearness::Unknown] {
            for rule in [WhenElsewhere::Say, WhenElsewhere::AskNumber, WhenElsewhere::Refuse] {
                assert_eq!(rule.demand(near), Demand::AsAsked, "{near:?} {rule:?}");
            }
        }
        let demand = |rule: WhenElsewhere| rule.demand(Nearness::Elsewhere);
        assert_eq!(demand(WhenElsewhere::Say), Demand::AsAsked);
        assert_eq!(demand(WhenElsewhere::AskNumber), Demand::Number);
        assert_eq!(demand(WhenElsewhere::Refuse), Demand::Nothing);
    }
}
