//! Net Promoter Score: promoters minus detractors, in points from −100 to 100.
//!
//! Each answer is worth +1 (promoter), 0 (passive) or −1 (detractor); the score is their mean times 100, and
//! with p and d the shares of promoters and detractors their variance is `p + d − (p − d)²`.

use super::Interval;
use super::counts::real;
use super::distribution::Z;

/// What Rocks adds to promoters and to detractors; passives get twice as much.
const PSEUDO: f64 = 0.75;

/// The score in points. `n` includes the passives and is at least 1.
pub(super) fn score(promoters: u64, detractors: u64, n: u64) -> f64 {
    100.0 * (real(promoters) - real(detractors)) / real(n)
}

/// The adjusted Wald interval in points, cut off at ±100.
///
/// It adds (0.75, 1.5, 0.75) answers to (promoters, passives, detractors), which keeps it honest where the
/// plain interval has no width: ten promoters are not proof of 100. Source: B. Rocks, "Interval Estimation
/// for the 'Net Promoter Score'", *The American Statistician* 70 (2016), 365–372; recommended by
/// `measuringu.com/nps-confidence-intervals`.
pub(super) fn interval(promoters: u64, detractors: u64, n: u64) -> Interval {
    let (centre, margin) = adjusted_wald(promoters, detractors, n);
    Interval::around(centre, margin, (-100.0, 100.0), "adjusted-wald")
}

/// The interval of the difference of two scores, later minus earlier, each as (promoters, detractors, n).
pub(super) fn difference(earlier: (u64, u64, u64), later: (u64, u64, u64)) -> Interval {
    let [(before, its_margin), (after, margin)] =
        [earlier, later].map(|(promoters, detractors, n)| adjusted_wald(promoters, detractors, n));
    Interval::around(after - before, its_margin.hypot(margin), (-200.0, 200.0), "adjusted-wald")
}

/// Centre and margin of that interval, in points, as the formula gives them: it may reach beyond ±100.
fn adjusted_wald(promoters: u64, detractors: u64, n: u64) -> (f64, f64) {
    let answers = real(n) + 4.0 * PSEUDO;
    let up = (real(promoters) + PSEUDO) / answers;
    let down = (real(detractors) + PSEUDO) / answers;
    let centre = up - down;
    let variance = up + down - centre * centre;
    (100.0 * centre, 100.0 * Z * (variance / answers).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (promoters, passives, detractors), score, adjusted interval before it is cut off.
    const VECTORS: [([u64; 3], f64, [f64; 2]); 7] = [
        ([60, 20, 20], 40.0, [23.38, 54.29]),
        ([15, 10, 5], 33.33, [4.78, 55.83]),
        ([450, 300, 250], 20.0, [14.91, 24.97]),
        ([250, 675, 75], 17.5, [14.09, 20.81]),
        ([3, 4, 3], 0.0, [-41.29, 41.29]),
        ([10, 0, 0], 100.0, [47.50, 106.34]),
        ([0, 0, 5], -100.0, [-107.51, -17.49]),
    ];

    fn assert_near(found: f64, expected: f64, of: [u64; 3]) {
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
}
