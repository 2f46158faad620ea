//! Screenshots: decoding the QR code in one, keeping it, and comparing it with the one of an earlier run.

use std::{env, fs, path::PathBuf};

use crate::{
    folders,
    likeness::{SQUARE, Squares},
};

/// How far an area that is left out may reach beyond where it did, in pixels: half a digit of a countdown that is a
/// digit shorter by now, at a zoom of 200 %.
const SLACK: usize = 10;

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

    /// Returns whether it has a part in a square, or nearly has.
    fn touches(&self, column: usize, row: usize) -> bool {
        let has_part = |(from, to): (usize, usize), square: usize| {
            square * SQUARE < to + SLACK && from < (square + 1) * SQUARE + SLACK && from < to
        };
        has_part(self.x, column) && has_part(self.y, row)
    }
}

/// A picture in shades of grey.
pub struct Picture {
    png: Vec<u8>,
    width: usize,
    height: usize,
    greys: Vec<u8>,
    left_out: Vec<Area>,
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
        Self { png, width, height, greys, left_out: Vec::new() }
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

    /// Returns width, height and greys, row by row.
    pub(crate) fn greys(&self) -> (usize, usize, &[u8]) {
        (self.width, self.height, &self.greys)
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
        self.left_out.extend(areas);
        self
    }

    /// Writes the picture into the folder of this run's screenshots, to be looked at.
    pub fn keep(&self, name: &str) {
        fs::create_dir_all(folders::screenshots()).unwrap();
        fs::write(folders::screenshots().join(format!("{name}.png")), &self.png).unwrap();
    }

    /// Writes the picture into the folder of this run's screenshots and compares it with the stored one of the
    /// same name; with `SAOMA_STORE_SCREENSHOTS=1` it becomes the stored one instead.
    pub fn compare(&self, name: &str) {
        self.keep(name);
        if env::var_os("SAOMA_STORE_SCREENSHOTS").is_some() {
            fs::create_dir_all(folders::stored_screenshots()).unwrap();
            fs::write(stored(name), self.in_squares()).unwrap();
            return;
        }
        if let Err(why) = self.looks_like(name) {
            panic!("{name} looks different: {why}; see it in {}", folders::screenshots().display());
        }
    }

    /// Compares with the stored picture of this name, and returns how many squares of 8 × 8 pixels differ at all.
    ///
    /// # Errors
    /// Says how many differ too much.
    pub fn looks_like(&self, name: &str) -> Result<usize, String> {
        let stored = fs::read(stored(name)).map(Picture::read).unwrap_or_else(|_| {
            panic!("there is no stored screenshot {name}: run with SAOMA_STORE_SCREENSHOTS=1 and look at it")
        });
        self.resembles(&stored.stored_squares())
    }

    /// Returns the squares of a picture as it is stored.
    pub(crate) fn stored_squares(&self) -> Squares {
        Squares { width: self.width, greys: self.greys.clone() }
    }

    fn resembles(&self, stored: &Squares) -> Result<usize, String> {
        let is_left_out = |column, row| self.left_out.iter().any(|area| area.touches(column, row));
        self.squares().resemble(stored, is_left_out)
    }

    fn squares(&self) -> Squares {
        Squares::of(&self.greys, self.width)
    }

    /// Returns the picture as it is stored: a pixel a square, which is enough to compare with, and small.
    fn in_squares(&self) -> Vec<u8> {
        let squares = self.squares();
        let mut out = Vec::new();
        let [width, height] =
            [squares.width, squares.greys.len() / squares.width].map(|side| u32::try_from(side).unwrap());
        let mut encoder = png::Encoder::new(&mut out, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header().unwrap().write_image_data(&squares.greys).unwrap();
        out
    }
}

/// Returns where the stored picture of this name is.
fn stored(name: &str) -> PathBuf {
    folders::stored_screenshots().join(format!("{name}.png"))
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
        Picture { png: Vec::new(), width, height, greys, left_out: Vec::new() }
    }

    #[test]
    fn a_page_that_is_a_little_different_is_still_the_same() {
        assert!(page(100, BUTTON + 3).resembles(&page(100, BUTTON).squares()).is_ok());
    }

    #[test]
    fn a_button_that_is_missing_is_seen() {
        assert!(page(100, WHITE).resembles(&page(100, BUTTON).squares()).is_err());
    }

    #[test]
    fn a_line_that_is_elsewhere_is_seen() {
        assert!(page(140, BUTTON).resembles(&page(100, BUTTON).squares()).is_err());
    }

    #[test]
    fn what_changes_every_time_can_be_left_out() {
        let line = [Area::new(130.0, 100.0, 300.0, 54.0, 1.0)];
        let stored = page(140, BUTTON).without(&line).squares();
        assert_eq!(page(100, BUTTON).without(&line).resembles(&stored), Ok(0));
        let shorter = [Area::new(139.0, 100.0, 282.0, 54.0, 1.0)];
        assert_eq!(page(140, BUTTON).without(&shorter).resembles(&stored), Ok(0), "a digit shorter");
        assert!(page(100, WHITE).without(&line).resembles(&stored).is_err(), "all else is compared");
    }
}
