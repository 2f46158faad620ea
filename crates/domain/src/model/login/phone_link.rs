//! The links that the phone which scanned gets in the chat.
//!
//! Layout: the login's id (32 characters) ‖ the identity's (22 characters of base64url) ‖ HMAC(server key, link, login,
//! identity), first 16 bytes (22 characters). So a link that this service did not issue is refused without a look-up, and
//! is good for one login, one person and one purpose.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;

use super::LoginId;
use crate::{
    account::IdentityId,
    keys::{KeyRing, Purpose, ServerKey},
};

const MAC: usize = 16;
const CHARS: usize = LoginId::CHARS + 2 * BASE64_CHARS;
/// How many characters 16 bytes have.
const BASE64_CHARS: usize = 22;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneLinkKind {
    /// It answers whether the phone lets the client in.
    Confirm,
    /// It says that the person did not mean to log in.
    NotMe,
}

impl PhoneLinkKind {
    const fn purpose(self) -> Purpose {
        match self {
            Self::Confirm => Purpose::ConfirmLink,
            Self::NotMe => Purpose::NotMeLink,
        }
    }
}

/// A link of the phone that scanned a login. Its text is a secret of the person's: it is not printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneLink {
    /// The login.
    pub login: LoginId,
    /// The identity that scanned it.
    pub identity: IdentityId,
    text: String,
}

impl PhoneLink {
    /// Issues a link.
    pub fn issue(kind: PhoneLinkKind, login: LoginId, identity: IdentityId, keys: &KeyRing) -> Self {
        let (of_identity, mac) = (identity.to_bytes(), mac(keys.current(), kind, login, identity));
        let text = format!("{login}{}{}", URL_SAFE_NO_PAD.encode(of_identity), URL_SAFE_NO_PAD.encode(mac));
        Self { login, identity, text }
    }

    /// Reads a link that came from outside; `None` unless one of the keys issued it for this.
    pub fn verify(kind: PhoneLinkKind, text: &str, keys: &KeyRing) -> Option<Self> {
        if text.len() != CHARS || !text.is_ascii() {
            return None;
        }
        let (login, rest) = text.split_at_checked(LoginId::CHARS)?;
        let (identity, theirs) = rest.split_at_checked(BASE64_CHARS)?;
        let login = LoginId::from_store(login)?;
        let identity = IdentityId::from_store(bytes(identity)?);
        let theirs = bytes(theirs)?;
        let is_ours = keys.all().any(|key| mac(key, kind, login, identity).ct_eq(&theirs).into());
        is_ours.then(|| Self { login, identity, text: text.to_owned() })
    }

    /// Returns the text, for the person's chat alone.
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for PhoneLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneLink({})", self.login)
    }
}

fn bytes(text: &str) -> Option<[u8; MAC]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

fn mac(key: &ServerKey, kind: PhoneLinkKind, login: LoginId, identity: IdentityId) -> [u8; MAC] {
    let whole = key.derive(kind.purpose(), &[login.as_bytes(), &identity.to_bytes()]);
    let mut mac = [0; MAC];
    mac.copy_from_slice(whole.split_at(MAC).0);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{login::PollToken, time::Timestamp};

    fn keys(key: u8) -> KeyRing {
        KeyRing::new(ServerKey::new([key; 32]), vec![])
    }

    fn link(kind: PhoneLinkKind) -> PhoneLink {
        let token = PollToken::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        let login = LoginId::issue(&token, Timestamp::from_secs(1_763_610_000), &keys(1));
        PhoneLink::issue(kind, login, IdentityId::from_store([7; 16]), &keys(1))
    }

    #[test]
    fn a_link_is_good_for_what_it_was_issued_for() {
        let issued = link(PhoneLinkKind::Confirm);
        assert_eq!(
            PhoneLink::verify(PhoneLinkKind::Confirm, issued.reveal(), &keys(1)),
            Some(issued.clone())
        );
        assert_eq!(PhoneLink::verify(PhoneLinkKind::NotMe, issued.reveal(), &keys(1)), None);
        assert_eq!(PhoneLink::verify(PhoneLinkKind::Confirm, issued.reveal(), &keys(2)), None);
        let rotated = KeyRing::new(ServerKey::new([2; 32]), vec![ServerKey::new([1; 32])]);
        assert!(PhoneLink::verify(PhoneLinkKind::Confirm, issued.reveal(), &rotated).is_some());
    }

    #[test]
    fn a_changed_link_is_not_ours_and_a_link_is_not_printed() {
        let issued = link(PhoneLinkKind::NotMe);
        for at in 0..issued.reveal().len() {
            let mut changed = issued.reveal().as_bytes().to_vec();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(PhoneLink::verify(PhoneLinkKind::NotMe, &changed, &keys(1)), None, "{at}");
        }
        for wrong in ["", "x", &issued.reveal()[1..], &"密".repeat(26)] {
            assert_eq!(PhoneLink::verify(PhoneLinkKind::NotMe, wrong, &keys(1)), None, "{wrong}");
        }
        assert!(!format!("{issued:?}").contains(&issued.reveal()[40..]));
    }
}
