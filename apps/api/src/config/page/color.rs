//! Colours, and whether text on them can be read.

use std::{fmt, str::FromStr};

use super::Section;

/// What WCAG 2.2 asks of text (1.4.3).
const TEXT: f64 = 4.5;
/// What WCAG 2.2 asks of the edge of a button and of the mark of the focus (1.4.11).
const SHAPE: f64 = 3.0;

const WHITE: Color = Color([0xff; 3]);
/// The text of the page on light ground.
const INK: Color = Color([0x1a; 3]);
/// The card of the page on dark ground.
const DARK_CARD: Color = Color([0x1e; 3]);

/// A colour of the sRGB space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color([u8; 3]);

/// A text that is no colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a colour is written as #1456c8")]
pub struct MalformedColor;

/// The colours that the operator has chosen; text on each of them can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageColors {
    /// The ground of the main button, with white text on it, and the mark of the focus.
    pub accent: Option<Color>,
    /// What is behind the card on light ground.
    pub background: Option<Color>,
}

impl Color {
    /// Returns the contrast to another colour, from 1 to 21, as WCAG counts it.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if one > other { one / other } else { other / one }
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Mixes some percent of another colour in.
    fn mixed(self, other: Self, percent: u32) -> Self {
        let mut mixed = self;
        for (part, other) in mixed.0.iter_mut().zip(other.0) {
            let sum = u32::from(*part) * (100 - percent) + u32::from(other) * percent;
            *part = u8::try_from(sum / 100).unwrap_or(u8::MAX);
        }
        mixed
    }

    /// Returns the nearest mixture with another colour that has enough contrast to a ground.
    fn towards(self, other: Self, ground: Self, enough: f64) -> Self {
        let mixtures = (0..=100).map(|percent| self.mixed(other, percent));
        mixtures.into_iter().find(|color| color.contrast(ground) >= enough).unwrap_or(other)
    }

    /// Returns the colour as it has to be on the dark card for its shape to be seen.
    pub fn on_dark(self) -> Self {
        self.towards(WHITE, DARK_CARD, SHAPE)
    }

    /// Returns the text that can be read on the colour, dark or white.
    pub fn text_on(self) -> Self {
        if self.contrast(INK) >= self.contrast(WHITE) { INK } else { WHITE }
    }
}

impl FromStr for Color {
    type Err = MalformedColor;

    fn from_str(text: &str) -> Result<Self, MalformedColor> {
        let digits = text.trim().strip_prefix('#').ok_or(MalformedColor)?;
        let digits: Vec<u8> = digits
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()
            .ok_or(MalformedColor)?;
        match *digits.as_slice() {
            [red, green, blue] => Ok(Self([red, green, blue].map(|digit| digit * 17))),
            [a, b, c, d, e, f] => Ok(Self([a * 16 + b, c * 16 + d, e * 16 + f])),
            _ => Err(MalformedColor),
        }
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

pub(super) fn read(section: &mut Section<'_>) -> PageColors {
    let accent = color(section, "accent");
    if let Some(accent) = accent.filter(|accent| accent.contrast(WHITE) < TEXT) {
        let better = accent.towards(Color([0; 3]), WHITE, TEXT);
        let contrast = shown(accent.contrast(WHITE));
        let message = format!(
            "white text on {accent} has a contrast of {contrast}:1, and WCAG 2.2 asks for 4.5:1; {better} has it"
        );
        section.problem("accent", message);
    }
    let background = color(section, "background");
    if let Some(ground) = background.filter(|ground| ground.contrast(ground.text_on()) < TEXT) {
        let contrast = shown(ground.contrast(ground.text_on()));
        let message = format!(
            "neither dark nor white text can be read on {ground}: it has a contrast of {contrast}:1, and WCAG 2.2 asks for 4.5:1; take a lighter or a darker one"
        );
        section.problem("background", message);
    }
    PageColors { accent, background }
}

fn color(section: &mut Section<'_>, key: &str) -> Option<Color> {
    let text = section.text(key)?;
    let color = text.parse().ok();
    if color.is_none() {
        section.problem(key, format!("`{text}` is not usable: {MalformedColor}"));
    }
    color
}

/// Shows a contrast with one digit, never as more than it is.
fn shown(contrast: f64) -> String {
    format!("{:.1}", (contrast * 10.0).floor() / 10.0)
}
