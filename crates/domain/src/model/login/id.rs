//! The public half of a login: an id that commits to the poll token and carries its own deadline.
//!
//! Layout: deadline (5 bytes, hundredths of a second since the Unix epoch) ‖ SHA-256(poll token ‖ deadline), first 13
//! bytes ‖ HMAC(server key, the 18 bytes before), first 6 bytes. That is 24 bytes, 32 characters of base64url: as
//! many as the scene of a mini-program code has.
//!
//! * The commitment has 104 bits: a forger of a poll token needs 2^104 tries for one id, and each deadline is a
//!   target of its own.
//! * The MAC has 48 bits. It only keeps unknown ids from costing a look-up, so a forger has to guess online.
//!
//! So the service refuses an id that it did not issue without a look-up, it checks the poll token without a look-up,
//! and a login that is never scanned costs no row anywhere.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest;
use subtle::ConstantTimeEq;

use super::PollToken;
use crate::{
    keys::{KeyRing, Purpose, ServerKey},
    time::Timestamp,
};

const DEADLINE: usize = 5;
const COMMITMENT: usize = 13;
const MAC: usize = 6;
const SIGNED: usize = DEADLINE + COMMITMENT;
const LENGTH: usize = SIGNED + MAC;

/// Deadlines are counted in hundredths of a second, of which five bytes are enough until the year 2318.
const TICK_MILLIS: i64 = 10;

/// The public id of a login, 32 characters of base64url.
///
/// Can only be made by issuing one, by verifying one that came from outside, or from a store.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoginId([u8; LENGTH]);

impl LoginId {
    /// How many characters an id has.
    pub const CHARS: usize = 32;

    /// Issues the id that commits to a poll token and a deadline, which is cut to hundredths of a second.
    pub fn issue(token: &PollToken, deadline: Timestamp, keys: &KeyRing) -> Self {
        let mut bytes = [0; LENGTH];
        let ticks = u64::try_from(deadline.as_millis() / TICK_MILLIS).unwrap_or(0).to_be_bytes();
        for (to, from) in bytes.iter_mut().zip(ticks.iter().skip(8 - DEADLINE)) {
            *to = *from;
        }
        let commitment = commitment(token, &bytes);
        for (to, from) in bytes.iter_mut().skip(DEADLINE).zip(commitment) {
            *to = from;
        }
        let mac = mac(keys.current(), &bytes);
        for (to, from) in bytes.iter_mut().skip(SIGNED).zip(mac) {
            *to = from;
        }
        Self(bytes)
    }

    /// Reads an id that came from outside; `None` unless one of the keys issued it.
    pub fn verify(text: &str, keys: &KeyRing) -> Option<Self> {
        let id = Self::from_store(text)?;
        id.issuer(keys).is_some().then_some(id)
    }

    /// Returns the key that issued the id, if the ring has it.
    pub(crate) fn issuer<'a>(&self, keys: &'a KeyRing) -> Option<&'a ServerKey> {
        let theirs = self.0.split_at(SIGNED).1;
        keys.all().find(|key| mac(key, &self.0).ct_eq(theirs).into())
    }

    /// Reads an id that this service wrote into a store of its own; `None` when it is malformed.
    ///
    /// The MAC is not checked: never use it on anything that came from outside.
    pub fn from_store(text: &str) -> Option<Self> {
        if text.len() != Self::CHARS {
            return None;
        }
        let mut bytes = [0; LENGTH];
        (URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()? == LENGTH).then_some(Self(bytes))
    }

    /// Returns the moment until which the QR code or link may be used.
    pub fn deadline(&self) -> Timestamp {
        let ticks = self.0.iter().take(DEADLINE).fold(0_i64, |ticks, byte| (ticks << 8) | i64::from(*byte));
        Timestamp::from_millis(ticks * TICK_MILLIS)
    }

    /// Returns a part of a time, which is the same for one login and as good as random among many: what ends for all of them
    /// at once is then answered one after the other.
    pub fn part_of(&self, time: Duration) -> Duration {
        time * self.0.split_at(DEADLINE).1.first().copied().unwrap_or(0).into() / 256
    }

    /// Returns whether the id was issued for this poll token; takes the same time for any token.
    pub fn is_committed_to(&self, token: &PollToken) -> bool {
        let ours: [u8; COMMITMENT] = first(self.0.split_at(DEADLINE).1);
        commitment(token, &self.0).ct_eq(&ours).into()
    }

    /// Returns the bytes of the id.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

