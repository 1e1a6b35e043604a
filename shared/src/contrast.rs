//! Colours that can be read: WCAG 2.2 contrast, and the least change that reaches it.
//!
//! Whole numbers throughout, because `powf` costs the wasm kilobytes: a ratio of 4.5 is 4,500 here.
//!
//! ```
//! use parere_shared::contrast::{TEXT, parse, readable};
//!
//! let white = parse("rgb(255, 255, 255)").unwrap().colour;
//! let pale = parse("rgba(0, 0, 0, 0.4)").unwrap();
//! assert_eq!(readable(pale, white, TEXT).css(), "rgb(118 118 118)");
//! ```

use crate::text::{concat, push_number};

mod css;
#[cfg(test)]
mod tests;

pub use css::parse;

/// What text needs against its background, in thousandths: success criterion 1.4.3, level AA.
pub const TEXT: u32 = 4_500;

/// What borders, icons and focus rings need, in thousandths: success criterion 1.4.11.
pub const PART: u32 = 3_000;

/// Full light of a channel in [`luminance`].
const LIGHT: u64 = 1 << 20;

/// What WCAG adds to both luminances for the light that a screen reflects: 0.05.
const FLARE: u64 = LIGHT / 20;

/// An opaque colour of sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// 0–255.
    pub red: u8,
    /// 0–255.
    pub green: u8,
    /// 0–255.
    pub blue: u8,
}

/// A colour, and how much of what is behind it it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    /// As it would be alone.
    pub colour: Colour,
    /// 0 (nothing to be seen of it) to 255 (opaque).
    pub alpha: u8,
}

impl From<Colour> for Paint {
    fn from(colour: Colour) -> Self {
        Self { colour, alpha: u8::MAX }
    }
}

impl Paint {
    /// What is seen of it on `background`: blended as browsers do, in sRGB as it is.
    pub fn over(self, background: Colour) -> Colour {
        background.towards(self.colour, self.alpha.into(), u8::MAX.into())
    }
}

impl Colour {
    const BLACK: Self = Self { red: 0, green: 0, blue: 0 };
    const WHITE: Self = Self { red: u8::MAX, green: u8::MAX, blue: u8::MAX };

    /// As CSS writes it: `rgb(255 0 128)`.
    pub fn css(self) -> String {
        let mut text = concat(&["rgb("]);
        for (gap, channel) in [("", self.red), (" ", self.green), (" ", self.blue)] {
            text.push_str(gap);
            push_number(&mut text, channel.into());
        }
        text.push(')');
        text
    }

    /// The colour `part` of `whole` of the way to `end`; towards black and white the hue stays.
    fn towards(self, end: Self, part: u32, whole: u32) -> Self {
        if whole == 0 {
            return self;
        }
        let channel = |from: u8, to: u8| {
            let sum = u32::from(from) * (whole - part) + u32::from(to) * part;
            // Between two channels, so it always fits.
            u8::try_from((sum + whole / 2) / whole).unwrap_or(to)
        };
        Self {
            red: channel(self.red, end.red),
            green: channel(self.green, end.green),
            blue: channel(self.blue, end.blue),
        }
    }
}

/// The contrast of two colours in thousandths, 1,000 to 21,000, in whatever order.
///
/// `(L1 + 0.05) / (L2 + 0.05)` with L1 the lighter one's luminance
/// (<https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>); within 0.002 of the exact value.
pub fn contrast(one: Colour, other: Colour) -> u32 {
    ratio_of(luminance(one), luminance(other))
}

fn ratio_of(one: u64, other: u64) -> u32 {
    let (lighter, darker) = (one.max(other) + FLARE, one.min(other) + FLARE);
    u32::try_from((lighter * 1_000 + darker / 2) / darker).unwrap_or(u32::MAX)
}

/// Relative luminance, 0 for black to 2²⁰ for white.
///
/// `0.2126 R + 0.7152 G + 0.0722 B` of the linear channels
/// (<https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>).
pub fn luminance(colour: Colour) -> u64 {
    (2_126 * linear(colour.red) + 7_152 * linear(colour.green) + 722 * linear(colour.blue)) / 10_000
}

/// The light of a channel: `c / 12.92` up to 0.04045, else `((c + 0.055) / 1.055) ^ 2.4`.
///
/// With x the base of the power, x^2.4 is x² times the fifth root of x², which is found bit by bit.
fn linear(channel: u8) -> u64 {
    let channel = u64::from(channel);
    if channel <= 10 {
        return channel * LIGHT * 100 / (255 * 1_292);
    }
    // (c / 255 + 0.055) / 1.055 = (40 c + 561) / 10,761, its square and then the root as parts of LIGHT.
    let base = 40 * channel + 561;
    let square = base * base * LIGHT / (10_761 * 10_761);
    let mut root = 0;
    let mut bit = LIGHT;
    while bit > 0 {
        let tried = root + bit;
        let fourth = scaled(scaled(tried, tried), scaled(tried, tried));
        if scaled(fourth, tried) <= square {
            root = tried;
        }
        bit /= 2;
    }
    scaled(square, root)
}

/// The product of two parts of [`LIGHT`].
fn scaled(one: u64, other: u64) -> u64 {
    one * other / LIGHT
}

/// `paint` as it is seen on `background`, made darker or lighter just so far that it reaches `ratio` (thousandths).
///
/// Of the way to black and the way to white, the one is taken that changes a channel less; both keep the hue.
/// The answer has the ratio by the exact formula as well.
/// Up to 4.5 there is always one; beyond, where there is none, it is black or white, whichever is nearer to it.
pub fn readable(paint: Paint, background: Colour, ratio: u32) -> Colour {
    let seen = paint.over(background);
    let background = luminance(background);
    let brightest = seen.red.max(seen.green).max(seen.blue);
    let darkest = seen.red.min(seen.green).min(seen.blue);
    for change in 0..=u8::MAX {
        for (end, room) in [(Colour::BLACK, brightest), (Colour::WHITE, u8::MAX - darkest)] {
            let tried = seen.towards(end, change.min(room).into(), room.into());
            // The margin is the error of `contrast`.
            if ratio_of(luminance(tried), background) >= ratio + ratio / 2_000 {
                return tried;
            }
        }
    }
    let [black, white] = [Colour::BLACK, Colour::WHITE].map(|end| ratio_of(luminance(end), background));
    if black > white { Colour::BLACK } else { Colour::WHITE }
}
