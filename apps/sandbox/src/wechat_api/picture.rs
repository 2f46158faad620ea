//! QR codes as pictures.

use png::{BitDepth, ColorType, Encoder};
use qrcode::{Color, EcLevel, QrCode};

/// Pixels a module, and modules of white around; a code of our URLs comes to about 400 pixels.
const SCALE: usize = 10;
const QUIET: usize = 4;

/// Returns a PNG of a QR code, one bit a pixel; `None` for a text too long for any code.
pub(super) fn png_of(text: &str) -> Option<Vec<u8>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = (code.width() + 2 * QUIET) * SCALE;
    let is_dark = |x: usize, y: usize| {
        let module = |pixel: usize| (pixel / SCALE).checked_sub(QUIET).filter(|at| *at < code.width());
        module(x).zip(module(y)).is_some_and(|at| code[at] == Color::Dark)
    };
    let mut pixels = Vec::with_capacity(side * side.div_ceil(8));
    for y in 0..side {
        for left in (0..side).step_by(8) {
            let white = |bit: usize| left + bit >= side || !is_dark(left + bit, y);
            pixels.push((0..8).fold(0_u8, |byte, bit| byte << 1 | u8::from(white(bit))));
        }
    }
    let side = u32::try_from(side).ok()?;
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, side, side);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::One);
    encoder.write_header().ok()?.write_image_data(&pixels).ok()?;
    Some(png)
}
