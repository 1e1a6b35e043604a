//! What this browser remembers of us: a visitor number and, for each survey, when it was last seen.
//!
//! One line of text under one storage key, so that the loader reads it with two `split`s:
//! `visitor|slug shown answered dismissed|slug …`, times in seconds since 1970, 0 for never.
//! A field that is just `never` means: ask this shopper nothing any more.
//! An order that was asked about stands there like a survey, called `slug@number`.

use crate::text::{cut, parse_number, push_number};
use crate::time::Millis;

/// When one survey was last shown, answered and dismissed, in seconds since 1970; 0 is never.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Slug of the survey.
    pub slug: String,
    /// Last shown.
    pub shown_s: i64,
    /// Last answered.
    pub answered_s: i64,
    /// Last dismissed.
    pub dismissed_s: i64,
}

/// What is worth remembering about a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It came into view.
    Shown,
    /// A score was chosen.
    Answered,
    /// It was sent away.
    Dismissed,
}

/// All that a browser remembers for one site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// Random number of this browser, for sticky sampling only; empty until it is needed. Never sent.
    pub visitor: String,
    /// The shopper wants no question any more.
    pub never: bool,
    /// One entry for each survey met.
    pub seen: Vec<Seen>,
}

/// What stands in the line for [`Memory::never`].
const NEVER: &str = "never";

/// Most surveys remembered; the one not seen for longest is forgotten first.
const SEEN_MAX: usize = 50;

impl Memory {
    /// Reads what [`Memory::encode`] wrote; anything unreadable is forgotten.
    pub fn parse(text: &str) -> Self {
        let mut rest = text;
        let mut memory = Self { visitor: cut(&mut rest, b'|').into(), ..Self::default() };
        while !rest.is_empty() && memory.seen.len() < SEEN_MAX {
            let field = cut(&mut rest, b'|');
            memory.never |= field == NEVER;
            memory.seen.extend(parse_seen(field));
        }
        memory
    }

    /// The line for the storage.
    pub fn encode(&self) -> String {
        let mut text = self.visitor.clone();
        if self.never {
            text.push('|');
            text.push_str(NEVER);
        }
        for seen in &self.seen {
            text.push('|');
            text.push_str(&seen.slug);
            for time_s in [seen.shown_s, seen.answered_s, seen.dismissed_s] {
                text.push(' ');
                push_number(&mut text, time_s);
            }
        }
        text
    }

    /// What is remembered of one survey.
    #[inline(never)]
    pub fn of(&self, slug: &str) -> Option<&Seen> {
        self.seen.iter().find(|seen| seen.slug == slug)
    }

    /// Remembers that `moment` happened to `slug` at `now`.
    pub fn note(&mut self, slug: &str, moment: Moment, now: Millis) {
        let now_s = now / 1000;
        if self.of(slug).is_none() {
            if self.seen.len() >= SEEN_MAX {
                self.forget_oldest();
            }
            self.seen.push(Seen { slug: slug.into(), ..Seen::default() });
        }
        if let Some(seen) = self.seen.iter_mut().find(|seen| seen.slug == slug) {
            match moment {
                Moment::Shown => seen.shown_s = now_s,
                Moment::Answered => seen.answered_s = now_s,
                Moment::Dismissed => seen.dismissed_s = now_s,
            }
        }
    }

    fn forget_oldest(&mut self) {
        let (mut oldest, mut oldest_s) = (0, i64::MAX);
        for (index, seen) in self.seen.iter().enumerate() {
            if seen.shown_s < oldest_s {
                (oldest, oldest_s) = (index, seen.shown_s);
            }
        }
        if oldest < self.seen.len() {
            self.seen.remove(oldest);
        }
    }
}

fn parse_seen(field: &str) -> Option<Seen> {
    let mut rest = field;
    let slug = cut(&mut rest, b' ');
    let mut moment = || parse_number(cut(&mut rest, b' '));
    let (shown_s, answered_s, dismissed_s) = (moment()?, moment()?, moment()?);
    (!slug.is_empty()).then(|| Seen { slug: slug.into(), shown_s, answered_s, dismissed_s })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_round_trips() {
        let mut memory = Memory { visitor: "a1b2".into(), ..Memory::default() };
        memory.note("nps", Moment::Shown, 1_795_255_200_999);
        memory.note("nps", Moment::Answered, 1_795_255_300_000);
        memory.note("ces", Moment::Dismissed, 1_000);
        let line = memory.encode();
        assert_eq!(line, "a1b2|nps 1795255200 1795255300 0|ces 0 0 1");
        assert_eq!(Memory::parse(&line), memory);
    }

    #[test]
    fn never_is_remembered() {
        let memory = Memory::parse("|never|nps 1 2 3");
        assert!(memory.never && memory.seen.len() == 1);
        assert_eq!(memory.encode(), "|never|nps 1 2 3");
        assert!(!Memory::parse("never|never 1 2 3").never, "a visitor, and a survey of that name");
    }

    #[test]
    fn a_damaged_line_is_forgotten_not_believed() {
        for (line, visitor, surveys) in [
            ("", "", 0),
            ("|nps 1 2 3", "", 1),
            ("v|nps 1 2", "v", 0),
            ("v|nps 1 2 x|ces 1 2 3", "v", 1),
            ("v|nps 99999999999999999999 0 0", "v", 0),
            ("v||| ", "v", 0),
        ] {
            let memory = Memory::parse(line);
            assert_eq!((memory.visitor.as_str(), memory.seen.len()), (visitor, surveys), "{line}");
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut memory = Memory::default();
        for n in 0..200_i64 {
            memory.note(&format!("s-{n}"), Moment::Shown, n * 1000);
        }
        assert_eq!(memory.seen.len(), SEEN_MAX);
        assert!(memory.of("s-199").is_some() && memory.of("s-0").is_none());
    }
}
