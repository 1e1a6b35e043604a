//! What became of the rows of a file, in numbers and in words.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};

use parere_shared::survey::Survey;

/// Refused rows that are told one by one.
const TOLD_MAX: usize = 20;

/// Reasons that are counted apart: a file that is not what it should be may have one for each row.
const REASONS_MAX: usize = 50;

/// What became of the rows so far.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub(super) read: u64,
    /// Not there before.
    pub(super) new: u64,
    /// In the place of an earlier revision.
    pub(super) newer: u64,
    /// There already.
    pub(super) unchanged: u64,
    /// A higher revision is there, or it was erased.
    pub(super) older: u64,
    /// Of surveys that were not asked for.
    pub(super) left_out: u64,
    refusals: Refusals,
}

/// What was refused, and why.
#[derive(Debug, Default)]
pub(in crate::command) struct Refusals {
    /// The first: line and reason.
    told: Vec<(u64, String)>,
    reasons: BTreeMap<String, u64>,
}

impl Refusals {
    pub(in crate::command) fn add(&mut self, number: u64, why: &str) {
        if self.told.len() < TOLD_MAX {
            self.told.push((number, why.into()));
        }
        let is_countable = self.reasons.len() < REASONS_MAX || self.reasons.contains_key(why);
        *self.reasons.entry(if is_countable { why } else { "other reasons" }.into()).or_default() += 1;
    }

    /// How many rows.
    pub(in crate::command) fn n(&self) -> u64 {
        self.reasons.values().sum()
    }

    /// The first ones by their lines and, where there are more, all by their reasons; a line for each.
    pub(in crate::command) fn in_words(&self) -> String {
        let mut said = String::new();
        // Writing to a string cannot fail.
        let mut line = |text: &str| writeln!(said, "{text}").unwrap_or_default();
        // Contradictions with what is stored are found a batch at a time, after what is wrong by itself.
        let mut told: Vec<_> = self.told.iter().collect();
        told.sort();
        for (number, why) in told {
            line(&format!("line {number}: {why}"));
        }
        if self.n() > u64::try_from(TOLD_MAX).unwrap_or(u64::MAX) {
            line("refused in all:");
            let mut reasons: Vec<_> = self.reasons.iter().collect();
            reasons.sort_by_key(|(why, n)| (std::cmp::Reverse(**n), why.as_str()));
            for (why, n) in reasons {
                line(&format!("{n:>9}  {why}"));
            }
        }
        said
    }
}

impl Summary {
    pub(super) fn refuse(&mut self, number: u64, why: &str) {
        self.refusals.add(number, why);
    }

    pub(super) fn refused(&self) -> u64 {
        self.refusals.n()
    }

    /// Is anything stored that was not?
    pub(super) fn has_changed(&self) -> bool {
        self.new + self.newer > 0
    }

    /// `990 new, 5 newer`, for the log.
    pub(super) fn in_short(&self) -> String {
        format!("{} new, {} newer", self.new, self.newer)
    }

    /// Says all of it on standard output.
    pub(super) fn tell(&self, is_dry: bool, made: Option<&Survey>, unused: &str) -> io::Result<()> {
        io::stdout().write_all(self.in_words(is_dry, made, unused).as_bytes())
    }

    fn in_words(&self, is_dry: bool, made: Option<&Survey>, unused: &str) -> String {
        let mut said = String::new();
        let refused = self.refused();
        // Writing to a string cannot fail.
        let mut line = |text: &str| writeln!(said, "{text}").unwrap_or_default();
        if is_dry {
            line("nothing was written; this is what would be:");
        }
        if let Some(survey) = made {
            line(&format!("the survey {} is made for them, archived", survey.slug));
        }
        if !unused.is_empty() {
            line(&format!("columns that nothing is made of: {unused}"));
        }
        line(&format!(
            "{} rows: {} new, {} newer than what was stored, {} unchanged, {} older than what is stored or erased, \
             {refused} refused",
            self.read, self.new, self.newer, self.unchanged, self.older
        ));
        if self.left_out > 0 {
            line(&format!("{} are answers to other surveys and were left out", self.left_out));
        }
        said.push_str(&self.refusals.in_words());
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_one_by_one_and_then_counted() {
        let mut summary = Summary { read: 3_000, new: 900, left_out: 7, ..Summary::default() };
        summary.refuse(17, "score is required");
        let said = summary.in_words(true, None, "Notes, Tags");
        assert_eq!(
            said,
            "nothing was written; this is what would be:\ncolumns that nothing is made of: Notes, Tags\n\
             3000 rows: 900 new, 0 newer than what was stored, 0 unchanged, 0 older than what is stored or erased, \
             1 refused\n7 are answers to other surveys and were left out\nline 17: score is required\n"
        );
        for number in 0..2_000 {
            summary.refuse(number, &format!("reason {}", number % 100));
        }
        summary.refuse(5, "score is required");
        let said = summary.in_words(false, None, "");
        assert_eq!(said.lines().filter(|line| line.starts_with("line ")).count(), TOLD_MAX);
        assert!(said.contains("        2  score is required") && said.contains("other reasons"), "{said}");
        assert_eq!(summary.refused(), 2_002);
        assert!(said.lines().count() < 100, "{said}");
    }
}
