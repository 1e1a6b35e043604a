//! Phone numbers: digits in groups, in the forms in which people write them.

use super::surroundings::{after_gap, date, is_amount, is_beside_digits, is_named_otherwise, is_tied};
use super::{at, card, is_word};

/// Most digits that are looked at: 15 of E.164, 6.2.1, and two noughts before them.
const DIGITS_MAX: usize = 17;

/// After a group of so many digits a number is complete: what follows is another one.
const LAST_GROUP_DIGITS_MIN: usize = 7;

/// Where the phone number ends that begins at `start`: of the groups that follow, the most that make one.
pub(super) fn end(text: &[u8], start: usize) -> Option<usize> {
    let is_opened = at(text, start) == b'(';
    let mut i = start + usize::from(is_opened);
    let mut number = Number { has_plus: at(text, i) == b'+', ..Number::default() };
    i += usize::from(number.has_plus);
    if !at(text, i).is_ascii_digit() || is_named_otherwise(text, start) {
        return None;
    }
    let mut end = None;
    loop {
        i = number.read_group(text, i);
        if number.digits > DIGITS_MAX || is_word(at(text, i)) {
            break;
        }
        let next = after_gap(text, i, number.groups == 1);
        let is_followed = next > i && at(text, next).is_ascii_digit();
        let is_joined = is_followed && is_tied(text, next);
        let is_alone = !is_beside_digits(text, start, next);
        if !is_joined && !is_amount(text, i) && number.is_phone(is_alone) {
            end = Some(i);
        }
        // Where something else begins, this ends.
        if !is_followed
            || number.latest >= LAST_GROUP_DIGITS_MIN
            || !is_joined
                && (card::end(text, next).is_some() || !number.has_plus && date(text, next).is_some())
        {
            break;
        }
        i = next;
    }
    // A bracket belongs to the number if it is closed in it.
    end.filter(|end| !is_opened || text.get(start..*end).is_some_and(|inside| inside.contains(&b')')))
}

/// What is known of the digits read so far.
#[derive(Default)]
struct Number {
    /// Does it begin with a plus sign?
    has_plus: bool,
    digits: usize,
    groups: usize,
    /// Digits of the first, the latest and the longest group.
    first: usize,
    latest: usize,
    longest: usize,
    /// The first four digits.
    head: u32,
}

impl Number {
    /// Reads the digits at `i`; where they end.
    fn read_group(&mut self, text: &[u8], mut i: usize) -> usize {
        let start = i;
        while at(text, i).is_ascii_digit() {
            if self.digits < 4 {
                self.head = self.head * 10 + u32::from(at(text, i) - b'0');
            }
            self.digits += 1;
            i += 1;
        }
        self.latest = i - start;
        self.longest = self.longest.max(self.latest);
        if self.groups == 0 {
            self.first = self.latest;
        }
        self.groups += 1;
        i
    }

    /// Is it written as phone numbers are? `is_alone`: no other digits stand beside it.
    fn is_phone(&self, is_alone: bool) -> bool {
        let digits = self.digits;
        // A list such as "0 1 2 3 4 5 6 7 8 9" has no groups worth the name.
        if self.latest < 2 || self.groups * 2 > digits + 1 {
            return false;
        }
        if self.has_plus {
            return matches!(digits, 8..=15);
        }
        match self.head {
            // Filled up with noughts: an order, an article.
            0..=9 => false,
            10..=99 => matches!(digits, 10..=17),
            100..=999 if self.groups == 1 => matches!(digits, 9..=12),
            100..=999 => matches!(digits, 8..=13) && (self.longest > 2 || digits > 9),
            _ if self.groups == 1 => digits == 11 || matches!(digits, 9 | 10) && self.head >= 2000,
            // "2026-001234" is an invoice, "2025/2026" are two years.
            1900..=2099 if self.first == 4 => false,
            _ if self.longest < 3 => false,
            _ => match digits {
                // "9123 4567", but neither "12.345.678" nor a part of something longer.
                8 => is_alone && self.first > 2,
                9 | 10 => self.first > 1,
                _ => digits == 11,
            },
        }
    }
}
