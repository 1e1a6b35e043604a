//! Payment card numbers: ISO/IEC 7812-1, with Luhn's sum of its annex B.

use super::surroundings::after_gap;
use super::{at, is_word};

/// Most digits of a card.
const DIGITS_MAX: usize = 19;

/// Fewest digits of a card, and of a group on it unless it is the last.
const DIGITS_MIN: usize = 13;
const GROUP_DIGITS_MIN: usize = 4;

/// Where the card number ends that begins at `start`; the longest, if digits behind it fit as well.
///
/// Cards for payment begin with 2 (Mastercard) to 6 (Discover), bar codes of many countries with another digit.
pub(super) fn end(text: &[u8], start: usize) -> Option<usize> {
    if !matches!(at(text, start), b'2'..=b'6') {
        return None;
    }
    // The sum so far, and what it would be if a nought followed.
    let (mut sum, mut sum_next) = (0, 0);
    let (mut digits, mut i, mut end) = (0, start, None);
    loop {
        let group = i;
        while at(text, i).is_ascii_digit() {
            let digit = u32::from(at(text, i) - b'0');
            let doubled = if digit < 5 { digit * 2 } else { digit * 2 - 9 };
            (sum, sum_next) = (sum_next + digit, sum + doubled);
            i += 1;
        }
        digits += i - group;
        if i == group || digits > DIGITS_MAX || is_word(at(text, i)) {
            return end;
        }
        if digits >= DIGITS_MIN && sum % 10 == 0 {
            end = Some(i);
        }
        if i - group < GROUP_DIGITS_MIN {
            return end;
        }
        i = after_gap(text, i, false);
    }
}
