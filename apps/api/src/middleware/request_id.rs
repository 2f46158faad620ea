//! The id of a request, which its answer and its lines in the log carry.

use std::cell::Cell;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use saoma_domain::ports::{Random, random_bytes};

/// The header that carries the id of a request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How far the counter of `SplitMix64` goes on with each number.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Makes the ids of one worker's requests.
///
/// An id has to be unique and need not be secret, so it costs no call of the operating system: a random number of the
/// worker, then a number of `SplitMix64`, which repeats none before it has had all. Only the seed is drawn at random.
pub(crate) struct RequestIds {
    worker: u64,
    counter: Cell<u64>,
}

impl RequestIds {
    /// Makes the ids of one worker.
    pub(crate) fn new(random: &dyn Random) -> Self {
        let [worker, counter] = [(), ()].map(|()| u64::from_be_bytes(random_bytes(random)));
        Self { worker, counter: Cell::new(counter) }
    }

    /// Returns the client's id when it is 1–64 characters of `[A-Za-z0-9_-]`, else a new one.
    pub(crate) fn of(&self, headers: &HeaderMap) -> HeaderValue {
        let given = headers.get(&REQUEST_ID).filter(|value| is_usable(value.as_bytes()));
        given.cloned().unwrap_or_else(|| self.next())
    }

    fn next(&self) -> HeaderValue {
        let counter = self.counter.get().wrapping_add(STEP);
        self.counter.set(counter);
        let id = (u128::from(self.worker) << 64) | u128::from(mixed(counter));
        let mut text = [0; 32];
        for (place, digit) in text.iter_mut().rev().enumerate() {
            *digit = hex((id >> (4 * place)) & 0xf);
        }
        HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static("-"))
    }
}

/// The output function of `SplitMix64` (Steele, Lea and Flood, 2014): another number for each counter.
fn mixed(counter: u64) -> u64 {
    let mixed = (counter ^ (counter >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn hex(digit: u128) -> u8 {
    let digit = u8::try_from(digit).unwrap_or(0);
    if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }
}

fn is_usable(id: &[u8]) -> bool {
    (1..=64).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix64_gives_the_numbers_of_its_authors() {
        let numbers = [1, 2, 3].map(|count: u64| mixed(STEP.wrapping_mul(count)));
        assert_eq!(numbers, [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]);
    }

    #[test]
    fn ids_have_32_digits_and_differ() {
        let ids = RequestIds { worker: 0x0123_4567_89ab_cdef, counter: Cell::new(0) };
        let first = ids.next();
        assert_eq!(first, "0123456789abcdefe220a8397b1dcdaf");
        assert_ne!(ids.next(), first);
    }
}
