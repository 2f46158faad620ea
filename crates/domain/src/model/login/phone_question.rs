//! What the phone that scanned is asked before its client is let in.

use std::fmt;

use crate::system::{Random, random_bytes};

/// How many wrong numbers end a login.
pub const WRONG_NUMBERS: u8 = 3;

/// The two digits that the waiting client shows and the phone has to enter: 10 to 99.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfirmNumber(u8);

impl ConfirmNumber {
    const FIRST: u8 = 10;
    const COUNT: u8 = 90;

    /// Draws a number; each is as likely as any other.
    pub fn generate(random: &dyn Random) -> Self {
        loop {
            let [byte] = random_bytes(random);
            // What is left over of a byte would make some numbers likelier.
            if byte < 2 * Self::COUNT {
                return Self(Self::FIRST + byte % Self::COUNT);
            }
        }
    }

    /// Reads what a person entered or what a store has; `None` unless it is two digits from 10 on.
    pub fn parse(text: &str) -> Option<Self> {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = is_number.then(|| text.parse().ok()).flatten()?;
        (number >= Self::FIRST).then_some(Self(number))
    }

    /// Returns the number.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl fmt::Display for ConfirmNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What the phone that scanned is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneQuestion {
    /// Whether it lets the client in.
    YesOrNo,
    /// That, and the number that the client shows.
    Number {
        /// The number.
        number: ConfirmNumber,
        /// How often another one was entered.
        wrong: u8,
    },
}

impl PhoneQuestion {
    /// Returns the number that the client is to show, if it has one.
    pub const fn number(&self) -> Option<ConfirmNumber> {
        match self {
            Self::YesOrNo => None,
            Self::Number { number, .. } => Some(*number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bytes(std::sync::atomic::AtomicU8);

    impl Random for Bytes {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill_with(|| self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
    }

    #[test]
    fn every_number_is_drawn_as_often_as_any_other() {
        let random = Bytes(0.into());
        let mut drawn = [0; 100];
        for _ in 0..180 {
            drawn[usize::from(ConfirmNumber::generate(&random).get())] += 1;
        }
        assert_eq!(drawn[..10], [0; 10]);
        assert_eq!(drawn[10..], [2; 90]);
    }

    #[test]
    fn a_number_is_two_digits() {
        assert_eq!(ConfirmNumber::parse("47").map(ConfirmNumber::get), Some(47));
        for wrong in ["", "4", "07", "123", "470", "4a", "+4", " 47", "４７", "四七"] {
            assert_eq!(ConfirmNumber::parse(wrong), None, "{wrong}");
        }
    }
}
