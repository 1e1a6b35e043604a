//! Doubts about an answer, what a person decided about them, and what else is noted of it.

use std::borrow::Cow;

use serde::Deserialize;

/// Doubts about an answer, kept with it: a set of bits.
///
/// Those of the upper half keep an answer out of scores unless a person has said that it counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Flags(pub u32);

/// What a person decided about answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Review {
    /// They count, whatever the doubts.
    Include,
    /// They do not count.
    Exclude,
    /// Nothing any more: the doubts decide.
    Reset,
}

impl Review {
    /// Every one with its name.
    const NAMED: [(Self, &'static str); 3] =
        [(Self::Include, "include"), (Self::Exclude, "exclude"), (Self::Reset, "reset")];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        Self::NAMED.iter().find(|(review, _)| *review == self).map_or("", |(_, name)| name)
    }

    /// The decision of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(_, known)| *known == name).map(|(review, _)| *review)
    }
}

impl Flags {
    /// The shopper's clock made no sense; the moment of receipt stands in for it. Does not exclude.
    pub const CLOCK: Self = Self(1);
    /// The named instrument was never one of this survey's; the current one stands in. Does not exclude.
    pub const INSTRUMENT: Self = Self(1 << 1);
    /// A person said that it counts.
    pub const INCLUDED: Self = Self(1 << 2);
    /// The chance of having been asked is none that the survey gave lately; it is counted as if all had been asked.
    /// Does not exclude.
    pub const INCLUSION: Self = Self(1 << 3);
    /// What the shopper wrote was kept as long as the site keeps it. Does not exclude; counted as commented still.
    pub const FORGOTTEN: Self = Self(1 << 4);
    /// The link under the thanks of the hosted page was followed, and counted. Does not exclude; no doubt, but a fact that
    /// must outlive every revision.
    pub const FOLLOWED: Self = Self(1 << 5);
    /// One sender gave many answers to one survey in a short time.
    pub const REPEATED: Self = Self(1 << 16);
    /// The sender says that it is a program that reads pages.
    pub const BOT: Self = Self(1 << 17);
    /// Answered faster than anybody can read the question.
    pub const FAST: Self = Self(1 << 18);
    /// A field was filled in that no shopper can see.
    pub const TRAP: Self = Self(1 << 19);
    /// A person said that it does not count.
    pub const EXCLUDED: Self = Self(1 << 20);
    /// The link of one invitation brought different scores within a minute, as what follows every link does.
    pub const CONFLICT: Self = Self(1 << 21);
    /// Every doubt that keeps an answer out of scores.
    pub const EXCLUDING: Self = Self(0xffff_0000);

    /// Every flag with its name, in the order in which they are shown.
    pub const NAMED: [(Self, &'static str); 12] = [
        (Self::CLOCK, "clock"),
        (Self::INSTRUMENT, "instrument"),
        (Self::INCLUSION, "inclusion"),
        (Self::FORGOTTEN, "forgotten"),
        (Self::FOLLOWED, "followed"),
        (Self::REPEATED, "repeated"),
        (Self::BOT, "bot"),
        (Self::FAST, "fast"),
        (Self::TRAP, "trap"),
        (Self::CONFLICT, "conflict"),
        (Self::EXCLUDED, "excluded"),
        (Self::INCLUDED, "included"),
    ];

    /// Both sets together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in `self` and not in `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Is any flag in both?
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Does this answer stay out of scores?
    pub fn excludes(self) -> bool {
        !self.meets(Self::INCLUDED) && self.meets(Self::EXCLUDING)
    }

    /// The flags of an answer that is said again with `said`: what was doubted, decided or counted stays.
    #[must_use]
    pub fn revised(self, said: Self) -> Self {
        said.with(Self(self.0 & Self::EXCLUDING.with(Self::INCLUDED).with(Self::FOLLOWED).0))
    }

    /// The flags after a person has decided.
    #[must_use]
    pub fn reviewed(self, review: Review) -> Self {
        let undecided = self.without(Self::INCLUDED.with(Self::EXCLUDED));
        match review {
            Review::Include => undecided.with(Self::INCLUDED),
            Review::Exclude => undecided.with(Self::EXCLUDED),
            Review::Reset => undecided,
        }
    }

    /// The flag of this name; `any` is every doubt that keeps an answer out of scores.
    pub fn parse(name: &str) -> Option<Self> {
        if name == "any" {
            return Some(Self::EXCLUDING);
        }
        Self::NAMED.iter().find(|(_, known)| *known == name).map(|(flag, _)| *flag)
    }

    /// Names of the flags, joined by spaces.
    pub fn names(self) -> String {
        self.set().collect::<Vec<_>>().join(" ")
    }

    /// Names of the flags as a JSON array, as exports show them; none of them needs escaping.
    pub fn listed(self) -> Cow<'static, str> {
        if self == Self::default() {
            return Cow::Borrowed("[]");
        }
        Cow::Owned(format!("[\"{}\"]", self.set().collect::<Vec<_>>().join("\",\"")))
    }

    fn set(self) -> impl Iterator<Item = &'static str> {
        Self::NAMED.iter().filter(move |(flag, _)| self.meets(*flag)).map(|(_, name)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_the_last_word() {
        for (doubts, review, names, excludes) in [
            (Flags::default(), Review::Reset, "", false),
            (Flags::CLOCK, Review::Reset, "clock", false),
            (Flags::REPEATED.with(Flags::CLOCK), Review::Reset, "clock repeated", true),
            (Flags::REPEATED, Review::Include, "repeated included", false),
            (Flags::INSTRUMENT, Review::Exclude, "instrument excluded", true),
            (Flags::BOT.reviewed(Review::Include), Review::Exclude, "bot excluded", true),
            (Flags::FAST.reviewed(Review::Exclude), Review::Include, "fast included", false),
            (Flags::TRAP.reviewed(Review::Exclude), Review::Reset, "trap", true),
            (Flags::default().reviewed(Review::Exclude), Review::Reset, "", false),
        ] {
            let reviewed = doubts.reviewed(review);
            assert_eq!((&*reviewed.names(), reviewed.excludes()), (names, excludes));
            let listed: Vec<String> = serde_json::from_str(&reviewed.listed()).unwrap();
            assert_eq!(listed.join(" "), names);
        }
    }

    #[test]
    fn doubts_and_decisions_outlive_a_correction_and_facts_do_not() {
        let stored = Flags::CLOCK.with(Flags::REPEATED).reviewed(Review::Include);
        assert_eq!(stored.revised(Flags::INSTRUMENT).names(), "instrument repeated included");
        assert_eq!(Flags::default().revised(Flags::BOT).names(), "bot");
        assert_eq!(Flags::FORGOTTEN.with(Flags::FOLLOWED).revised(Flags::default()).names(), "followed");
    }

    #[test]
    fn every_name_leads_back_to_its_flag() {
        for (flag, name) in Flags::NAMED {
            assert_eq!(Flags::parse(name), Some(flag));
        }
        for review in [Review::Include, Review::Exclude, Review::Reset] {
            assert_eq!(Review::parse(review.as_str()), Some(review));
        }
        assert_eq!(Flags::parse("any"), Some(Flags::EXCLUDING));
        assert_eq!(Flags::parse(""), None);
    }
}
