//! As much of DER as an RSA key needs.
#![cfg(feature = "rsa")]

use zeroize::Zeroizing;

/// Returns an RSA key as PKCS#1 has it (RFC 8017, A.1.2): version 0, then its eight numbers.
pub(crate) fn rsa_private_key(numbers: [&[u8]; 8]) -> Zeroizing<Vec<u8>> {
    // Room for all of it, so that no copy is left behind when it grows.
    let mut content = Zeroizing::new(Vec::with_capacity(2048));
    push_integer(&mut content, &[0]);
    for number in numbers {
        push_integer(&mut content, number);
    }
    let mut key = Zeroizing::new(Vec::with_capacity(2048));
    key.push(0x30);
    push_length(&mut key, content.len());
    key.extend_from_slice(&content);
    key
}

/// Writes a number without a sign.
fn push_integer(out: &mut Vec<u8>, bytes: &[u8]) {
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len().saturating_sub(1));
    let digits = bytes.get(first..).unwrap_or_default();
    let padding = digits.first().is_none_or(|byte| byte & 0x80 != 0);
    out.push(0x02);
    push_length(out, digits.len() + usize::from(padding));
    if padding {
        out.push(0);
    }
    out.extend_from_slice(digits);
}

fn push_length(out: &mut Vec<u8>, length: usize) {
    let [.., high, low] = length.to_be_bytes();
    match (high, low) {
        (0, low @ 0..=0x7f) => out.push(low),
        (0, low) => out.extend([0x81, low]),
        (high, low) => out.extend([0x82, high, low]),
    }
}
