//! Two heaps of answers side by side: did the score move, or may it be chance?

use serde::Serialize;

use super::counts::{Counts, Effective};
use super::distribution::normal_p;
use super::mean::Mean;
use super::{Band, Interval, State, nps, share, wire};
use crate::survey::{Metric, Polarity, Scale};

/// What may be said of two scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
///
/// Where shoppers had different chances of being asked, n is the effective number, as for one score.
pub fn change(metric: Metric, scale: &Scale, earlier: &Counts, later: &Counts) -> Change {
    let heaps = [earlier, later].map(|counts| counts.within(scale.min..=scale.max).effective());
    let is_shown = heaps.iter().all(|heap| !matches!(State::of(heap.whole()), State::None | State::Hidden));
    let [earlier, later] = &heaps;
    let contrast = Contrast::of(metric, scale, earlier, later);
    let movement = match contrast.as_ref().and_then(|contrast| contrast.interval).filter(|_| is_shown) {
        None => Movement::TooFew,
        Some(interval) if interval.low > 0.0 => Movement::Up,
        Some(interval) if interval.high < 0.0 => Movement::Down,
        Some(_) => Movement::NoEvidence,
    };
    Change {
        difference: contrast.as_ref().map(|contrast| wire::round(contrast.difference)),
        interval: contrast.and_then(|contrast| contrast.interval).map(Interval::rounded),
        movement,
        is_better: is_better(metric, scale, movement),
    }
}

/// Is a movement for the better? None without one.
pub(super) fn is_better(metric: Metric, scale: &Scale, movement: Movement) -> Option<bool> {
    // A share of satisfied answers is better when it is higher, whatever the scale; only the mean is raw.
    let high_is_better = metric != Metric::Ces || scale.polarity == Polarity::HighIsGood;
    match movement {
        Movement::Up => Some(high_is_better),
        Movement::Down => Some(!high_is_better),
        Movement::NoEvidence | Movement::TooFew => None,
    }
}

/// Two heaps side by side, not rounded.
pub(super) struct Contrast {
    /// Later score minus earlier.
    pub(super) difference: f64,
    /// Around it; none where a mean is that of one answer.
    pub(super) interval: Option<Interval>,
    /// How likely chance alone makes so large a difference: below 0.05 where the interval leaves out zero.
    pub(super) p: f64,
}

impl Contrast {
    /// None where one of the heaps is empty. The formulas are those of [`change`].
    pub(super) fn of(metric: Metric, scale: &Scale, earlier: &Effective, later: &Effective) -> Option<Self> {
        let heaps = [earlier, later];
        if heaps.iter().any(|heap| heap.n <= 0.0) {
            return None;
        }
        let [best, _, worst] = Band::all(metric);
        let (difference, interval, p) = match metric {
            Metric::Nps => {
                let [old, new] = heaps.map(|heap| {
                    (heap.in_band(best, metric, scale), heap.in_band(worst, metric, scale), heap.n)
                });
                let score = |(up, down, n)| nps::score(up, down, n);
                let (interval, errors) = nps::difference(old, new);
                (score(new) - score(old), Some(interval), normal_p(errors))
            }
            Metric::Csat => {
                let [old, new] = heaps.map(|heap| (heap.in_band(best, metric, scale), heap.n));
                let (interval, errors) = share::difference(old, new);
                (
                    share::percent(new.0, new.1) - share::percent(old.0, old.1),
                    Some(interval),
                    normal_p(errors),
                )
            }
            Metric::Ces => {
                let [old, new] = heaps.map(Mean::of);
                let (interval, p) = old.difference(&new, scale).unzip();
                (new.value - old.value, interval, p.unwrap_or(1.0))
            }
        };
        Some(Self { difference, interval, p })
    }
}

#[cfg(test)]
mod tests;
