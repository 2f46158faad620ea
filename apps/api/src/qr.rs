//! Draws a URL as a QR code.

use std::fmt::Write as _;

#[cfg(feature = "png")]
use base64::{Engine, engine::general_purpose::STANDARD};
use qrcode::{
    EcLevel,
    bits::encode_auto,
    canvas::{Canvas, MaskPattern},
    ec::construct_codewords,
    types::{Color, QrError},
};

#[cfg(feature = "png")]
/// The side of a PNG picture.
const PNG_PIXELS: usize = 480;

/// The blank frame that scanners need, in modules.
const QUIET: usize = 4;

/// A text that is too long for a QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text does not fit into a QR code")]
pub(crate) struct TextTooLong;

impl From<QrError> for TextTooLong {
    fn from(_: QrError) -> Self {
        Self
    }
}

/// The modules of a code without its frame.
struct Modules {
    width: usize,
    colors: Vec<Color>,
}

impl Modules {
    /// Encodes a text with one mask always. Choosing the best of the eight is most of the work of a QR code, and scanners
    /// read all of them.
    fn of(text: &str) -> Result<Self, TextTooLong> {
        let bits = encode_auto(text.as_bytes(), EcLevel::M)?;
        let version = bits.version();
        let (data, correction) = construct_codewords(&bits.into_bytes(), version, EcLevel::M)?;
        let mut canvas = Canvas::new(version, EcLevel::M);
        canvas.draw_all_functional_patterns();
        canvas.draw_data(&data, &correction);
        canvas.apply_mask(MaskPattern::DiagonalLines);
        let width = usize::try_from(version.width()).map_err(|_| TextTooLong)?;
        Ok(Self { width, colors: canvas.into_colors() })
    }

    #[cfg(feature = "png")]
    fn is_dark(&self, x: usize, y: usize) -> bool {
        self.colors.get(y * self.width + x) == Some(&Color::Dark)
    }
}

/// Returns an SVG picture of any size, black on white: an element that can be put into a page, one path in it.
pub(crate) fn svg(text: &str) -> Result<String, TextTooLong> {
    let modules = Modules::of(text)?;
    let side = modules.width + 2 * QUIET;
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{pixels}\" height=\"{pixels}\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"",
        pixels = side * 200_usize.div_ceil(side),
    );
    for (row, line) in modules.colors.chunks_exact(modules.width).enumerate() {
        let mut column = 0;
        for run in line.chunk_by(|left, right| left == right) {
            if run.first() == Some(&Color::Dark) {
                let (x, y, length) = (column + QUIET, row + QUIET, run.len());
                // Writing into a text cannot fail.
                let _ = write!(picture, "M{x} {y}h{length}v1h-{length}z");
            }
            column += run.len();
        }
    }
    picture.push_str("\"/></svg>");
    Ok(picture)
}

#[cfg(feature = "png")]
/// Returns a black and white PNG picture of 480 pixels in base64.
pub(crate) fn png(text: &str) -> Result<String, TextTooLong> {
    let modules = Modules::of(text)?;
    let width = modules.width;
    let scale = (PNG_PIXELS / (width + 2 * QUIET)).max(1);
    let margin = PNG_PIXELS.saturating_sub(scale * width) / 2;
    let module = |pixel: usize| pixel.checked_sub(margin).map(|inside| inside / scale).filter(|m| *m < width);
    let mut pixels = vec![0xFF_u8; PNG_PIXELS / 8 * PNG_PIXELS];
    for (row, line) in pixels.chunks_exact_mut(PNG_PIXELS / 8).enumerate() {
        let Some(y) = module(row) else { continue };
        for column in 0..PNG_PIXELS {
            let dark = module(column).is_some_and(|x| modules.is_dark(x, y));
            if let Some(byte) = line.get_mut(column / 8).filter(|_| dark) {
                *byte &= !(0x80 >> (column % 8));
            }
        }
    }
    Ok(STANDARD.encode(encode(&pixels).map_err(|_| TextTooLong)?))
}

#[cfg(feature = "png")]
fn encode(pixels: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let side = u32::try_from(PNG_PIXELS).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header()?.write_image_data(pixels)?;
    Ok(file)
}

/// The largest side of a picture that WeChat draws.
#[cfg(feature = "png")]
const MOST_PIXELS: u32 = 1280;

