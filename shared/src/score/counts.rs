//! How many answers gave each score: all that a score needs to know of the responses.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::Band;
use crate::survey::{Metric, Scale};

/// Answers per score, ascending, each score once, none with zero answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<i32, u64>);

impl From<Vec<(i32, u64)>> for Counts {
    /// Takes (score, answers) in any order; the same score twice is added up.
    fn from(pairs: Vec<(i32, u64)>) -> Self {
        let mut merged = BTreeMap::new();
        for (score, n) in pairs.into_iter().filter(|&(_, n)| n > 0) {
            *merged.entry(score).or_default() += n;
        }
        Self(merged)
    }
}

impl Counts {
    /// All answers.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// (score, answers), ascending.
    pub fn iter(&self) -> impl Iterator<Item = (i32, u64)> {
        self.0.iter().map(|(&score, &n)| (score, n))
    }

    /// Answers that gave exactly `score`.
    pub(super) fn at(&self, score: i32) -> u64 {
        self.0.get(&score).copied().unwrap_or(0)
    }

    /// Answers in a band.
    pub(super) fn in_band(&self, band: Band, metric: Metric, scale: &Scale) -> u64 {
        self.iter().filter(|&(score, _)| Band::of(metric, scale, score) == band).map(|(_, n)| n).sum()
    }

    /// Only the answers whose score lies in `scores`.
    pub(super) fn within(&self, scores: RangeInclusive<i32>) -> Self {
        Self(self.iter().filter(|(score, _)| scores.contains(score)).collect())
    }
}

/// A count as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53, nine million billion answers")]
pub(super) fn real(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_sorted_merged_and_without_zeros() {
        let counts = Counts::from(vec![(9, 2), (0, 1), (5, 0), (9, 3)]);
        assert_eq!(counts.iter().collect::<Vec<_>>(), [(0, 1), (9, 5)]);
        assert_eq!(counts.total(), 6);
        assert_eq!(Counts::default(), Counts::from(vec![(3, 0)]));
    }
}
