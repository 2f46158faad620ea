//! Codes of six digits, as they are drawn, and as they are read from what a person typed.

use zeroize::Zeroizing;

use crate::{
    system::{Random, random_bytes},
    text::{half_width, is_decoration},
};

const DIGITS: usize = 6;

/// The longest text that is looked at for a code, in bytes.
const LONGEST_TEXT: usize = 128;

/// Draws a code; all million are equally likely.
pub(crate) fn draw(random: &dyn Random) -> Zeroizing<String> {
    const CODES: u32 = 1_000_000;
    // Numbers past the last whole multiple would make small codes likelier.
    const USABLE: u32 = u32::MAX - u32::MAX % CODES;
    loop {
        let number = u32::from_be_bytes(random_bytes(random));
        if number < USABLE {
            return Zeroizing::new(format!("{:06}", number % CODES));
        }
    }
}

/// Reads a code as a person typed it; `None` when it is not six digits.
///
/// Blanks, hyphens and invisible marks count for nothing, full-width digits count like ASCII ones, and a code that
/// was pasted twice counts once.
pub(crate) fn read(text: &str) -> Option<Zeroizing<String>> {
    if text.len() > LONGEST_TEXT {
        return None;
    }
    let typed = text.chars().filter(|c| !is_decoration(*c)).map(half_width);
    let typed = Zeroizing::new(typed.collect::<String>());
    let code = match typed.split_at_checked(DIGITS) {
        Some((code, "")) => code,
        Some((code, again)) if code == again => code,
        Some(_) | None => return None,
    };
    code.bytes().all(|b| b.is_ascii_digit()).then(|| Zeroizing::new(code.to_owned()))
}
