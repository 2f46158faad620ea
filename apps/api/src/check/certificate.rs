//! HTTP as the doctor calls, with a look at the certificate.

use std::time::Duration;

use reqwest::{Client, redirect::Policy};
use time::{
    OffsetDateTime, PrimitiveDateTime,
    format_description::{parse_borrowed, well_known::Rfc2822},
};

/// Makes a client that follows nothing, and keeps the certificate that it was shown.
pub(super) fn http() -> Result<Client, String> {
    let tls = saoma_tls::client_config(true).map_err(|error| error.to_string())?;
    let builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .timeout(Duration::from_secs(5))
        .redirect(Policy::none())
        .no_proxy();
    builder.tls_info(true).build().map_err(|error| error.to_string())
}

/// Returns the Unix seconds of an HTTP date.
pub(super) fn http_date(text: &str) -> Option<i64> {
    Some(OffsetDateTime::parse(&text.replace("GMT", "+0000"), &Rfc2822).ok()?.unix_timestamp())
}

/// Returns until when a certificate is valid, in Unix seconds. Reads no more of its DER than the way to that.
pub(super) fn valid_until(der: &[u8]) -> Option<i64> {
    // Certificate → TBSCertificate → [version], serial, algorithm, issuer, validity → notBefore, notAfter.
    let mut fields = children(value(der)?)?;
    let mut fields = children(value(fields.next()?)?)?.peekable();
    if fields.peek()?.first() == Some(&0xa0) {
        fields.next();
    }
    let validity = fields.nth(3)?;
    let not_after = children(value(validity)?)?.nth(1)?;
    let text = std::str::from_utf8(value(not_after)?).ok()?;
    let text = if text.len() == 13 { format!("20{text}") } else { text.to_owned() };
    let format = parse_borrowed::<2>("[year][month][day][hour][minute][second]Z").ok()?;
    Some(PrimitiveDateTime::parse(&text, &format).ok()?.assume_utc().unix_timestamp())
}

/// Returns the length of the head of a DER element, and that of its value.
fn lengths(der: &[u8]) -> Option<(usize, usize)> {
    let first = usize::from(*der.get(1)?);
    if first < 0x80 {
        return Some((2, first));
    }
    let bytes = first & 0x7f;
    let length = der
        .get(2..2 + bytes)?
        .iter()
        .try_fold(0_usize, |length, byte| length.checked_mul(256)?.checked_add(usize::from(*byte)))?;
    Some((2 + bytes, length))
}

fn value(der: &[u8]) -> Option<&[u8]> {
    let (head, length) = lengths(der)?;
    der.get(head..head.checked_add(length)?)
}

/// Returns the elements that a value consists of.
fn children(mut rest: &[u8]) -> Option<impl Iterator<Item = &[u8]>> {
    let mut elements = Vec::new();
    while !rest.is_empty() {
        let (head, length) = lengths(rest)?;
        let (element, after) = rest.split_at_checked(head.checked_add(length)?)?;
        elements.push(element);
        rest = after;
    }
    Some(elements.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_http_date_is_read() {
        assert_eq!(http_date("Thu, 20 Nov 2025 03:40:00 GMT"), Some(1_763_610_000));
        assert_eq!(http_date("soon"), None);
    }

    /// Writes a DER element.
    fn element(tag: u8, value: &[u8]) -> Vec<u8> {
        let length = u8::try_from(value.len()).unwrap();
        let head = if length < 0x80 { vec![tag, length] } else { vec![tag, 0x81, length] };
        [head, value.to_vec()].concat()
    }

    #[test]
    fn the_end_of_a_certificate_is_found() {
        let validity =
            element(0x30, &[element(0x17, b"250101000000Z"), element(0x17, b"251120034000Z")].concat());
        let fields = [
            element(0xa0, &element(2, &[2])),
            element(2, &[1]),
            element(0x30, &[]),
            element(0x30, &[5, 0].repeat(40)),
            validity,
        ];
        let certificate = element(0x30, &element(0x30, &fields.concat()));
        assert_eq!(valid_until(&certificate), Some(1_763_610_000));
        assert_eq!(valid_until(&certificate[..20]), None);
        assert_eq!(valid_until(b""), None);
    }
}
