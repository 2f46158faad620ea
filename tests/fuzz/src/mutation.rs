//! Inputs that are near to seeds.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
};

/// No input is longer.
const MAX_BYTES: usize = 4096;

/// Changes seeds at random, other ones in every run.
pub(crate) struct Mutation {
    seeds: &'static [&'static [u8]],
    state: u64,
}

impl Mutation {
    pub(crate) fn new(seeds: &'static [&'static [u8]]) -> Self {
        Self { seeds, state: RandomState::new().build_hasher().finish() | 1 }
    }

    /// Returns the next input: a seed after some changes.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        let mut input = self.seed();
        for _ in 0..self.below(6) {
            self.change(&mut input);
        }
        input.truncate(MAX_BYTES);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let (at, other) = (self.below(input.len() + 1), self.below(input.len() + 1));
        let (from, to) = (at.min(other), at.max(other));
        match self.below(7) {
            0 => input.insert(at, self.byte()),
            1 => drop(input.drain(from..to.min(from + 8))),
            2 => input.truncate(to),
            3 => {
                let part = input.get(from..to.min(from + 64)).unwrap_or_default().to_vec();
                input.splice(at..at, part);
            }
            4 => {
                let seed = self.seed();
                let part = seed.get(self.below(seed.len() + 1)..).unwrap_or_default();
                input.splice(from..to, part.iter().copied());
            }
            _ => {
                let byte = self.byte();
                if let Some(place) = input.get_mut(at) {
                    *place = byte;
                }
            }
        }
    }

    /// Returns any byte, more often one that means something somewhere.
    fn byte(&mut self) -> u8 {
        const TELLING: &[u8] = b"<>&;/!?[]{}\"'\\,.:=%+-#x0189 \t\r\n\0\x02\x7f\x80\xbf\xed\xef\xff";
        let byte = u8::try_from(self.below(256)).unwrap_or_default();
        if self.below(2) == 0 {
            byte
        } else {
            TELLING.get(usize::from(byte) % TELLING.len()).copied().unwrap_or(byte)
        }
    }

    fn seed(&mut self) -> Vec<u8> {
        let at = self.below(self.seeds.len());
        self.seeds.get(at).copied().unwrap_or_default().to_vec()
    }

    /// Returns a number below a bound (xorshift64*).
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let number = self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap_or_default() % bound.max(1)
    }
}
