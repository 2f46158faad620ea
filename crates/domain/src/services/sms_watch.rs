//! Watching how many of the SMS codes are used: codes that are never typed are the mark of SMS pumping.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::Policy;
use crate::{ports::Clock, time::Timestamp};

/// An hour is watched in twelve parts, the current one included.
const PART: Duration = Duration::from_secs(300);
const PARTS: usize = 12;

/// So few codes say nothing.
const FEWEST: u32 = 100;

/// Watches the codes of the last hour. Each node judges by its own, so that nothing has to be shared for it.
pub struct SmsWatch {
    parts: Mutex<[Part; PARTS]>,
    clock: Arc<dyn Clock>,
    policy: Arc<Policy>,
}

/// The codes of one part of an hour.
#[derive(Clone, Copy, Default)]
struct Part {
    /// Which part since the Unix epoch it is.
    number: i64,
    sent: u32,
    used: u32,
}

/// Too many codes of the last hour that were not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnusedCodes {
    /// How many codes were sent.
    pub sent: u32,
    /// How many of them were not used.
    pub unused: u32,
}

impl SmsWatch {
    pub(super) fn new(clock: Arc<dyn Clock>, policy: Arc<Policy>) -> Self {
        Self { parts: Mutex::default(), clock, policy }
    }

    /// Returns the codes of the last hour where more than [`sms_unused_permille`] of at least a hundred were not used.
    /// As long as that is so, the limits on SMS by address are a quarter; all others stay, so that no attacker can stop the
    /// SMS of all by asking for codes and not using them.
    ///
    /// [`sms_unused_permille`]: super::LimitPolicy::sms_unused_permille
    pub fn too_many_unused(&self) -> Option<UnusedCodes> {
        let most = u64::from(self.policy.limits.sms_unused_permille);
        if most == 0 {
            return None;
        }
        let now = number_of(self.clock.now());
        let parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = || parts.iter().filter(|part| usize::try_from(now - part.number).unwrap_or(0) < PARTS);
        let sent: u32 = recent().map(|part| part.sent).sum();
        let unused = sent.saturating_sub(recent().map(|part| part.used).sum());
        let is_too_many = sent >= FEWEST && u64::from(unused) * 1000 > most * u64::from(sent);
        is_too_many.then_some(UnusedCodes { sent, unused })
    }

    pub(super) fn code_sent(&self) {
        self.count(|part| part.sent += 1);
    }

    pub(super) fn code_used(&self) {
        self.count(|part| part.used += 1);
    }

    fn count(&self, count: impl FnOnce(&mut Part)) {
        let number = number_of(self.clock.now());
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        // The part of an hour ago makes room.
        if let Some(part) = parts.iter_mut().find(|part| part.number == number) {
            count(part);
        } else if let Some(oldest) = parts.iter_mut().min_by_key(|part| part.number) {
            *oldest = Part { number, ..Part::default() };
            count(oldest);
        }
    }
}

fn number_of(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(i64::try_from(PART.as_millis()).unwrap_or(i64::MAX))
}
