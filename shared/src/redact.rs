//! What a shopper should not have written into a comment: addresses and numbers are masked.
//!
//! The collector masks before it stores; small enough for the browser to do the same before it sends.
//! There is no list of names and no guess at words: only what has the form of an address or a number is masked.
//!
//! | mask | what | sure because of |
//! |---|---|---|
//! | `[email]` | e-mail addresses | `@`, and a domain with a dot and two letters after it |
//! | `[iban]` | account numbers, with blanks or hyphens | ISO 13616: length, and the remainder by 97 |
//! | `[card]` | payment cards, 13–19 digits | first digit 2–6, groups as they are printed, Luhn's sum |
//! | `[phone]` | phone numbers, 8–15 digits | how people write them, below |
//!
//! A phone number has no check digit, so the form decides, and where forms overlap:
//!
//! - Masked though it may be an order: 9–11 digits on end (9 or 10 only from 2 on), 8–11 in groups.
//! - Kept though it may be a phone number: 8 digits on end or in pairs, 12 and more without `+` or a leading 0,
//!   two numbers joined by a hyphen without blanks, a number that touches a letter or is spread over lines.
//! - Kept: dates, years, prices, lists of sizes, numbers after `#` or beside a sign of currency,
//!   numbers that begin with `000`, invoices such as `2026-001234`.
//! - Kept: addresses in words, such as "mario at example dot com".
//!
//! Full-width and Arabic digits count as digits, the blanks and hyphens of Unicode as blanks and hyphens.
//! Masking twice is masking once.

mod card;
mod email;
mod iban;
mod phone;
mod surroundings;
#[cfg(test)]
mod tests;

/// `text` with a mask in the place of every address and number named above.
///
/// No longer than `text`, but for one character for each e-mail address of six: whoever has a bound cuts afterwards.
pub fn redact(text: &str) -> String {
    let folded: Vec<u8> = text.chars().map(fold).collect();
    let mut kept = String::new();
    let mut end = 0;
    let mut keep = true;
    for (i, c) in text.chars().enumerate() {
        if i == end {
            let (mask, found_end) = find(&folded, i);
            kept.push_str(mask);
            keep = mask.is_empty();
            end = found_end;
        }
        if keep {
            kept.push(c);
        }
    }
    kept
}

/// What is found at `start`: its mask, empty for what is kept, and where it ends.
fn find(text: &[u8], start: usize) -> (&'static str, usize) {
    // All but a bracket or a plus sign begins where a word begins.
    if is_word(at(text, start)) && is_word(before(text, start, 1)) {
        return ("", start + 1);
    }
    if let Some(end) = email::end(text, start) {
        return ("[email]", end);
    }
    if let Some(end) = iban::end(text, start) {
        return ("[iban]", end);
    }
    if surroundings::is_tied(text, start) {
        return ("", start + 1);
    }
    if let Some(end) = surroundings::date(text, start) {
        return ("", end);
    }
    if let Some(end) = card::end(text, start) {
        return ("[card]", end);
    }
    phone::end(text, start).map_or(("", start + 1), |end| ("[phone]", end))
}

/// A character as one byte of ASCII, so that the rules are written once for all scripts.
///
/// Letters of scripts that part words by blanks and write addresses (Latin to Armenian) are `x`,
/// signs of currency are `$`, and what is of no interest is 0.
fn fold(c: char) -> u8 {
    let code = u32::from(c);
    let ascii = match code {
        0x09 | 0xa0 | 0x2000..=0x200f | 0x2028..=0x202f | 0x205f..=0x206f | 0x3000 => 0x20,
        0x00..=0x7f => code,
        0xa3 | 0xa5 | 0x20a0..=0x20cf => 0x24,
        0xc0..=0x58f => 0x78,
        0x660..=0x669 => code - 0x660 + 0x30,
        0x6f0..=0x6f9 => code - 0x6f0 + 0x30,
        0x2010..=0x2015 | 0x2212 => 0x2d,
        // Full-width forms of all of ASCII.
        0xff01..=0xff5e => code - 0xff01 + 0x21,
        _ => 0,
    };
    // Always fits; the fallback costs less than a branch that could panic.
    u8::try_from(ascii).unwrap_or_default()
}

/// The folded character at `i`; 0 beyond the ends.
#[inline(never)]
fn at(text: &[u8], i: usize) -> u8 {
    text.get(i).copied().unwrap_or_default()
}

/// The folded character `n` before `i`; 0 beyond the ends.
fn before(text: &[u8], i: usize, n: usize) -> u8 {
    at(text, i.wrapping_sub(n))
}

/// A letter or a digit: what a word, a code or a number is made of.
fn is_word(c: u8) -> bool {
    c.is_ascii_alphanumeric()
}
