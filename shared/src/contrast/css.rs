//! Colours as browsers write them in computed styles.

use super::{Colour, Paint};

/// Parts of one in [`number`]: six decimals, as many as browsers write.
const ONE: u64 = 1_000_000;

/// Most that is read of a number before its point; more is full light anyway.
const WHOLE_MAX: u64 = 100_000;

/// Reads a computed colour; `None` for what is not one, or not in sRGB.
///
/// `rgb(r, g, b)`, `rgba(r, g, b, a)`, `rgb(r g b / a)`, `color(srgb r g b / a)`, and `#` with 3, 4, 6 or 8 digits.
/// Separators are not told apart, since browsers write no wrong ones; `none` is nought (CSS Color 4, 4.4).
pub fn parse(css: &str) -> Option<Paint> {
    let css = css.trim_ascii();
    if let Some(digits) = css.strip_prefix('#') {
        return hex(digits.as_bytes());
    }
    let inside = css.strip_suffix(')')?;
    let (mut rest, full) = if let Some(rest) = inside.strip_prefix("color(srgb ") {
        (rest.as_bytes(), 1)
    } else {
        let rest = inside.strip_prefix("rgb")?;
        (rest.strip_prefix('a').unwrap_or(rest).strip_prefix('(')?.as_bytes(), 255)
    };
    let mut channel = |full| share(token(&mut rest), full);
    let colour = Colour { red: channel(full)?, green: channel(full)?, blue: channel(full)? };
    let alpha = match token(&mut rest) {
        b"" => u8::MAX,
        alpha => share(alpha, 1)?,
    };
    token(&mut rest).is_empty().then_some(Paint { colour, alpha })
}

fn hex(digits: &[u8]) -> Option<Paint> {
    // Three and four digits stand for themselves twice.
    let (width, times) = match digits.len() {
        3 | 4 => (1, 17),
        6 | 8 => (2, 1),
        _ => return None,
    };
    let mut channels = [0, 0, 0, u8::MAX];
    for (channel, pair) in channels.iter_mut().zip(digits.chunks(width)) {
        let value =
            pair.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))?;
        *channel = u8::try_from(value * times).ok()?;
    }
    let [red, green, blue, alpha] = channels;
    Some(Paint { colour: Colour { red, green, blue }, alpha })
}

/// Takes the next number off the start of `rest`; empty at the end.
fn token<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let is_gap = |byte: &u8| matches!(byte, b' ' | b',' | b'/');
    let start = rest.iter().position(|byte| !is_gap(byte)).unwrap_or(rest.len());
    let tail = rest.get(start..).unwrap_or_default();
    let end = tail.iter().position(is_gap).unwrap_or(tail.len());
    *rest = tail.get(end..).unwrap_or_default();
    tail.get(..end).unwrap_or_default()
}

/// A number as a part of 255, where `full` or 100 % are the whole; what is outside is brought inside.
fn share(token: &[u8], full: u64) -> Option<u8> {
    let (token, full) = match token {
        [percent @ .., b'%'] => (percent, 100),
        b"none" => (&b"0"[..], full),
        _ => (token, full),
    };
    let whole = full * ONE;
    let part = number(token)?.min(whole);
    u8::try_from((part * 255 + whole / 2) / whole).ok()
}

/// A decimal number in millionths; nought if it is negative, or so small that it is written with an exponent.
fn number(token: &[u8]) -> Option<u64> {
    let (is_negative, token) = match token {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, token),
    };
    // After the point: what the digit before counted. A seventh decimal counts nothing.
    let (mut value, mut decimal, mut is_read) = (0, None, false);
    for (i, byte) in token.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                let digit = u64::from(byte - b'0');
                is_read = true;
                if let Some(unit) = &mut decimal {
                    *unit /= 10;
                    value += digit * *unit;
                } else {
                    value = (value * 10 + digit * ONE).min(WHOLE_MAX * ONE);
                }
            }
            b'.' if decimal.is_none() => decimal = Some(ONE),
            b'e' if is_read && token.get(i + 1) == Some(&b'-') => return Some(0),
            _ => return None,
        }
    }
    is_read.then_some(if is_negative { 0 } else { value })
}
