//! Several heaps of answers side by side: where do channels, languages or devices disagree?

use serde::Serialize;

use super::change::{Contrast, is_better};
use super::counts::Effective;
use super::{Counts, Interval, Movement, State, wire};
use crate::survey::{Metric, Scale};

/// Below this a difference is believed, all pairs together.
const SIGNIFICANCE: f64 = 1.0 - Interval::LEVEL;

/// Two of several heaps.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pair {
    /// Key of the one.
    pub one: String,
    /// Key of the other.
    pub other: String,
    /// The other's score minus the one's, in the score's unit; none where one of them has no answers.
    pub difference: Option<f64>,
    /// Where the true difference may lie, were these two the only ones that are compared.
    pub interval: Option<Interval>,
    /// How likely chance alone makes a difference as large as this in any of the pairs, 0–1, to four decimals;
    /// none where one has too few answers to be compared.
    pub p: Option<f64>,
    /// Is the other's score higher (`up`) or lower (`down`), beyond chance?
    pub movement: Movement,
    /// Is the other better? None without a difference beyond chance.
    pub is_better: Option<bool>,
}

/// Compares each heap with each other one, all of one metric on one scale, in the order given.
///
/// Who looks at many pairs finds some that differ by chance, so the probabilities are Holm's: the smallest times the
/// number of pairs, the next one times one less, and so on, none smaller than the one before it (S. Holm, "A Simple
/// Sequentially Rejective Multiple Test Procedure", *Scandinavian Journal of Statistics* 6 (1979), 65–70). Then in 95 of
/// 100 such comparisons not one pair is said to differ that does not. The tests of the pairs are those of
/// [`super::change()`]; heaps with fewer than ten answers are not tested, and do not count as pairs.
pub fn pairs(metric: Metric, scale: &Scale, heaps: &[(String, Counts)]) -> Vec<Pair> {
    let heaps: Vec<(&String, Effective)> =
        heaps.iter().map(|(key, counts)| (key, counts.within(scale.min..=scale.max).effective())).collect();
    let mut pairs = Vec::new();
    let mut tested = Vec::new();
    for (i, (one, before)) in heaps.iter().enumerate() {
        for (other, after) in heaps.iter().skip(i + 1) {
            let contrast = Contrast::of(metric, scale, before, after);
            let is_shown = [before, after]
                .iter()
                .all(|heap| !matches!(State::of(heap.whole()), State::None | State::Hidden));
            if let Some(contrast) = contrast.as_ref().filter(|_| is_shown) {
                tested.push((contrast.p, pairs.len()));
            }
            pairs.push(Pair {
                one: (*one).clone(),
                other: (*other).clone(),
                difference: contrast.as_ref().map(|contrast| wire::round(contrast.difference)),
                interval: contrast.and_then(|contrast| contrast.interval).map(Interval::rounded),
                p: None,
                movement: Movement::TooFew,
                is_better: None,
            });
        }
    }
    for (p, place) in holm(tested) {
        let Some(pair) = pairs.get_mut(place) else { continue };
        pair.p = Some((p * 10_000.0).round() / 10_000.0);
        pair.movement = match pair.difference {
            Some(difference) if p < SIGNIFICANCE && difference > 0.0 => Movement::Up,
            Some(difference) if p < SIGNIFICANCE && difference < 0.0 => Movement::Down,
            _ => Movement::NoEvidence,
        };
        pair.is_better = is_better(metric, scale, pair.movement);
    }
    pairs
}

/// Probabilities for all of them together, each with what it belongs to.
fn holm(mut tested: Vec<(f64, usize)>) -> Vec<(f64, usize)> {
    tested.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let (mut left, mut least) = (tested.len(), 0.0_f64);
    for (p, _) in &mut tested {
        least = least.max(*p * super::counts::real(left as u64)).min(1.0);
        *p = least;
        left -= 1;
    }
    tested
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::{Look, Polarity};

    fn scale(min: i32, max: i32, polarity: Polarity) -> Scale {
        Scale { min, max, polarity, look: Look::Numbers }
    }

    fn nps(key: &str, promoters: u64, detractors: u64) -> (String, Counts) {
        (key.into(), Counts::from(vec![(10, promoters), (8, 20), (0, detractors)]))
    }

    #[test]
    fn holm_is_that_of_the_paper() {
        let adjusted = holm(vec![(0.01, 0), (0.04, 1), (0.03, 2), (0.005, 3)]);
        let near = |found: f64, expected: f64| (found - expected).abs() < 1e-12;
        for ((p, place), (expected, at)) in
            adjusted.into_iter().zip([(0.02, 3), (0.03, 0), (0.06, 2), (0.06, 1)])
        {
            assert!(near(p, expected) && place == at, "{p} of {place}");
        }
        assert_eq!(holm(vec![(0.6, 0), (0.7, 1)]), [(1.0, 0), (1.0, 1)]);
        assert_eq!(holm(Vec::new()), []);
    }

    #[test]
    fn two_heaps_are_compared_as_two_periods_are() {
        let likelihood = scale(0, 10, Polarity::HighIsGood);
        let heaps = [nps("email", 500, 300), nps("inline", 600, 200)];
        let [pair] = &*pairs(Metric::Nps, &likelihood, &heaps) else { panic!("two make one pair") };
        let change = super::super::change(Metric::Nps, &likelihood, &heaps[0].1, &heaps[1].1);
        assert_eq!((pair.one.as_str(), pair.other.as_str()), ("email", "inline"));
        assert_eq!((pair.difference, pair.interval), (change.difference, change.interval));
        assert_eq!((pair.movement, pair.is_better), (Movement::Up, Some(true)));
    }

    #[test]
    fn what_one_pair_shows_many_may_not() {
        let likelihood = scale(0, 10, Polarity::HighIsGood);
        let (a, b) = (nps("a", 45, 35), nps("b", 58, 22));
        let alone = &pairs(Metric::Nps, &likelihood, &[a.clone(), b.clone()])[0];
        assert_eq!(alone.movement, Movement::Up, "{alone:?}");
        let many = pairs(Metric::Nps, &likelihood, &[a, b, nps("c", 52, 28), nps("d", 51, 29)]);
        assert_eq!(many.len(), 6);
        assert!(many.iter().all(|pair| pair.movement == Movement::NoEvidence), "{many:?}");
        assert!(many[0].p > alone.p && many[0].interval == alone.interval);
    }

    #[test]
    fn heaps_that_are_too_small_are_no_pairs() {
        let ease = scale(1, 7, Polarity::LowIsGood);
        let heap = |key: &str, pairs: &[(i32, u64)]| (key.to_owned(), Counts::from(pairs.to_vec()));
        let heaps = [
            heap("a", &[(2, 30), (3, 30)]),
            heap("b", &[(5, 30), (6, 30)]),
            heap("c", &[(7, 9)]),
            heap("d", &[]),
        ];
        let found = pairs(Metric::Ces, &ease, &heaps);
        let [first, rest @ ..] = &*found else { panic!("{found:?}") };
        assert_eq!(
            (first.difference, first.movement, first.is_better),
            (Some(3.0), Movement::Up, Some(false))
        );
        assert_eq!(first.p, Some(0.0));
        assert!(rest.iter().all(|pair| pair.p.is_none() && pair.movement == Movement::TooFew), "{rest:?}");
        assert_eq!(rest[1].difference, None, "a and d");
    }
}
