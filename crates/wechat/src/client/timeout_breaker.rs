//! The circuit breaker of an API that does not answer in time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use saoma_domain::time::Timestamp;

use super::api::Api;

/// How many calls in a row have to time out.
const TIMEOUTS: u32 = 3;

/// How long no call goes through then.
const PAUSE: Duration = Duration::from_secs(5);

/// How soon to ask again while another call finds out whether WeChat is back.
const SOON: Duration = Duration::from_secs(1);

/// The time-out breakers of one app, one for each API.
#[derive(Default)]
pub(super) struct TimeoutBreakers(Mutex<BTreeMap<&'static str, Arc<TimeoutBreaker>>>);

impl TimeoutBreakers {
    pub(super) fn of(&self, api: &Api) -> Arc<TimeoutBreaker> {
        let mut breakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(breakers.entry(api.path).or_default())
    }
}

/// Lets the calls of one API of one app through until three in a row have timed out, and then none for five seconds, so
/// that a WeChat that hangs does not hold up every login for the whole time of a call. From then on it lets one call at a
/// time through, until one is answered.
#[derive(Default)]
pub(super) struct TimeoutBreaker(Mutex<State>);

#[derive(Default)]
struct State {
    in_a_row: u32,
    /// No call goes through before, and after that one at a time.
    open_until: Option<Timestamp>,
    is_probed: bool,
}

/// How a call ended that a breaker let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallEnd {
    /// WeChat answered, whatever it said, or could not be reached at once.
    Answered,
    /// It was waited for as long as a call may take.
    TimedOut,
    /// The caller did not wait so long.
    GivenUp,
}

impl TimeoutBreaker {
    /// Lets a call through, or returns when it makes sense to ask again.
    pub(super) fn enter(self: &Arc<Self>, now: Timestamp) -> Result<Passage, Duration> {
        let mut state = self.lock();
        let is_probe = match state.open_until {
            None => false,
            Some(until) if now < until => return Err(until.saturating_duration_since(now)),
            Some(_) if state.is_probed => return Err(SOON),
            Some(_) => true,
        };
        state.is_probed |= is_probe;
        Ok(Passage { breaker: Arc::clone(self), is_probe })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that a breaker let through. One that is dropped says nothing about WeChat.
pub(super) struct Passage {
    breaker: Arc<TimeoutBreaker>,
    is_probe: bool,
}

impl Passage {
    /// Notes how the call ended, and returns whether that has opened the breaker.
    pub(super) fn ended(self, end: CallEnd, now: Timestamp) -> bool {
        let mut state = self.breaker.lock();
        match end {
            CallEnd::GivenUp => false,
            CallEnd::Answered => {
                *state = State { is_probed: state.is_probed, ..State::default() };
                false
            }
            CallEnd::TimedOut => {
                state.in_a_row = state.in_a_row.saturating_add(1);
                let was_closed = state.open_until.is_none();
                if state.in_a_row >= TIMEOUTS {
                    state.open_until = Some(now.plus(PAUSE));
                }
                was_closed && state.open_until.is_some()
            }
        }
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        if self.is_probe {
            self.breaker.lock().is_probed = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    fn opened() -> Arc<TimeoutBreaker> {
        let breaker = Arc::<TimeoutBreaker>::default();
        for opens in [false, false, true] {
            assert_eq!(breaker.enter(at(0)).ok().unwrap().ended(CallEnd::TimedOut, at(0)), opens);
        }
        breaker
    }

    #[test]
    fn three_timeouts_in_a_row_open_it_for_five_seconds() {
        let breaker = opened();
        assert_eq!(breaker.enter(at(0)).err(), Some(Duration::from_secs(5)));
        assert_eq!(breaker.enter(at(4)).err(), Some(Duration::from_secs(1)));
        assert!(breaker.enter(at(5)).is_ok());
    }

    #[test]
    fn an_answer_between_timeouts_keeps_it_closed() {
        let breaker = Arc::<TimeoutBreaker>::default();
        for end in
            [CallEnd::TimedOut, CallEnd::TimedOut, CallEnd::Answered, CallEnd::TimedOut, CallEnd::TimedOut]
        {
            assert!(!breaker.enter(at(0)).ok().unwrap().ended(end, at(0)));
        }
        assert!(breaker.enter(at(0)).is_ok());
    }

    #[test]
    fn one_call_at_a_time_tries_whether_wechat_is_back() {
        let breaker = opened();
        let probe = breaker.enter(at(5)).ok().unwrap();
        assert_eq!(breaker.enter(at(5)).err(), Some(SOON));
        probe.ended(CallEnd::TimedOut, at(8));
        assert_eq!(breaker.enter(at(8)).err(), Some(PAUSE), "one time-out is enough");
        for _dropped in 0..2 {
            assert!(
                breaker.enter(at(13)).is_ok(),
                "a probe whose caller has gone leaves the trial to the next"
            );
        }
        assert!(!breaker.enter(at(13)).ok().unwrap().ended(CallEnd::GivenUp, at(14)));
        breaker.enter(at(14)).ok().unwrap().ended(CallEnd::Answered, at(14));
        let (first, second) = (breaker.enter(at(14)), breaker.enter(at(14)));
        assert!(first.is_ok() && second.is_ok(), "all go through");
    }
}
