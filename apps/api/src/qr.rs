//! Draws a URL as a QR code.

use base64::{Engine, engine::general_purpose::STANDARD};
use qrcode::{EcLevel, QrCode, render::svg, types::Color};

/// The side of a PNG picture.
const PNG_PIXELS: usize = 480;

/// The blank frame that scanners need, in modules.
const QUIET: usize = 4;

/// A text that is too long for a QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text does not fit into a QR code")]
pub(crate) struct TextTooLong;

fn code(text: &str) -> Result<QrCode, TextTooLong> {
    QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| TextTooLong)
}

/// Returns an SVG picture of any size, black on white.
pub(crate) fn svg(text: &str) -> Result<String, TextTooLong> {
    let picture = code(text)?
        .render::<svg::Color<'_>>()
        .min_dimensions(200, 200)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    // Without the XML declaration the picture can be put into a page as it is.
    Ok(picture.split_once("?>").map_or(picture.as_str(), |(_, svg)| svg).to_owned())
}

/// Returns a black and white PNG picture of 480 pixels in base64.
pub(crate) fn png(text: &str) -> Result<String, TextTooLong> {
    let code = code(text)?;
    let (width, colors) = (code.width(), code.to_colors());
    let scale = (PNG_PIXELS / (width + 2 * QUIET)).max(1);
    let margin = PNG_PIXELS.saturating_sub(scale * width) / 2;
    let module = |pixel: usize| pixel.checked_sub(margin).map(|inside| inside / scale).filter(|m| *m < width);
    let mut pixels = vec![0xFF_u8; PNG_PIXELS / 8 * PNG_PIXELS];
    for (row, line) in pixels.chunks_exact_mut(PNG_PIXELS / 8).enumerate() {
        let Some(y) = module(row) else { continue };
        for column in 0..PNG_PIXELS {
            let dark = module(column).and_then(|x| colors.get(y * width + x)) == Some(&Color::Dark);
            if let Some(byte) = line.get_mut(column / 8).filter(|_| dark) {
                *byte &= !(0x80 >> (column % 8));
            }
        }
    }
    Ok(STANDARD.encode(encode(&pixels).map_err(|_| TextTooLong)?))
}

fn encode(pixels: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let side = u32::try_from(PNG_PIXELS).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header()?.write_image_data(pixels)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_svg_is_a_plain_svg_element() {
        let picture = svg("http://weixin.qq.com/q/02sampleTicket").unwrap();
        assert!(picture.starts_with("<svg"), "{picture}");
        assert!(picture.trim_end().ends_with("</svg>"));
    }

    #[test]
    fn the_png_has_480_pixels_and_a_white_frame_around_dark_corners() {
        let file = STANDARD.decode(png("http://weixin.qq.com/q/02sampleTicket").unwrap()).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        assert_eq!((reader.info().width, reader.info().height), (480, 480));
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let line = 480 / 8;
        assert!(pixels[..line * 8].iter().all(|byte| *byte == 0xFF), "the frame is white");
        assert!(pixels.contains(&0x00), "some of it is dark");
    }

    #[test]
    fn a_text_that_does_not_fit_is_an_error() {
        assert_eq!(svg(&"x".repeat(5000)), Err(TextTooLong));
        assert_eq!(png(&"x".repeat(5000)), Err(TextTooLong));
    }
}
