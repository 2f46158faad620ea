//! What is fuzzed: every place where bytes of strangers are read.
//!
//! A body is a function of any bytes that panics where something is wrong. `fuzz/` has a target of cargo-fuzz for each,
//! `tests/bodies.rs` runs each for some seconds in every test run, and this package's program runs all of them for as
//! long as it is told (`just fuzz`).

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "these are tests: a panic is how they speak, and their time is the wall's"
)]

mod answers;
mod callback;
mod http;
mod mutation;
mod openid;
mod places;
mod texts;

pub use answers::wechat_answers;
pub use callback::{aes_envelope, callback_json, callback_xml};
pub use http::{cookies_and_tokens, forwarded_for, queries_and_forms};
pub use openid::openid_requests;
pub use places::place_files;
pub use texts::{configuration, phone_numbers};

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    time::{Duration, Instant},
};

use mutation::Mutation;

/// A body, and inputs that are worth changing.
pub struct Body {
    /// Its name, which is that of its target too.
    pub name: &'static str,
    /// The body.
    pub run: fn(&[u8]),
    seeds: &'static [&'static [u8]],
}

/// All bodies.
pub const BODIES: [Body; 11] = [
    Body { name: "callback_xml", run: callback_xml, seeds: callback::XML },
    Body { name: "callback_json", run: callback_json, seeds: callback::JSON },
    Body { name: "aes_envelope", run: aes_envelope, seeds: callback::ENVELOPES },
    Body { name: "wechat_answers", run: wechat_answers, seeds: answers::SEEDS },
    Body { name: "cookies_and_tokens", run: cookies_and_tokens, seeds: http::CREDENTIALS },
    Body { name: "queries_and_forms", run: queries_and_forms, seeds: http::CALLS },
    Body { name: "openid_requests", run: openid_requests, seeds: openid::REQUESTS },
    Body { name: "forwarded_for", run: forwarded_for, seeds: http::ADDRESSES },
    Body { name: "configuration", run: configuration, seeds: texts::CONFIGURATIONS },
    Body { name: "place_files", run: place_files, seeds: places::SEEDS },
    Body { name: "phone_numbers", run: phone_numbers, seeds: texts::PHONES },
];

impl Body {
    /// Runs the body with changed seeds for a time, and returns how often.
    ///
    /// # Panics
    /// As the body does; it is said with which bytes.
    pub fn run_for(&self, time: Duration) -> u64 {
        let (mut mutation, mut runs, until) = (Mutation::new(self.seeds), 0, Instant::now() + time);
        while Instant::now() < until {
            let input = mutation.next();
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| (self.run)(&input))) {
                println!("{} fails with b\"{}\"", self.name, input.escape_ascii());
                resume_unwind(panic);
            }
            runs += 1;
        }
        runs
    }
}