/// Returns a picture of a code that WeChat drew on transparent ground as a PNG on white, in base64: a scanner does not find it
/// on a dark page. One without transparency stays as it is, and so does a JPEG, which every viewer knows by its first bytes.
///
/// # Errors
/// [`png::DecodingError`] for what is no picture.
#[cfg(feature = "png")]
pub(crate) fn on_white(picture: &[u8]) -> Result<String, png::DecodingError> {
    if picture.starts_with(b"\xff\xd8\xff") {
        return Ok(STANDARD.encode(picture));
    }
    let mut decoder = png::Decoder::new(std::io::Cursor::new(picture));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info()?;
    let (width, height) = (reader.info().width, reader.info().height);
    if width > MOST_PIXELS || height > MOST_PIXELS {
        return Err(png::DecodingError::LimitsExceeded);
    }
    let size = reader.output_buffer_size().ok_or(png::DecodingError::LimitsExceeded)?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels)?;
    let (channels, color) = match frame.color_type {
        png::ColorType::GrayscaleAlpha => (2, png::ColorType::Grayscale),
        png::ColorType::Rgba => (4, png::ColorType::Rgb),
        png::ColorType::Grayscale | png::ColorType::Rgb | png::ColorType::Indexed => {
            return Ok(STANDARD.encode(picture));
        }
    };
    let mut opaque = Vec::with_capacity(size);
    for pixel in pixels.chunks_exact(channels) {
        let Some((alpha, colors)) = pixel.split_last() else { continue };
        let over = |value: &u8| {
            let (value, alpha) = (u32::from(*value), u32::from(*alpha));
            u8::try_from((value * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
        };
        opaque.extend(colors.iter().map(over));
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_compression(png::Compression::Fast);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&opaque));
    written.map_err(|error| png::DecodingError::IoError(std::io::Error::other(error)))?;
    Ok(STANDARD.encode(file))
}

#[cfg(test)]
#[cfg(feature = "png")]
mod tests {
    use super::*;

    const URL: &str = "http://weixin.qq.com/q/02sampleTicket";

    /// Reads the text of a picture of which the size and the dark pixels are known, as a scanner does.
    fn scanned(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> String {
        let shade = |x, y| if is_dark(x, y) { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, shade);
        image.detect_grids()[0].decode().unwrap().1
    }

    #[test]
    fn the_svg_is_one_element_that_a_scanner_reads() {
        let picture = svg(URL).unwrap();
        assert!(picture.starts_with("<svg") && picture.ends_with("</svg>"), "{picture}");
        assert!(picture.len() < 5000, "{} bytes", picture.len());
        let (_, path) = picture.split_once("<path d=\"").unwrap();
        let runs = path.split('M').filter_map(|run| run.split_once("v1h-"));
        let runs: Vec<[usize; 3]> = runs
            .map(|(start, _)| {
                let numbers: Vec<_> = start.split([' ', 'h']).map(|number| number.parse().unwrap()).collect();
                numbers.try_into().unwrap()
            })
            .collect();
        let is_dark =
            |x, y| runs.iter().any(|[left, top, run]| *top == y && (*left..left + run).contains(&x));
        assert_eq!(scanned(8 * 40, |x, y| is_dark(x / 8, y / 8)), URL);
    }

    #[test]
    fn the_png_has_480_pixels_and_a_scanner_reads_it() {
        let file = STANDARD.decode(png(URL).unwrap()).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        assert_eq!((reader.info().width, reader.info().height), (480, 480));
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let is_dark = |x: usize, y: usize| pixels[y * 60 + x / 8] & (0x80 >> (x % 8)) == 0;
        assert_eq!(scanned(480, is_dark), URL);
    }

    /// Writes a picture of some pixels in one line.
    fn drawn(color: png::ColorType, pixels: &[u8], width: u32) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, 1);
        encoder.set_color(color);
        encoder.write_header().unwrap().write_image_data(pixels).unwrap();
        file
    }

    fn read(file: &[u8]) -> (png::ColorType, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        (frame.color_type, pixels)
    }

    #[test]
    fn what_is_transparent_becomes_white_and_what_is_not_stays() {
        let clear = drawn(png::ColorType::Rgba, &[0, 0, 0, 255, 9, 9, 9, 0, 0, 100, 200, 128], 3);
        let seen = read(&STANDARD.decode(on_white(&clear).unwrap()).unwrap());
        assert_eq!(seen, (png::ColorType::Rgb, vec![0, 0, 0, 255, 255, 255, 127, 177, 227]));
        let grey = drawn(png::ColorType::GrayscaleAlpha, &[0, 255, 0, 0], 2);
        let seen = read(&STANDARD.decode(on_white(&grey).unwrap()).unwrap());
        assert_eq!(seen, (png::ColorType::Grayscale, vec![0, 255]));
        let opaque = drawn(png::ColorType::Rgb, &[1, 2, 3], 1);
        assert_eq!(STANDARD.decode(on_white(&opaque).unwrap()).unwrap(), opaque);
        let jpeg = b"\xff\xd8\xff\xe0whatever";
        assert_eq!(STANDARD.decode(on_white(jpeg).unwrap()).unwrap(), jpeg);
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_an_error() {
        let whole = drawn(png::ColorType::Rgba, &[0; 400], 100);
        let wide = drawn(png::ColorType::Grayscale, &[0; 1281], 1281);
        for wrong in [&b""[..], b"\x89PNG\r\n\x1a\n", b"<html>", &whole[..whole.len() / 2], &wide] {
            assert!(on_white(wrong).is_err(), "{} bytes", wrong.len());
        }
    }

    #[test]
    fn a_text_that_does_not_fit_is_an_error() {
        assert_eq!(svg(&"x".repeat(5000)), Err(TextTooLong));
        assert_eq!(png(&"x".repeat(5000)), Err(TextTooLong));
    }
}
