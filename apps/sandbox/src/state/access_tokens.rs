//! The access tokens of apps, with the rules of `stable_token`, and those of users, which an app gets for a code.

use std::collections::VecDeque;

use super::authorization::Grant;
use super::bounded::Bounded;

/// How long before the end of a token `stable_token` makes the next one; until its end the old one stays good.
const OVERLAP_S: i64 = 300;
/// A forced refresh within this time of another one returns the current token.
const FORCE_GAP_S: i64 = 30;
const FORCED_PER_DAY: usize = 20;
const DAY_S: i64 = 86_400;

#[derive(Debug)]
struct AccessToken {
    value: String,
    app_id: String,
    expires_at: i64,
    dead: bool,
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenRefused {
    /// It was never issued, was replaced or killed, or has made room for a newer one.
    Unknown,
    /// Its time is over.
    Expired,
}

/// A token as it is issued.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct IssuedToken {
    pub(crate) value: String,
    pub(crate) expires_in: i64,
}

/// The app has used up today's forced refreshes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OverQuota;

/// The newest tokens of all apps.
#[derive(Debug)]
pub(crate) struct AccessTokens {
    issued: Bounded<AccessToken>,
    lifetime_s: i64,
    /// App id and time of the forced refreshes of the last day.
    forced: VecDeque<(String, i64)>,
}

impl AccessTokens {
    pub(crate) fn new(limit: usize, lifetime_s: i64) -> Self {
        Self { issued: Bounded::new(limit), lifetime_s, forced: VecDeque::new() }
    }

    /// `stable_token` in normal mode: the current token, or `fresh` when its end is near.
    pub(crate) fn stable(&mut self, app_id: &str, now: i64, fresh: String) -> IssuedToken {
        let early = OVERLAP_S.min(self.lifetime_s / 2);
        match self.current(app_id, now) {
            Some(token) if token.expires_at - now > early => token.issued(now),
            Some(_) | None => self.issue(app_id, now, fresh),
        }
    }

    /// `stable_token` with `force_refresh`: `fresh`, and the token before is dead.
    pub(crate) fn forced(&mut self, app_id: &str, now: i64, fresh: String) -> Result<IssuedToken, OverQuota> {
        self.forced.retain(|(_, at)| now - at < DAY_S);
        let mine = || self.forced.iter().filter(|(app, _)| app == app_id);
        if mine().any(|(_, at)| now - at < FORCE_GAP_S)
            && let Some(token) = self.current(app_id, now)
        {
            return Ok(token.issued(now));
        }
        if mine().count() >= FORCED_PER_DAY {
            return Err(OverQuota);
        }
        self.forced.push_back((app_id.to_owned(), now));
        let current = self.issued.iter_mut().rev().find(|token| token.is_living(app_id, now));
        current.into_iter().for_each(|token| token.dead = true);
        Ok(self.issue(app_id, now, fresh))
    }

    /// Makes every token of the app useless, as a refresh by another service would. Returns how many.
    pub(crate) fn kill(&mut self, app_id: &str) -> usize {
        let living = self.issued.iter_mut().filter(|token| token.app_id == app_id && !token.dead);
        living.map(|token| token.dead = true).count()
    }

    /// Returns the app id of the app that a token is good for.
    pub(crate) fn check(&self, value: &str, now: i64) -> Result<&str, TokenRefused> {
        match self.issued.iter().find(|token| token.value == value) {
            None => Err(TokenRefused::Unknown),
            Some(token) if token.dead => Err(TokenRefused::Unknown),
            Some(token) if token.expires_at <= now => Err(TokenRefused::Expired),
            Some(token) => Ok(&token.app_id),
        }
    }

    fn issue(&mut self, app_id: &str, now: i64, value: String) -> IssuedToken {
        let (app_id, expires_at) = (app_id.to_owned(), now + self.lifetime_s);
        let token = AccessToken { value, app_id, expires_at, dead: false };
        let issued = token.issued(now);
        self.issued.push(token);
        issued
    }

    fn current(&self, app_id: &str, now: i64) -> Option<&AccessToken> {
        self.issued.iter().rev().find(|token| token.is_living(app_id, now))
    }
}

impl AccessToken {
    fn is_living(&self, app_id: &str, now: i64) -> bool {
        !self.dead && self.expires_at > now && self.app_id == app_id
    }

    fn issued(&self, now: i64) -> IssuedToken {
        IssuedToken { value: self.value.clone(), expires_in: self.expires_at - now }
    }
}

/// An access token of a user.
#[derive(Debug)]
pub(crate) struct UserToken {
    access_token: String,
    grant: Grant,
    expires_at: i64,
}

impl Bounded<UserToken> {
    pub(crate) fn issue(&mut self, access_token: String, grant: Grant, expires_at: i64) {
        self.push(UserToken { access_token, grant, expires_at });
    }

    /// Returns what an access token allows.
    pub(crate) fn check(&self, access_token: &str, now: i64) -> Result<&Grant, TokenRefused> {
        let found = self.iter().rev().find(|token| token.access_token == access_token);
        let token = found.ok_or(TokenRefused::Unknown)?;
        if token.expires_at <= now { Err(TokenRefused::Expired) } else { Ok(&token.grant) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> AccessTokens {
        AccessTokens::new(100, 7200)
    }

    #[test]
    fn the_stable_token_stays_until_five_minutes_before_its_end_and_overlaps_with_the_next() {
        let mut tokens = tokens();
        assert_eq!(tokens.stable("wx", 0, "a".into()), IssuedToken { value: "a".into(), expires_in: 7200 });
        assert_eq!(tokens.stable("wx", 6899, "b".into()), IssuedToken { value: "a".into(), expires_in: 301 });
        assert_eq!(
            tokens.stable("wx", 6900, "c".into()),
            IssuedToken { value: "c".into(), expires_in: 7200 }
        );
        assert_eq!(tokens.check("a", 7199), Ok("wx"));
        assert_eq!(tokens.check("a", 7200), Err(TokenRefused::Expired));
    }

    #[test]
    fn a_forced_refresh_kills_the_token_before_but_not_twice_within_thirty_seconds() {
        let mut tokens = tokens();
        tokens.stable("wx", 0, "a".into());
        assert_eq!(tokens.forced("wx", 1, "b".into()).unwrap().value, "b");
        assert_eq!(tokens.check("a", 1), Err(TokenRefused::Unknown));
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
        assert_eq!(tokens.check("a", 0), Err(TokenRefused::Unknown));
        assert_eq!(tokens.stable("wx", 0, "b".into()).value, "b");
    }
}
