//! The codes that prove a phone number.

mod countries;

pub use countries::{CallingCode, SmsCountries};

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    account::PhoneNumber,
    keys::{Purpose, ServerKey},
    login::LoginId,
    model::six_digits,
    system::Random,
};

/// What a code is for; one for the one is no code for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeUse {
    /// Binding the number to a login that waits for one.
    Login,
    /// Giving the number to the account of a session, known by its login.
    NewPhone,
}

impl CodeUse {
    /// Returns the name that SMS gateways are told.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::NewPhone => "new_phone",
        }
    }

    const fn purpose(self) -> Purpose {
        match self {
            Self::Login => Purpose::SmsCode,
            Self::NewPhone => Purpose::NewPhoneCode,
        }
    }
}

/// What a phone number was bound with: an HMAC over login, phone number and code, or over what WeChat vouched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BindingProof(pub [u8; 32]);

/// A six-digit code; it cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SmsCode(Zeroizing<String>);

impl SmsCode {
    /// Draws a code; all million are equally likely.
    pub fn generate(random: &dyn Random) -> Self {
        Self(six_digits::draw(random))
    }

    /// Reads a code as a person typed it; `None` when it is not six digits.
    ///
    /// Blanks, hyphens and invisible marks count for nothing, full-width digits count like ASCII ones, and a code that
    /// was pasted twice counts once.
    pub fn parse(text: &str) -> Option<Self> {
        six_digits::read(text).map(Self)
    }

    /// Returns a code that was never sent, to stand for what cannot be one.
    pub(crate) fn none() -> Self {
        Self(Zeroizing::default())
    }

    /// Returns the digits, for the one who has to send them.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns what is kept of the code, bound to what it is for, and to the login and the number that it was
    /// sent for.
    pub fn digest(
        &self,
        key: &ServerKey,
        login: LoginId,
        phone: &PhoneNumber,
        code_use: CodeUse,
    ) -> SmsCodeDigest {
        let mut number = [0; 16];
        let tag = key.derive(Purpose::SmsNumber, &[login.as_bytes(), phone.e164().as_bytes()]);
        for (to, from) in number.iter_mut().zip(tag) {
            *to = from;
        }
        SmsCodeDigest { number, code: self.keyed(key, code_use.purpose(), login, phone) }
    }

    /// Returns the value by which a repeated binding is recognised.
    pub fn binding_proof(&self, key: &ServerKey, login: LoginId, phone: &PhoneNumber) -> BindingProof {
        BindingProof(self.keyed(key, Purpose::PhoneBinding, login, phone))
    }

    fn keyed(&self, key: &ServerKey, purpose: Purpose, login: LoginId, phone: &PhoneNumber) -> [u8; 32] {
        key.derive(purpose, &[login.as_bytes(), phone.e164().as_bytes(), self.0.as_bytes()])
    }
}

impl std::fmt::Debug for SmsCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SmsCode(redacted)")
    }
}

/// What is kept of a code, bound to what it is for, and to the login and the number that it was sent for.
#[derive(Clone, Copy, Debug)]
pub struct SmsCodeDigest {
    /// An HMAC over login and number.
    pub number: [u8; 16],
    /// An HMAC over login, number and code, labelled with what the code is for.
    pub code: [u8; 32],
}

impl SmsCodeDigest {
    /// Returns whether both are of codes for the same number of the same login.
    pub fn is_for_number_of(&self, other: &Self) -> bool {
        self.number.as_slice().ct_eq(other.number.as_slice()).into()
    }

    /// Returns whether both are of the same code; takes the same time whatever they are.
    pub fn is_same_code_as(&self, other: &Self) -> bool {
        self.code.as_slice().ct_eq(other.code.as_slice()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(std::sync::atomic::AtomicU32);

    impl Random for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            let next = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            buffer.copy_from_slice(&next.to_be_bytes()[..buffer.len()]);
        }
    }

    #[test]
    fn codes_have_six_digits_and_skip_the_uneven_rest() {
        let low = Counting(7.into());
        assert_eq!(SmsCode::generate(&low).reveal(), "000007");
        let uneven = Counting((u32::MAX - u32::MAX % 1_000_000).into());
        let code = SmsCode::generate(&uneven);
        assert_eq!(code.reveal(), "000000", "drawn again until it is usable");
    }

    #[test]
    fn only_six_digits_are_a_code() {
        for typed in [
            "123456",
            " 123 456 ",
            "123-456",
            "１２３４５６",
            "\u{200e}123456\n",
            "123456123456",
            "123456 123456",
        ] {
            assert_eq!(SmsCode::parse(typed).unwrap().reveal(), "123456", "{typed:?}");
        }
        for wrong in
            ["", "12345", "1234567", "12345a", "123456123457", "123456123456123456", "¹²³456", "+123456"]
        {
            assert!(SmsCode::parse(wrong).is_none(), "{wrong}");
        }
        assert_eq!(format!("{:?}", SmsCode::parse("123456").unwrap()), "SmsCode(redacted)");
    }
}
