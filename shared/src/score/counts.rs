//! How many answers gave each score: all that a score needs to know of the responses.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::Band;
use crate::gate::BUCKETS;
use crate::survey::{Metric, Scale};

/// Answers per score and share of shoppers asked, ascending, each pair once, none with zero answers.
///
/// The share is in thousandths, 1–1000: an answer of a shopper who had one chance in four of being asked stands
/// for four.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<(i32, u16), u64>);

impl From<Vec<(i32, u64)>> for Counts {
    /// Takes (score, answers) in any order, everybody having been asked; the same score twice is added up.
    fn from(pairs: Vec<(i32, u64)>) -> Self {
        pairs.into_iter().map(|(score, n)| (score, BUCKETS, n)).collect()
    }
}

impl FromIterator<(i32, u16, u64)> for Counts {
    /// Takes (score, thousandths of shoppers asked, answers) in any order.
    fn from_iter<T: IntoIterator<Item = (i32, u16, u64)>>(triples: T) -> Self {
        let mut merged = BTreeMap::new();
        for (score, per_mille, n) in triples.into_iter().filter(|&(.., n)| n > 0) {
            *merged.entry((score, per_mille.clamp(1, BUCKETS))).or_default() += n;
        }
        Self(merged)
    }
}

impl Counts {
    /// All answers.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// (score, answers), ascending, each score once.
    pub fn iter(&self) -> impl Iterator<Item = (i32, u64)> {
        let mut merged = BTreeMap::new();
        for (&(score, _), n) in &self.0 {
            *merged.entry(score).or_default() += n;
        }
        merged.into_iter()
    }

    /// Had some of those who answered another chance of being asked than others?
    pub fn is_weighted(&self) -> bool {
        self.0.keys().map(|&(_, per_mille)| per_mille).collect::<BTreeSet<_>>().len() > 1
    }

    /// Answers that gave exactly `score`.
    pub(super) fn at(&self, score: i32) -> u64 {
        self.0.range((score, 0)..=(score, u16::MAX)).map(|(_, n)| n).sum()
    }

    /// Answers in a band.
    pub(super) fn in_band(&self, band: Band, metric: Metric, scale: &Scale) -> u64 {
        self.iter().filter(|&(score, _)| Band::of(metric, scale, score) == band).map(|(_, n)| n).sum()
    }

    /// Only the answers whose score lies in `scores`.
    pub(super) fn within(&self, scores: RangeInclusive<i32>) -> Self {
        let kept = self.0.iter().filter(|((score, _), _)| scores.contains(score));
        Self(kept.map(|(&key, &n)| (key, n)).collect())
    }

    /// What formulas calculate with; see [`Effective`].
    pub(super) fn effective(&self) -> Effective {
        if !self.is_weighted() {
            return Effective {
                n: real(self.total()),
                points: self.iter().map(|(score, n)| (score, real(n))).collect(),
            };
        }
        let weight = |per_mille: u16| f64::from(BUCKETS) / f64::from(per_mille);
        let sum = |power: i32| -> f64 {
            self.0.iter().map(|(&(_, per_mille), &n)| weight(per_mille).powi(power) * real(n)).sum()
        };
        let (weights, n) = (sum(1), sum(1).powi(2) / sum(2));
        let mut points = BTreeMap::new();
        for (&(score, per_mille), &of) in &self.0 {
            *points.entry(score).or_default() += weight(per_mille) * real(of) / weights * n;
        }
        Effective { n, points }
    }
}

/// Answers as formulas see them: in place of each its weight, scaled so that they add up to the number of answers
/// of a plain sample that would say as much.
///
/// * The weight is one over the chance of having been asked (D. G. Horvitz and D. J. Thompson, "A Generalization of
///   Sampling Without Replacement from a Finite Universe", *JASA* 47 (1952), 663–685), and shares and means are divided
///   by the sum of the weights (J. Hájek in *Foundations of Statistical Inference*, 1971, 236).
/// * The effective number of answers is (Σw)² / Σw² (L. Kish, *Survey Sampling*, 1965, 11.7; "Weighting for Unequal
///   Pᵢ", *Journal of Official Statistics* 8 (1992), 183–200).
/// * It stands in for n in each interval, as E. L. Korn and B. I. Graubard do for shares ("Confidence Intervals for
///   Proportions with Small Expected Number of Positive Counts Estimated from Survey Data", *Survey Methodology* 24
///   (1998), 193–201).
///
/// Where all had the same chance the weights cancel out, and each answer is exactly one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Effective {
    /// Effective answers; above 0 where there is an answer, never above the number of answers.
    pub(super) n: f64,
    /// Of them, how many at each score; they add up to `n`.
    points: BTreeMap<i32, f64>,
}

impl Effective {
    /// (score, effective answers), ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = (i32, f64)> {
        self.points.iter().map(|(&score, &n)| (score, n))
    }

    /// Effective answers in a band.
    pub(super) fn in_band(&self, band: Band, metric: Metric, scale: &Scale) -> f64 {
        self.iter().filter(|&(score, _)| Band::of(metric, scale, score) == band).map(|(_, n)| n).sum()
    }

    /// Whole effective answers: what is less than one says nothing.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rounded down; never negative"
    )]
    pub(super) fn whole(&self) -> u64 {
        self.n as u64
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

    #[test]
    fn one_chance_for_all_is_no_weight() {
        let plain = Counts::from(vec![(9, 2), (0, 1)]);
        for per_mille in [1, 30, 333, 1000] {
            let sampled: Counts = [(9, per_mille, 2), (0, per_mille, 1)].into_iter().collect();
            assert_eq!(sampled.effective(), plain.effective(), "{per_mille}");
            assert!(!sampled.is_weighted());
        }
    }

    #[test]
    fn the_effective_number_is_kishs() {
        // Weights: ten of 1, ten of 4: (10 + 40)² / (10 + 160).
        let counts: Counts = [(10, 1000, 10), (0, 250, 10), (10, 250, 0)].into_iter().collect();
        let effective = counts.effective();
        assert!((effective.n - 2500.0 / 170.0).abs() < 1e-12, "{effective:?}");
        let share = |score| effective.iter().find(|(at, _)| *at == score).unwrap().1 / effective.n;
        assert!((share(10) - 0.2).abs() < 1e-12 && (share(0) - 0.8).abs() < 1e-12, "{effective:?}");
        assert_eq!((counts.total(), counts.at(0), effective.whole()), (20, 10, 14));
    }

    #[test]
    fn the_same_score_is_one_point_whoever_was_asked() {
        let counts: Counts = [(9, 1000, 2), (9, 250, 3), (8, 100, 1)].into_iter().collect();
        assert_eq!(counts.iter().collect::<Vec<_>>(), [(8, 1), (9, 5)]);
        assert_eq!(counts.within(9..=10).total(), 5);
    }
}
