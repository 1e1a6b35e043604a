//! Two heaps of answers side by side: did the score move, or may it be chance?

use serde::Serialize;

use super::counts::Counts;
use super::mean::Mean;
use super::{Band, Interval, State, nps, share, wire};
use crate::survey::{Metric, Polarity, Scale};

/// What may be said of two scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// The later score is higher.
    Up,
    /// The later score is lower.
    Down,
    /// The answers are no evidence of a change.
    NoEvidence,
    /// One of the two has too few answers to be shown.
    TooFew,
}

/// The difference of two scores of one metric on one scale, rounded to two decimals.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Later score minus earlier, in the score's unit; none where one of them has no answers.
    pub difference: Option<f64>,
    /// Where the true difference may lie; none where a score has too few answers for one.
    pub interval: Option<Interval>,
    /// What may be said.
    pub movement: Movement,
    /// Is that movement for the better? None without one.
    pub is_better: Option<bool>,
}

/// Compares the answers of two periods, both to the same instrument.
///
/// The movement is that of an interval that leaves out zero, which is a two-sided test at 5 %:
///
/// * `nps`: the difference of the adjusted scores ± z·√(v₁/n₁ + v₂/n₂), three pseudo-answers in each heap as in
///   the interval of one score (`measuringu.com/nps-significance`, after Rocks 2016);
/// * `ces`: Welch's interval for two means (B. L. Welch, "The Generalization of 'Student's' Problem when Several
///   Different Population Variances are Involved", *Biometrika* 34 (1947), 28–35), its degrees of freedom rounded down;
/// * `csat`: the square-and-add interval of two Wilson intervals (R. G. Newcombe, "Interval Estimation for the
///   Difference Between Independent Proportions", *Statistics in Medicine* 17 (1998), 873–890, method 10).
pub fn change(metric: Metric, scale: &Scale, earlier: &Counts, later: &Counts) -> Change {
    let [earlier, later] = [earlier, later].map(|counts| counts.within(scale.min..=scale.max));
    let [before, after] = [&earlier, &later].map(Counts::total);
    let mut change = Change { difference: None, interval: None, movement: Movement::TooFew, is_better: None };
    if before == 0 || after == 0 {
        return change;
    }
    let [best, _, worst] = Band::all(metric);
    let of = |counts: &Counts, band| counts.in_band(band, metric, scale);
    let (difference, interval) = match metric {
        Metric::Nps => {
            let [old, new] = [&earlier, &later].map(|heap| (of(heap, best), of(heap, worst), heap.total()));
            let score = |(up, down, n)| nps::score(up, down, n);
            (score(new) - score(old), Some(nps::difference(old, new)))
        }
        Metric::Csat => {
            let [old, new] = [&earlier, &later].map(|heap| (of(heap, best), heap.total()));
            (share::percent(new.0, new.1) - share::percent(old.0, old.1), Some(share::difference(old, new)))
        }
        Metric::Ces => {
            let [old, new] = [&earlier, &later].map(Mean::of);
            (new.value - old.value, old.difference(&new, scale))
        }
    };
    change.difference = Some(wire::round(difference));
    change.interval = interval.map(Interval::rounded);
    if [before, after].iter().any(|n| matches!(State::of(*n), State::None | State::Hidden)) {
        return change;
    }
    let Some(interval) = interval else { return change };
    change.movement = match () {
        () if interval.low > 0.0 => Movement::Up,
        () if interval.high < 0.0 => Movement::Down,
        () => Movement::NoEvidence,
    };
    // A share of satisfied answers is better when it is higher, whatever the scale; only the mean is raw.
    let high_is_better = metric != Metric::Ces || scale.polarity == Polarity::HighIsGood;
    change.is_better = match change.movement {
        Movement::Up => Some(high_is_better),
        Movement::Down => Some(!high_is_better),
        Movement::NoEvidence | Movement::TooFew => None,
    };
    change
}

#[cfg(test)]
mod tests;