fn commitment(token: &PollToken, id: &[u8; LENGTH]) -> [u8; COMMITMENT] {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(token.as_bytes());
    context.update(id.split_at(DEADLINE).0);
    first(context.finish().as_ref())
}

fn mac(key: &ServerKey, id: &[u8; LENGTH]) -> [u8; MAC] {
    first(&key.derive(Purpose::LoginId, &[id.split_at(SIGNED).0]))
}

fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    for (to, from) in out.iter_mut().zip(bytes) {
        *to = *from;
    }
    out
}

impl std::fmt::Display for LoginId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl std::fmt::Debug for LoginId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LoginId({self})")
    }
}

/// A login together with the proof that the caller has its poll token.
///
/// Every use case that reveals or changes something on behalf of the client asks for one.
#[derive(Clone, Debug)]
pub struct AuthenticatedLogin {
    id: LoginId,
    token: PollToken,
}

impl AuthenticatedLogin {
    /// Checks that an id was issued by this service for this poll token.
    ///
    /// Returns `None` alike for a foreign id and a foreign token, so that the caller does not learn which it was.
    pub fn verify(id: &str, token: &str, keys: &KeyRing) -> Option<Self> {
        let id = LoginId::verify(id, keys)?;
        let token = PollToken::parse(token)?;
        id.is_committed_to(&token).then_some(Self { id, token })
    }

    pub(crate) fn issued(id: LoginId, token: PollToken) -> Self {
        Self { id, token }
    }

    /// Returns the login's public id.
    pub fn id(&self) -> LoginId {
        self.id
    }

    /// Returns the login's secret.
    pub fn token(&self) -> &PollToken {
        &self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(byte: u8) -> KeyRing {
        KeyRing::new(ServerKey::new([byte; 32]), vec![])
    }

    fn token(byte: u8) -> PollToken {
        PollToken::parse(&URL_SAFE_NO_PAD.encode([byte; 32])).unwrap()
    }

    #[test]
    fn an_id_has_32_characters_and_carries_its_deadline() {
        let id = LoginId::issue(&token(1), Timestamp::from_millis(1_763_610_000_999), &keys(1));
        assert_eq!(id.to_string().len(), 32);
        assert_eq!(id.deadline(), Timestamp::from_millis(1_763_610_000_990));
        assert_eq!(LoginId::verify(&id.to_string(), &keys(1)), Some(id));
    }

    #[test]
    fn an_id_of_another_service_is_refused() {
        let id = LoginId::issue(&token(1), Timestamp::from_secs(9), &keys(1)).to_string();
        assert_eq!(LoginId::verify(&id, &keys(2)), None);
        let rotated = KeyRing::new(ServerKey::new([2; 32]), vec![ServerKey::new([1; 32])]);
        assert!(LoginId::verify(&id, &rotated).is_some(), "a retired key still verifies");
    }

    #[test]
    fn any_changed_character_is_refused() {
        let id = LoginId::issue(&token(1), Timestamp::from_secs(1_763_610_000), &keys(1)).to_string();
        for at in 0..id.len() {
            let mut changed = id.clone().into_bytes();
            changed[at] = if changed[at] == b'x' { b'y' } else { b'x' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(LoginId::verify(&changed, &keys(1)), None, "{changed}");
        }
        for other in ["", "x", &id[1..], &format!("{id}A"), &"ä".repeat(16), &"=".repeat(LoginId::CHARS)] {
            assert_eq!(LoginId::verify(other, &keys(1)), None);
        }
    }

    #[test]
    fn only_the_token_it_was_issued_for_proves_a_login() {
        let id = LoginId::issue(&token(1), Timestamp::from_secs(9), &keys(1)).to_string();
        let right = token(1).reveal();
        assert!(AuthenticatedLogin::verify(&id, &right, &keys(1)).is_some());
        for wrong in [token(2).reveal().as_str(), "", "x", &right[1..]] {
            assert!(AuthenticatedLogin::verify(&id, wrong, &keys(1)).is_none());
        }
    }
}
