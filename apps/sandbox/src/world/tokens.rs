//! Access tokens, with the rules of `stable_token`.

use std::collections::VecDeque;

use super::bounded::Bounded;

/// How long the token before stays good when a new one is made in the ordinary way, and how early
/// `stable_token` makes one.
const OVERLAP_S: i64 = 300;
/// Forced refreshes closer together than this return the current token.
const FORCE_GAP_S: i64 = 30;
const FORCED_PER_DAY: usize = 20;
const DAY_S: i64 = 86_400;
const MAX_LIFETIME_S: i64 = 365 * DAY_S;

#[derive(Debug)]
struct Token {
    value: String,
    app_id: String,
    expires_at: i64,
    dead: bool,
}

/// What became of a token that was shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TokenState {
    /// Good, for this app.
    Good(String),
    /// Its time is over.
    Expired,
    /// Never issued, replaced or killed.
    Unknown,
}

/// A token as it is handed out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Issued {
    pub(crate) value: String,
    pub(crate) expires_in: i64,
}

/// The endpoint has been called too often today.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OverQuota;

/// Every token that was issued lately.
#[derive(Debug)]
pub(crate) struct Tokens {
    issued: Bounded<Token>,
    lifetime_s: i64,
    forced: VecDeque<(String, i64)>,
}

impl Tokens {
    pub(crate) fn new(limit: usize, lifetime_s: i64) -> Self {
        Self {
            issued: Bounded::new(limit),
            lifetime_s: lifetime_s.clamp(1, MAX_LIFETIME_S),
            forced: VecDeque::new(),
        }
    }

    /// `stable_token` in normal mode: the current token, or `fresh` when its end is near.
    pub(crate) fn stable(&mut self, app_id: &str, now: i64, fresh: String) -> Issued {
        let early = OVERLAP_S.min(self.lifetime_s / 2);
        match self.current(app_id, now) {
            Some(token) if token.expires_at - now > early => token.show(now),
            Some(_) | None => self.issue(app_id, now, fresh),
        }
    }

    /// `stable_token` with `force_refresh`: `fresh`, and the one before is dead.
    pub(crate) fn forced(&mut self, app_id: &str, now: i64, fresh: String) -> Result<Issued, OverQuota> {
        let just_now = |(app, at): &(String, i64)| app == app_id && now - at < FORCE_GAP_S;
        if self.forced.iter().any(just_now)
            && let Some(token) = self.current(app_id, now)
        {
            return Ok(token.show(now));
        }
        charge(&mut self.forced, app_id, now, FORCED_PER_DAY)?;
        self.current_mut(app_id, now).into_iter().for_each(|token| token.dead = true);
        Ok(self.issue(app_id, now, fresh))
    }

    /// Makes every token of the app useless, as a leak handled by somebody else would. Returns how many.
    pub(crate) fn kill(&mut self, app_id: &str) -> usize {
        let living = self.issued.iter_mut().filter(|token| token.app_id == app_id && !token.dead);
        living.map(|token| token.dead = true).count()
    }

    /// Says what a token is worth.
    pub(crate) fn judge(&self, value: &str, now: i64) -> TokenState {
        match self.issued.iter().find(|token| token.value == value) {
            None => TokenState::Unknown,
            Some(token) if token.dead => TokenState::Unknown,
            Some(token) if token.expires_at <= now => TokenState::Expired,
            Some(token) => TokenState::Good(token.app_id.clone()),
        }
    }

    fn issue(&mut self, app_id: &str, now: i64, value: String) -> Issued {
        let token =
            Token { value, app_id: app_id.to_owned(), expires_at: now + self.lifetime_s, dead: false };
        let shown = token.show(now);
        self.issued.push(token);
        shown
    }

    fn current(&self, app_id: &str, now: i64) -> Option<&Token> {
        self.issued.iter().rev().find(|token| token.is_living(app_id, now))
    }

    fn current_mut(&mut self, app_id: &str, now: i64) -> Option<&mut Token> {
        self.issued.iter_mut().rev().find(|token| token.is_living(app_id, now))
    }
}

impl Token {
    fn is_living(&self, app_id: &str, now: i64) -> bool {
        !self.dead && self.expires_at > now && self.app_id == app_id
    }

    fn show(&self, now: i64) -> Issued {
        Issued { value: self.value.clone(), expires_in: self.expires_at - now }
    }
}

fn charge(
    calls: &mut VecDeque<(String, i64)>,
    app_id: &str,
    now: i64,
    limit: usize,
) -> Result<(), OverQuota> {
    calls.retain(|(_, at)| now - at < DAY_S);
    if calls.iter().filter(|(app, _)| app == app_id).count() >= limit {
        return Err(OverQuota);
    }
    calls.push_back((app_id.to_owned(), now));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Tokens {
        Tokens::new(100, 7200)
    }

    #[test]
    fn the_stable_token_stays_until_five_minutes_before_its_end_and_overlaps_with_the_next() {
        let mut tokens = tokens();
        assert_eq!(tokens.stable("wx", 0, "a".into()), Issued { value: "a".into(), expires_in: 7200 });
        assert_eq!(tokens.stable("wx", 6899, "b".into()), Issued { value: "a".into(), expires_in: 301 });
        assert_eq!(tokens.stable("wx", 6900, "c".into()), Issued { value: "c".into(), expires_in: 7200 });
        assert_eq!(tokens.judge("a", 7199), TokenState::Good("wx".into()));
        assert_eq!(tokens.judge("a", 7200), TokenState::Expired);
    }

    #[test]
    fn a_forced_refresh_kills_the_token_before_but_not_twice_within_thirty_seconds() {
        let mut tokens = tokens();
        tokens.stable("wx", 0, "a".into());
        assert_eq!(tokens.forced("wx", 1, "b".into()).unwrap().value, "b");
        assert_eq!(tokens.judge("a", 1), TokenState::Unknown);
        assert_eq!(tokens.forced("wx", 30, "c".into()).unwrap().value, "b");
        assert_eq!(tokens.forced("wx", 31, "d".into()).unwrap().value, "d");
    }

    #[test]
    fn the_twenty_first_forced_refresh_of_a_day_is_refused() {
        let mut tokens = tokens();
        for number in 0..20 {
            assert!(tokens.forced("wx", number * 30, number.to_string()).is_ok());
        }
        assert_eq!(tokens.forced("wx", 600, "x".into()), Err(OverQuota));
        assert!(tokens.forced("wy", 600, "y".into()).is_ok(), "each app has its own allowance");
        assert!(tokens.forced("wx", DAY_S, "z".into()).is_ok());
    }

    #[test]
    fn a_killed_token_is_replaced_by_the_next_normal_call() {
        let mut tokens = tokens();
        tokens.stable("wx", 0, "a".into());
        assert_eq!(tokens.kill("wx"), 1);
        assert_eq!(tokens.judge("a", 0), TokenState::Unknown);
        assert_eq!(tokens.stable("wx", 0, "b".into()).value, "b");
    }
}
