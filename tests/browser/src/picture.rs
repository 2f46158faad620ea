//! Screenshots: decoding the QR code in one, keeping it, and comparing it with the one of an earlier run.

use std::{env, fs, path::PathBuf};

/// How much darker or lighter a square may be than it was: of 255. Fonts are drawn a little differently on
/// every machine; a part that is missing or in another colour is not a little.
const TOLERANCE: u8 = 14;

/// In how many of a thousand squares it may be more.
const STRAYS: usize = 12;

/// The side of a square in pixels.
const SQUARE: usize = 8;

/// A part of a picture, in its pixels.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    x: (usize, usize),
    y: (usize, usize),
}

impl Area {
    /// Returns the area of what begins at `x` and `y`, in CSS pixels of `scale` pixels each.
    pub fn new(x: f64, y: f64, width: f64, height: f64, scale: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a pixel of a screen; what is beyond the edges counts as the edge"
        )]
        let pixel = |at: f64| (at * scale).round().max(0.0) as usize;
        Self { x: (pixel(x), pixel(x + width)), y: (pixel(y), pixel(y + height)) }
    }
}

/// A picture in shades of grey.
pub struct Picture {
    png: Vec<u8>,
    width: usize,
    height: usize,
    greys: Vec<u8>,
}

impl Picture {
    /// Reads a PNG picture as a browser makes them: 8 bits, with or without transparency.
    pub fn read(png: Vec<u8>) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().expect("it fits into memory")];
        let info = reader.next_frame(&mut pixels).unwrap();
        let samples = info.color_type.samples();
        let grey = |pixel: &[u8]| match pixel {
            [red, green, blue, ..] => {
                let sum = 299 * u32::from(*red) + 587 * u32::from(*green) + 114 * u32::from(*blue);
                u8::try_from(sum / 1000).unwrap()
            }
            other => other[0],
        };
        let greys = pixels[..info.buffer_size()].chunks(samples).map(grey).collect();
        let (width, height) = (info.width.try_into().unwrap(), info.height.try_into().unwrap());
        Self { png, width, height, greys }
    }

    /// Returns what the one QR code in the picture says.
    pub fn qr_text(&self) -> Option<String> {
        let grey_at = |x, y| self.greys[y * self.width + x];
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(self.width, self.height, grey_at);
        match image.detect_grids().as_slice() {
            [grid] => grid.decode().ok().map(|(_, text)| text),
            _ => None,
        }
    }

    /// Leaves out of comparisons what is different every time.
    #[must_use]
    pub fn without(mut self, areas: &[Area]) -> Self {
        for Area { x, y } in areas {
            for row in y.0.min(self.height)..y.1.min(self.height) {
                let (from, to) = (x.0.min(self.width), x.1.min(self.width));
                self.greys[row * self.width + from..row * self.width + to].fill(128);
            }
        }
        self
    }

    /// Writes the picture into the folder of this run's screenshots and compares it with the stored one of the
    /// same name; with `SAOMA_STORE_SCREENSHOTS=1` it becomes the stored one instead.
    pub fn compare(&self, name: &str) {
        let taken = folder().join(format!("{name}.png"));
        fs::create_dir_all(folder()).unwrap();
        fs::write(&taken, &self.png).unwrap();
        let stored =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("screenshots").join(format!("{name}.png"));
        if env::var_os("SAOMA_STORE_SCREENSHOTS").is_some() {
            fs::create_dir_all(stored.parent().unwrap()).unwrap();
            fs::write(&stored, self.in_squares()).unwrap();
            return;
        }
        let expected = fs::read(&stored).map(Picture::read).unwrap_or_else(|_| {
            panic!("there is no stored screenshot {name}: run with SAOMA_STORE_SCREENSHOTS=1 and look at it")
        });
        if let Err(why) = self.resembles(&expected.greys) {
            panic!("{name} looks different: {why}; see {}", taken.display());
        }
    }

    /// Compares with the squares of another picture.
    fn resembles(&self, stored: &[u8]) -> Result<(), String> {
        let allowed = stored.len() * STRAYS / 1000;
        match strays(&squares(self), stored) {
            Some(strays) if strays <= allowed => Ok(()),
            Some(strays) => Err(format!("{strays} of {} squares, {allowed} may", stored.len())),
            None => Err("another size".to_owned()),
        }
    }

    /// Returns the picture as it is stored: a pixel a square, which is enough to compare with, and small.
    fn in_squares(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let side = |pixels: usize| u32::try_from(pixels / SQUARE).unwrap();
        let mut encoder = png::Encoder::new(&mut out, side(self.width), side(self.height));
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header().unwrap().write_image_data(&squares(self)).unwrap();
        out
    }
}

/// Returns where this run's screenshots are: `SAOMA_SCREENSHOTS`, or `target/screenshots`.
fn folder() -> PathBuf {
    env::var_os("SAOMA_SCREENSHOTS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots"),
        PathBuf::from,
    )
}

fn squares(picture: &Picture) -> Vec<u8> {
    let mean = |row: usize, column: usize| {
        let sum: usize = (0..SQUARE)
            .flat_map(|y| (0..SQUARE).map(move |x| (y, x)))
            .map(|(y, x)| {
                usize::from(picture.greys[(row * SQUARE + y) * picture.width + column * SQUARE + x])
            })
            .sum();
        u8::try_from(sum / (SQUARE * SQUARE)).unwrap()
    };
    let columns = picture.width / SQUARE;
    (0..picture.height / SQUARE)
        .flat_map(|row| (0..columns).map(move |column| (row, column)))
        .map(|(r, c)| mean(r, c))
        .collect()
}

/// Returns how many squares differ by more than the tolerance, or nothing for pictures of different sizes.
fn strays(taken: &[u8], stored: &[u8]) -> Option<usize> {
    (taken.len() == stored.len()).then(|| {
        taken.iter().zip(stored).filter(|(taken, stored)| taken.abs_diff(**stored) > TOLERANCE).count()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: u8 = 255;
    const BUTTON: u8 = 237;

    /// A page of 560 × 720 pixels with a line of text that begins at `text`, and a button of this shade.
    fn page(text: usize, button: u8) -> Picture {
        let (width, height) = (560, 720);
        let shade = |x: usize, y: usize| match (x, y) {
            (130..430, 600..645) => button,
            // Strokes of two pixels, three apart.
            (130..430, _) if (text..text + 14).contains(&y) && x % 5 < 2 => 0,
            _ => WHITE,
        };
        let greys =
            (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| shade(x, y)).collect();
        Picture { png: Vec::new(), width, height, greys }
    }

    #[test]
    fn a_page_that_is_a_little_different_is_still_the_same() {
        assert_eq!(page(100, BUTTON + 5).resembles(&squares(&page(100, BUTTON))), Ok(()));
    }

    #[test]
    fn a_button_that_is_missing_is_seen() {
        assert!(page(100, WHITE).resembles(&squares(&page(100, BUTTON))).is_err());
    }

    #[test]
    fn a_line_that_is_elsewhere_is_seen() {
        assert!(page(140, BUTTON).resembles(&squares(&page(100, BUTTON))).is_err());
    }

    #[test]
    fn what_changes_every_time_can_be_left_out() {
        let line = [Area::new(130.0, 100.0, 300.0, 54.0, 1.0)];
        let stored = squares(&page(140, BUTTON).without(&line));
        assert_eq!(page(100, BUTTON).without(&line).resembles(&stored), Ok(()));
    }
}
