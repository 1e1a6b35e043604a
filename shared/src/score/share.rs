//! Shares of answers, in percent.

use super::Interval;
use super::distribution::Z;

/// `part` of `n` answers in percent, 0–100; `n` is above 0.
pub(super) fn percent(part: f64, n: f64) -> f64 {
    100.0 * part / n
}

/// The Wilson score interval around a share, in percent; `n` is at least 1.
///
/// With p the share: centre `(p + z²/2n) / (1 + z²/n)`, margin `z / (1 + z²/n) · √(p(1 − p)/n + z²/4n²)`.
/// It stays within 0–100 by itself; the cut-off only takes away what floating point adds. Source:
/// E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", *JASA* 22 (1927),
/// 209–212, in the form of the CI formulas at `rossmanchance.com`.
pub(super) fn wilson(part: f64, n: f64) -> Interval {
    wilson_at(Z, part, n)
}

/// The same interval `z` standard errors wide.
fn wilson_at(z: f64, part: f64, n: f64) -> Interval {
    let share = part / n;
    let shrink = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / shrink;
    let spread = share * (1.0 - share) / n + z * z / (4.0 * n * n);
    Interval::around(100.0 * centre, 100.0 * z / shrink * spread.sqrt(), (0.0, 100.0), "wilson")
}

/// The interval of the difference of two shares in percent, later minus earlier, each as (part, n), and how many
/// standard errors wide it is when it just reaches zero.
pub(super) fn difference(earlier: (f64, f64), later: (f64, f64)) -> (Interval, f64) {
    (newcombe_at(Z, earlier, later), reach(earlier, later))
}

fn newcombe_at(z: f64, earlier: (f64, f64), later: (f64, f64)) -> Interval {
    let [old, new] = [earlier, later].map(|(part, n)| (percent(part, n), wilson_at(z, part, n)));
    let ((before, old), (after, new)) = (old, new);
    let difference = after - before;
    Interval {
        low: (difference - (after - new.low).hypot(old.high - before)).max(-100.0),
        high: (difference + (new.high - after).hypot(before - old.low)).min(100.0),
        method: "newcombe",
        ..new
    }
}

/// Beyond this many standard errors there is no telling probabilities from zero.
const REACH_MAX: f64 = 40.0;

/// Halvings of [`REACH_MAX`] until a double has no digits left.
const HALVINGS: u32 = 60;

/// The interval grows with z, so halving finds where it begins to hold zero.
fn reach(earlier: (f64, f64), later: (f64, f64)) -> f64 {
    let (mut low, mut high) = (0.0, REACH_MAX);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        let interval = newcombe_at(middle, earlier, later);
        if interval.low > 0.0 || interval.high < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Answers needed for a Wilson interval of ± `margin` percent around a share of 0–1.
///
/// Its half-width solved for n: with q = p(1 − p) and m the margin, `n = z²/2m² · (q + √(q² + m²(1 − 4q))) − z²`
/// (W. W. Piegorsch, "Sample Sizes for Improved Binomial Confidence Intervals", *Computational Statistics & Data
/// Analysis* 46 (2004), 309–316).
pub(super) fn needed(share: f64, margin: f64) -> f64 {
    let (spread, m) = (share * (1.0 - share), margin / 100.0);
    let root = (spread * spread + m * m * (1.0 - 4.0 * spread)).sqrt();
    Z * Z / (2.0 * m * m) * (spread + root) - Z * Z
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_and_interval_are_those_of_the_vectors() {
        for (part, n, share, low, high) in [
            (74.0, 107.0, 69.16, 59.87, 77.12),
            (42.0, 50.0, 84.0, 71.49, 91.66),
            (5.0, 5.0, 100.0, 56.55, 100.0),
            (0.0, 5.0, 0.0, 0.0, 43.45),
        ] {
            let interval = wilson(part, n);
            for (found, expected) in [(percent(part, n), share), (interval.low, low), (interval.high, high)] {
                assert!((found - expected).abs() <= 0.005, "{part}/{n}: {found} is not {expected}");
            }
            assert!(interval.low >= 0.0 && interval.high <= 100.0, "{part}/{n}: {interval:?}");
        }
    }
    #[test]
    fn with_the_answers_needed_the_interval_is_as_narrow_as_asked() {
        for share in [0.0, 0.02, 0.3, 0.5, 0.84, 1.0] {
            for margin in [1.0, 5.0, 10.0] {
                let n = needed(share, margin);
                let interval = wilson(share * n, n);
                let width = interval.high - interval.low;
                assert!((width - 2.0 * margin).abs() < 1e-9, "{share} ± {margin}: {interval:?} from {n}");
            }
        }
        let worst = Z * Z * (1.0 / (4.0 * 0.05 * 0.05) - 1.0);
        assert!((needed(0.5, 5.0) - worst).abs() < 1e-9);
    }
}
