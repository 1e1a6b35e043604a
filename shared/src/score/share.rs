//! Shares of answers, in percent.

use super::Interval;
use super::counts::real;
use super::distribution::Z;

/// `part` of `n` answers in percent, 0–100; `n` is at least 1.
pub(super) fn percent(part: u64, n: u64) -> f64 {
    100.0 * real(part) / real(n)
}

/// The Wilson score interval around a share, in percent; `n` is at least 1.
///
/// With p the share: centre `(p + z²/2n) / (1 + z²/n)`, margin `z / (1 + z²/n) · √(p(1 − p)/n + z²/4n²)`.
/// It stays within 0–100 by itself; the cut-off only takes away what floating point adds. Source:
/// E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", *JASA* 22 (1927),
/// 209–212, in the form of the CI formulas at `rossmanchance.com`.
pub(super) fn wilson(part: u64, n: u64) -> Interval {
    let answers = real(n);
    let share = real(part) / answers;
    let shrink = 1.0 + Z * Z / answers;
    let centre = (share + Z * Z / (2.0 * answers)) / shrink;
    let spread = share * (1.0 - share) / answers + Z * Z / (4.0 * answers * answers);
    Interval::around(100.0 * centre, 100.0 * Z / shrink * spread.sqrt(), (0.0, 100.0), "wilson")
}

/// The interval of the difference of two shares in percent, later minus earlier, each as (part, n).
pub(super) fn difference(earlier: (u64, u64), later: (u64, u64)) -> Interval {
    let [old, new] = [earlier, later].map(|(part, n)| (percent(part, n), wilson(part, n)));
    let ((before, old), (after, new)) = (old, new);
    let difference = after - before;
    Interval {
        low: (difference - (after - new.low).hypot(old.high - before)).max(-100.0),
        high: (difference + (new.high - after).hypot(before - old.low)).min(100.0),
        method: "newcombe",
        ..new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_and_interval_are_those_of_the_vectors() {
        for (part, n, share, low, high) in [
            (74, 107, 69.16, 59.87, 77.12),
            (42, 50, 84.0, 71.49, 91.66),
            (5, 5, 100.0, 56.55, 100.0),
            (0, 5, 0.0, 0.0, 43.45),
        ] {
            let interval = wilson(part, n);
            for (found, expected) in [(percent(part, n), share), (interval.low, low), (interval.high, high)] {
                assert!((found - expected).abs() <= 0.005, "{part}/{n}: {found} is not {expected}");
            }
            assert!(interval.low >= 0.0 && interval.high <= 100.0, "{part}/{n}: {interval:?}");
        }
    }
}
