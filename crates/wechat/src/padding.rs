//! PKCS#7 padding to blocks of any size.

/// Takes the padding off; `None` unless it has 1 to `block` bytes and every one of them is right.
///
/// The stock unpadding knows no blocks that are larger than the cipher's, such as the 32 bytes of callbacks.
pub(crate) fn unpad(plain: &[u8], block: usize) -> Option<&[u8]> {
    let pad = *plain.last()?;
    let length = usize::from(pad);
    if !(1..=block).contains(&length) {
        return None;
    }
    let (message, padding) = plain.split_at_checked(plain.len().checked_sub(length)?)?;
    padding.iter().all(|byte| *byte == pad).then_some(message)
}
