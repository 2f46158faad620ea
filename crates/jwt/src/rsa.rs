//! Makes RSA keys of 2048 bits: two random primes from `crypto-primes`, and the numbers that follow from them. ring reads the key
//! and checks that its numbers belong together, and everything that is secret at run time is ring's.

use std::convert::Infallible;

use crypto_bigint::{CheckedSub, Limb, NonZero, Odd, U64, U1024, U2048, Uint};
use crypto_primes::{
    Flavor,
    hazmat::{SetBits, SmallFactorsSieveFactory},
    is_prime, sieve_and_find,
};
use rand_core::{TryCryptoRng, TryRng};
use saoma_domain::{ports::KeyMakingFailed, system::Random};
use zeroize::Zeroizing;

use crate::der::rsa_private_key;

/// The public exponent, a prime.
const E: u32 = 65_537;

/// Makes a key as PKCS#1 has it.
///
/// # Errors
/// [`KeyMakingFailed`] where no pair of primes fits; that does not happen.
pub(crate) fn make(random: &dyn Random) -> Result<Zeroizing<Vec<u8>>, KeyMakingFailed> {
    let mut drawn = Drawn(random);
    // Each pair is refused with a chance of 1 in 30,000: `e` divides one of the two, or they are the same.
    for _ in 0..16 {
        let (p, q) = (prime(&mut drawn)?, prime(&mut drawn)?);
        if let Some(key) = key_of(p.max(q), p.min(q)) {
            return Ok(key);
        }
    }
    Err(KeyMakingFailed("no pair of primes fits".to_owned()))
}

/// Returns a random prime of 1024 bits, of which the two highest are set, so that a product has 2048.
fn prime(drawn: &mut Drawn<'_>) -> Result<U1024, KeyMakingFailed> {
    let failed = |error| KeyMakingFailed(format!("no prime was found: {error}"));
    let sieve = SmallFactorsSieveFactory::new(Flavor::Any, 1024, SetBits::TwoMsb).map_err(failed)?;
    let found =
        sieve_and_find(drawn, sieve, |_, candidate| is_prime(Flavor::Any, candidate)).map_err(failed)?;
    found.ok_or_else(|| KeyMakingFailed("no prime was found".to_owned()))
}

/// Returns the key of two primes, the larger one first.
fn key_of(p: U1024, q: U1024) -> Option<Zeroizing<Vec<u8>>> {
    let (p_1, q_1) = (minus_1(&p)?, minus_1(&q)?);
    let n: U2048 = p.concatenating_mul(&q);
    let phi: U2048 = p_1.concatenating_mul(&q_1);
    let d = inverse_of_e(&phi)?;
    let (dp, dq) = (inverse_of_e(&p_1)?, inverse_of_e(&q_1)?);
    let q_inverse = Option::<U1024>::from(q.invert_odd_mod(&Option::<Odd<U1024>>::from(Odd::new(p))?))?;
    Some(rsa_private_key([
        &bytes(&n),
        &E.to_be_bytes(),
        &bytes(&d),
        &bytes(&p),
        &bytes(&q),
        &bytes(&dp),
        &bytes(&dq),
        &bytes(&q_inverse),
    ]))
}

fn minus_1<const LIMBS: usize>(number: &Uint<LIMBS>) -> Option<Uint<LIMBS>> {
    number.checked_sub(&Uint::ONE).into()
}

/// Returns the inverse of `e` modulo `m`; none where `e` divides it.
///
/// With `m = e·a + r` it is `(1 + k·m) / e = k·a + (1 + k·r) / e` for the `k` that makes `1 + k·r` a multiple of `e`. `k` is less
/// than `e`, so the sum is less than `m`.
fn inverse_of_e<const LIMBS: usize>(m: &Uint<LIMBS>) -> Option<Uint<LIMBS>> {
    let e = NonZero::new(Limb::from_u32(E)).into_option()?;
    let (a, r) = m.div_rem_limb(e);
    let r = u64::from(U64::from(r));
    let k = u64::from(E) - power(r, E - 2).filter(|inverse| *inverse > 0)?;
    let rest = (1 + k * r) / u64::from(E);
    Some(a.wrapping_mul(&Uint::<LIMBS>::from_u64(k)).wrapping_add(&Uint::from_u64(rest)))
}

/// Returns a power modulo `e`; with the exponent `e - 2` it is the inverse, since `e` is a prime.
fn power(base: u64, mut exponent: u32) -> Option<u64> {
    let e = u64::from(E);
    let (mut square, mut result) = (base.checked_rem(e)?, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * square % e;
        }
        square = square * square % e;
        exponent >>= 1;
    }
    Some(result)
}

fn bytes<const LIMBS: usize>(number: &Uint<LIMBS>) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(number.to_be_bytes().as_ref().to_vec())
}

/// The randomness of the service, as the library takes it.
struct Drawn<'a>(&'a dyn Random);

impl TryRng for Drawn<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(buffer);
        Ok(())
    }
}

impl TryCryptoRng for Drawn<'_> {}
