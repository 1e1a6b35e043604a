//! Net Promoter Score: promoters minus detractors, in points from −100 to 100.
//!
//! Each answer is worth +1 (promoter), 0 (passive) or −1 (detractor); the score is their mean times 100, and
//! with p and d the shares of promoters and detractors their variance is `p + d − (p − d)²`.

use super::Interval;
use super::distribution::Z;

/// What Rocks adds to promoters and to detractors; passives get twice as much.
const PSEUDO: f64 = 0.75;

/// The score in points. `n` includes the passives and is above 0.
pub(super) fn score(promoters: f64, detractors: f64, n: f64) -> f64 {
    100.0 * (promoters - detractors) / n
}

/// The adjusted Wald interval in points, cut off at ±100.
///
/// It adds (0.75, 1.5, 0.75) answers to (promoters, passives, detractors), which keeps it honest where the
/// plain interval has no width: ten promoters are not proof of 100. Source: B. Rocks, "Interval Estimation
/// for the 'Net Promoter Score'", *The American Statistician* 70 (2016), 365–372; recommended by
/// `measuringu.com/nps-confidence-intervals`.
pub(super) fn interval(promoters: f64, detractors: f64, n: f64) -> Interval {
    let (centre, margin) = adjusted_wald(promoters, detractors, n);
    Interval::around(centre, margin, (-100.0, 100.0), "adjusted-wald")
}

/// The interval of the difference of two scores, later minus earlier, each as (promoters, detractors, n), and how
/// many standard errors the adjusted difference is away from none.
pub(super) fn difference(earlier: (f64, f64, f64), later: (f64, f64, f64)) -> (Interval, f64) {
    let [(before, its_margin), (after, margin)] =
        [earlier, later].map(|(promoters, detractors, n)| adjusted_wald(promoters, detractors, n));
    let both = its_margin.hypot(margin);
    let interval = Interval::around(after - before, both, (-200.0, 200.0), "adjusted-wald");
    (interval, Z * (after - before) / both)
}

/// Answers needed for a margin of `margin` points: `v·z²/m² − 3`, from the interval above, with v the variance of one
/// answer's worth (`measuringu.com/nps-ci-sample-size`).
pub(super) fn needed(variance: f64, margin: f64) -> f64 {
    variance * (100.0 * Z / margin).powi(2) - 4.0 * PSEUDO
}

/// The variance of one answer's worth with the pseudo-answers, between 0 and 1.
pub(super) fn variance(promoters: f64, detractors: f64, n: f64) -> f64 {
    let answers = n + 4.0 * PSEUDO;
    let (up, down) = ((promoters + PSEUDO) / answers, (detractors + PSEUDO) / answers);
    up + down - (up - down).powi(2)
}

/// Centre and margin of that interval, in points, as the formula gives them: it may reach beyond ±100.
fn adjusted_wald(promoters: f64, detractors: f64, n: f64) -> (f64, f64) {
    let answers = n + 4.0 * PSEUDO;
    let centre = (promoters - detractors) / answers;
    (100.0 * centre, 100.0 * Z * (variance(promoters, detractors, n) / answers).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (promoters, passives, detractors), score, adjusted interval before it is cut off.
    const VECTORS: [([f64; 3], f64, [f64; 2]); 7] = [
        ([60.0, 20.0, 20.0], 40.0, [23.38, 54.29]),
        ([15.0, 10.0, 5.0], 33.33, [4.78, 55.83]),
        ([450.0, 300.0, 250.0], 20.0, [14.91, 24.97]),
        ([250.0, 675.0, 75.0], 17.5, [14.09, 20.81]),
        ([3.0, 4.0, 3.0], 0.0, [-41.29, 41.29]),
        ([10.0, 0.0, 0.0], 100.0, [47.50, 106.34]),
        ([0.0, 0.0, 5.0], -100.0, [-107.51, -17.49]),
    ];

    fn assert_near(found: f64, expected: f64, of: [f64; 3]) {
        assert!((found - expected).abs() <= 0.005, "{of:?}: {found} is not {expected}");
    }

    #[test]
    fn score_and_interval_are_those_of_the_vectors() {
        for (of, expected, [low, high]) in VECTORS {
            let [promoters, _, detractors] = of;
            let n = of.iter().sum();
            assert_near(score(promoters, detractors, n), expected, of);
            let (centre, margin) = adjusted_wald(promoters, detractors, n);
            assert_near(centre - margin, low, of);
            assert_near(centre + margin, high, of);
            let interval = interval(promoters, detractors, n);
            assert_near(interval.low, low.max(-100.0), of);
            assert_near(interval.high, high.min(100.0), of);
        }
    }
    #[test]
    fn answers_needed_are_those_of_the_table() {
        for (of, expected) in [
            (1.0, [1534, 382, 168, 94]),
            (0.8, [1227, 305, 134, 74]),
            (0.64, [981, 243, 107, 59]),
            (0.5, [766, 190, 83, 46]),
        ] {
            let found = [5.0, 10.0, 15.0, 20.0].map(|margin| format!("{}", needed(of, margin).ceil()));
            assert_eq!(found, expected.map(|n: i32| n.to_string()), "{of}");
        }
    }
}
