//! International bank account numbers: ISO 13616, with the check of ISO 7064 MOD 97-10.

use super::{at, is_word};

/// Fewest characters after the check digits: Norway's 11.
const ACCOUNT_CHARS_MIN: usize = 11;

/// Most characters after the check digits, by the standard.
const ACCOUNT_CHARS_MAX: usize = 30;

/// Where the account number ends that begins at `start`; the longest, if a word behind it fits as well.
pub(super) fn end(text: &[u8], start: usize) -> Option<usize> {
    let head = text.get(start..start + 4)?;
    let (country, check) = (head.get(..2)?, head.get(2..)?);
    if !country.iter().all(u8::is_ascii_alphabetic) || !check.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let (mut end, mut remainder, mut chars, mut i) = (None, 0, 0, start + 4);
    while chars < ACCOUNT_CHARS_MAX {
        let c = at(text, i);
        if is_word(c) {
            remainder = append(remainder, c);
            chars += 1;
            // Country and check digits are counted after the account.
            let is_whole = chars >= ACCOUNT_CHARS_MIN && !is_word(at(text, i + 1));
            if is_whole && head.iter().fold(remainder, |rest, c| append(rest, *c)) == 1 {
                end = Some(i + 1);
            }
        } else if !matches!(c, b' ' | b'-') || !is_word(at(text, i + 1)) {
            break;
        }
        i += 1;
    }
    end
}

/// The remainder by 97 when a digit, or a letter as 10–35, is written behind a number of this remainder.
fn append(remainder: u32, c: u8) -> u32 {
    let digit = u32::from(c);
    if c.is_ascii_digit() {
        (remainder * 10 + digit - u32::from(b'0')) % 97
    } else {
        // Both cases of a letter have the same five low bits: A is 1.
        (remainder * 100 + (digit & 31) + 9) % 97
    }
}
