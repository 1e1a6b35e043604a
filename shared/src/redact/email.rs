//! E-mail addresses, by their `@`.

use super::{at, is_word};

/// Most characters before the `@` (RFC 5321, 4.5.3.1.1); it also bounds the search.
const LOCAL_CHARS_MAX: usize = 64;

/// Where the address ends that begins at `start`.
pub(super) fn end(text: &[u8], start: usize) -> Option<usize> {
    let mut i = start;
    while is_local(at(text, i)) && i - start <= LOCAL_CHARS_MAX {
        i += 1;
    }
    // Quotes and stars around an address are no part of it.
    if !is_word(at(text, start)) || at(text, i) != b'@' {
        return None;
    }
    let mut end = None;
    // A domain has a dot with two letters after it, which `2@3.50` has not.
    let mut is_named = false;
    loop {
        i += 1;
        match at(text, i) {
            c if is_word(c) => end = Some(i + 1),
            b'-' => {}
            b'.' if end.is_some() => {
                is_named |= at(text, i + 1).is_ascii_alphabetic() && at(text, i + 2).is_ascii_alphabetic();
            }
            _ => return end.filter(|_| is_named),
        }
    }
}

/// What stands before the `@`: RFC 5322's `atext` and dots, without `/`, `=`, `?` (which part a link),
/// `$` (which stands for all currencies here) and marks that nobody uses.
fn is_local(c: u8) -> bool {
    is_word(c) || matches!(c, b'.' | b'_' | b'-' | b'+' | b'%' | b'\'' | b'&' | b'!' | b'#' | b'*' | b'~')
}
