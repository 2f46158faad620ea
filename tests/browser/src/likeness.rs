//! Whether a picture looks like one of an earlier run, which is kept as one grey for each square of 8 × 8 pixels.
//!
//! What differs a little wherever something is drawn is another way of drawing: another version of the browser
//! smooths the edges of letters in its own way. What differs in one place only is a change. So the limit for a
//! square grows with the mean difference of all squares where something is drawn.

/// The side of a square in pixels.
pub(crate) const SQUARE: usize = 8;

/// How much darker or lighter a square may be where nothing differs elsewhere: of 255.
const TOLERANCE: f64 = 3.0;

/// How much the limit grows with the mean difference.
const GROWTH: f64 = 30.0;

/// The limit grows no further than to this.
const LIMIT: f64 = 15.0;

/// In how many squares it may be more.
const STRAYS: usize = 3;

/// From which difference to its neighbour on something is drawn in a square.
const EDGE: u8 = 3;

/// Greys, one a square, row by row.
#[derive(Clone)]
pub(crate) struct Squares {
    pub(crate) width: usize,
    pub(crate) greys: Vec<u8>,
}

impl Squares {
    /// Makes squares of a picture with one grey a pixel; what is left over at its right and lower edge is not in.
    pub(crate) fn of(greys: &[u8], width: usize) -> Self {
        let (columns, rows) = (width / SQUARE, greys.len() / width / SQUARE);
        let mean = |row: usize, column: usize| {
            let first = row * SQUARE * width + column * SQUARE;
            let lines = (0..SQUARE).map(|line| first + line * width);
            let sum: usize =
                lines.flat_map(|line| &greys[line..line + SQUARE]).map(|&grey| usize::from(grey)).sum();
            u8::try_from(sum / (SQUARE * SQUARE)).unwrap()
        };
        let greys = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        Self { width: columns, greys: greys.map(|(row, column)| mean(row, column)).collect() }
    }

    /// Compares with the squares of an earlier picture, but for those that `ignores` picks by column and row. Returns
    /// how many differ at all; `Err` says how many differ too much.
    pub(crate) fn resemble(
        &self,
        stored: &Self,
        ignores: impl Fn(usize, usize) -> bool,
    ) -> Result<usize, String> {
        if (self.width, self.greys.len()) != (stored.width, stored.greys.len()) {
            return Err("another size".to_owned());
        }
        let pairs = self.greys.iter().zip(&stored.greys).enumerate();
        let difference = |(at, (taken, stored)): (usize, (&u8, &u8))| {
            let ignored = ignores(at % self.width, at / self.width);
            if ignored { 0.0 } else { f64::from(taken.abs_diff(*stored)) }
        };
        let differences: Vec<f64> = pairs.map(difference).collect();
        let drawn: Vec<f64> =
            (0..differences.len()).filter(|&at| stored.is_drawn(at)).map(|at| differences[at]).collect();
        let mean = drawn.iter().sum::<f64>() / f64::from(u32::try_from(drawn.len().max(1)).unwrap());
        let limit = (TOLERANCE + GROWTH * mean).min(LIMIT);
        let strays = differences.iter().filter(|&&difference| difference > limit).count();
        if strays <= STRAYS {
            return Ok(differences.iter().filter(|&&difference| difference > 0.0).count());
        }
        Err(format!("{strays} of {} squares by more than {limit:.1}, {STRAYS} may", differences.len()))
    }

    /// Returns whether something is drawn in a square: it differs from the one to its right or below.
    pub(crate) fn is_drawn(&self, at: usize) -> bool {
        let differs =
            |other: usize| self.greys.get(other).is_some_and(|grey| grey.abs_diff(self.greys[at]) >= EDGE);
        let is_last = (at + 1).is_multiple_of(self.width);
        (!is_last && differs(at + 1)) || differs(at + self.width)
    }
}
