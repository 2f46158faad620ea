//! A proof of work, in the form of ALTCHA (version 1): find the number whose SHA-256 behind the salt is the challenge.
//!
//! The salt carries until when the proof is good and for which network; challenge and signature commit to it. Nothing is
//! stored for a challenge that was given out. That each is used once is up to the caller.

use std::time::Duration;

use ring::digest::{SHA256, digest};
use subtle::ConstantTimeEq;

use crate::{
    keys::{KeyRing, Purpose, ServerKey},
    system::{Random, random_bytes},
    text::hex,
    time::Timestamp,
};

/// How long a challenge is good for.
pub const WORK_GOOD_FOR: Duration = Duration::from_secs(600);

/// The only algorithm.
const ALGORITHM: &str = "SHA-256";

/// The longest salt that is read.
const LONGEST_SALT: usize = 200;

/// A challenge for a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkChallenge {
    /// `SHA-256`.
    pub algorithm: &'static str,
    /// The SHA-256 of salt and number, in hex.
    pub challenge: String,
    /// The number is not over this.
    pub max_number: u32,
    /// What stands before the number.
    pub salt: String,
    /// What shows that the challenge was made here, in hex.
    pub signature: String,
}

/// A client's solution of a challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkSolution {
    /// The algorithm of the challenge.
    pub algorithm: String,
    /// The challenge.
    pub challenge: String,
    /// The number that was found.
    pub number: u64,
    /// The salt of the challenge.
    pub salt: String,
    /// The signature of the challenge.
    pub signature: String,
}

impl WorkChallenge {
    /// Makes a challenge for the clients of a network. Solving it takes half of `max_number` hashes on average.
    pub fn issue(
        keys: &KeyRing,
        random: &dyn Random,
        network: &str,
        now: Timestamp,
        max_number: u32,
    ) -> Self {
        let (key, nonce) = (keys.current(), random_bytes::<12>(random));
        let until = now.plus(WORK_GOOD_FOR).as_secs();
        // The mark at its end keeps digits of the salt from being read as digits of the number.
        let salt = format!("{}?expires={until}&net={}&", hex(&nonce), network_tag(key, network));
        let drawn = u32::from_be_bytes(random_bytes::<4>(random));
        let challenge = challenge_of(&salt, u64::from(drawn % max_number.max(1).saturating_add(1)));
        let signature = signature_of(key, &challenge);
        Self { algorithm: ALGORITHM, challenge, max_number, salt, signature }
    }
}

impl WorkSolution {
    /// Returns whether it solves a challenge that was made here for the clients of a network and is not over.
    pub fn is_right(&self, keys: &KeyRing, network: &str, now: Timestamp) -> bool {
        if self.algorithm != ALGORITHM || self.salt.len() > LONGEST_SALT {
            return false;
        }
        let signed_by = keys.all().find(|key| {
            let signature = signature_of(key, &self.challenge);
            signature.as_bytes().ct_eq(self.signature.as_bytes()).into()
        });
        let Some(key) = signed_by else { return false };
        let in_time = self.parameter("expires").and_then(|until| until.parse().ok());
        in_time.is_some_and(|until: i64| now.as_secs() < until)
            && self.parameter("net") == Some(network_tag(key, network).as_str())
            && challenge_of(&self.salt, self.number) == self.challenge
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let (_, parameters) = self.salt.split_once('?')?;
        parameters.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }
}

fn challenge_of(salt: &str, number: u64) -> String {
    hex(digest(&SHA256, format!("{salt}{number}").as_bytes()).as_ref())
}

fn signature_of(key: &ServerKey, challenge: &str) -> String {
    hex(&key.derive(Purpose::WorkSignature, &[challenge.as_bytes()]))
}

fn network_tag(key: &ServerKey, network: &str) -> String {
    hex(key.derive(Purpose::WorkNetwork, &[network.as_bytes()]).split_at(8).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NETWORK: &str = "203.0.113.0/24";
    const NOW: Timestamp = Timestamp::from_secs(1_763_610_000);

    struct Same(u8);

    impl Random for Same {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    fn keys(byte: u8) -> KeyRing {
        KeyRing::new(ServerKey::new([byte; 32]), vec![])
    }

    fn solved(challenge: &WorkChallenge) -> WorkSolution {
        let is_it = |number: &u64| challenge_of(&challenge.salt, *number) == challenge.challenge;
        let number = (0..=u64::from(challenge.max_number)).find(is_it).unwrap();
        WorkSolution {
            algorithm: challenge.algorithm.to_owned(),
            challenge: challenge.challenge.clone(),
            number,
            salt: challenge.salt.clone(),
            signature: challenge.signature.clone(),
        }
    }

    #[test]
    fn a_solution_is_good_for_its_network_and_for_ten_minutes() {
        let keys = keys(1);
        let solution = solved(&WorkChallenge::issue(&keys, &Same(7), NETWORK, NOW, 1000));
        assert!(solution.is_right(&keys, NETWORK, NOW));
        assert!(solution.is_right(&keys, NETWORK, NOW.plus(Duration::from_secs(599))));
        assert!(!solution.is_right(&keys, NETWORK, NOW.plus(WORK_GOOD_FOR)), "too old");
        assert!(!solution.is_right(&keys, "198.51.100.0/24", NOW), "another network");
        let rotated = KeyRing::new(ServerKey::new([2; 32]), vec![ServerKey::new([1; 32])]);
        assert!(solution.is_right(&rotated, NETWORK, NOW), "a retired key still verifies");
        assert!(!solution.is_right(&KeyRing::new(ServerKey::new([2; 32]), vec![]), NETWORK, NOW));
    }

    #[test]
    fn nothing_of_a_solution_can_be_changed() {
        let keys = keys(1);
        let right = solved(&WorkChallenge::issue(&keys, &Same(7), NETWORK, NOW, 1000));
        let longer = right.salt.replace("?expires=", "?expires=9");
        // The last digit of the salt as the first one of the number: the mark between them is in the way.
        let spliced = format!("{}1", right.salt);
        for wrong in [
            WorkSolution { number: right.number + 1, ..right.clone() },
            WorkSolution { salt: longer, ..right.clone() },
            WorkSolution { salt: spliced, ..right.clone() },
            WorkSolution { salt: "x".repeat(LONGEST_SALT + 1), ..right.clone() },
            WorkSolution { challenge: challenge_of(&right.salt, 5), number: 5, ..right.clone() },
            WorkSolution { signature: right.signature.to_uppercase(), ..right.clone() },
            WorkSolution { signature: String::new(), ..right.clone() },
            WorkSolution { algorithm: "SHA-1".to_owned(), ..right.clone() },
        ] {
            assert!(!wrong.is_right(&keys, NETWORK, NOW), "{wrong:?}");
        }
    }

    #[test]
    fn a_number_is_never_over_the_largest() {
        for byte in [0, 1, 127, 255] {
            let challenge = WorkChallenge::issue(&keys(1), &Same(byte), NETWORK, NOW, 3);
            assert!(solved(&challenge).number <= 3);
        }
    }
}
