//! What stands around and between digits, and says that they are something else.

use super::{at, before, is_word};

/// Most characters between two groups of one number, as in `333 - 1234567`.
const GAP_CHARS_MAX: usize = 3;

/// Where the next group may begin; a bracket opens after a country's code alone.
pub(super) fn after_gap(text: &[u8], start: usize, is_first: bool) -> usize {
    let mut i = start;
    while i - start < GAP_CHARS_MAX
        && (matches!(at(text, i), b' ' | b'-' | b'.' | b'/' | b')') || is_first && at(text, i) == b'(')
    {
        i += 1;
    }
    i
}

/// Is what begins at `i` tied to digits before it by a hyphen or a dot?
///
/// A mask stands for digits, here and below, so that masking again finds nothing new.
pub(super) fn is_tied(text: &[u8], i: usize) -> bool {
    matches!(before(text, i, 1), b'-' | b'.') && is_digit_or_mask(before(text, i, 2))
}

/// Do digits stand right before `start`, or at `next`?
pub(super) fn is_beside_digits(text: &[u8], start: usize, next: usize) -> bool {
    [before(text, start, 1), before(text, start, 2), at(text, next)].into_iter().any(is_digit_or_mask)
}

fn is_digit_or_mask(c: u8) -> bool {
    c.is_ascii_digit() || matches!(c, b'[' | b']')
}

/// Is the number at `start` marked as an order or an amount: `#1234567890`, `€ 123 456 789`?
pub(super) fn is_named_otherwise(text: &[u8], start: usize) -> bool {
    let gap = usize::from(before(text, start, 1) == b' ');
    matches!(before(text, start, 1 + gap), b'#' | b'$')
}

/// Does a currency follow the number that ends at `end`?
pub(super) fn is_amount(text: &[u8], end: usize) -> bool {
    at(text, end + usize::from(at(text, end) == b' ')) == b'$'
}

/// Where the date ends that begins at `start`: `21/11/2026`, `2026-11-21` and the like.
pub(super) fn date(text: &[u8], start: usize) -> Option<usize> {
    let (first, i) = value(text, start);
    let (second, j) = value(text, i + 1);
    let (third, end) = value(text, j + 1);
    let is_day = |value| matches!(value, 1..=31);
    let is_year = |value| matches!(value, 1900..=2099);
    let is_date = matches!(at(text, i), b'-' | b'.' | b'/' | b' ')
        && at(text, i) == at(text, j)
        && is_day(second)
        && (is_day(first) && is_year(third) || is_year(first) && is_day(third))
        && !is_word(at(text, end));
    is_date.then_some(end)
}

/// The digits at `i`, at most five of them, as a number, and where they end.
fn value(text: &[u8], mut i: usize) -> (u32, usize) {
    let mut value = 0;
    while at(text, i).is_ascii_digit() && value < 10_000 {
        value = value * 10 + u32::from(at(text, i) - b'0');
        i += 1;
    }
    (value, i)
}
