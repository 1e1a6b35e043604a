//! Quantiles of sorted waits, with intervals from their ranks.

use super::Quantile;
use crate::time::Millis;

/// What lies outside an interval on either side: 95 % lie within.
const TAIL: f64 = 0.025;

/// Takes away what floating point adds to a product of whole numbers.
const GRAIN: f64 = 1e-9;

/// The least wait that `share` of the `sorted` ones are not longer than: the inverse of the empirical distribution
/// (R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", *The American Statistician* 50 (1996),
/// 361–365, definition 1). Its interval goes by ranks, see [`ranks`].
pub(super) fn quantile(sorted: &[Millis], share: f64) -> Quantile {
    let at = |rank: usize| rank.checked_sub(1).and_then(|place| sorted.get(place)).copied();
    let (low, high) = ranks(sorted.len(), share);
    Quantile { ms: at(rank(sorted.len(), share)), low_ms: at(low).unwrap_or(0), high_ms: high.and_then(at) }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a rank lies within the number of waits, which are few beside 2^53"
)]
fn rank(n: usize, share: f64) -> usize {
    (n as f64 * share - GRAIN).ceil() as usize
}

/// Between which ranks of `n` the true quantile lies with at least 95 %, from 1; 0 and none where it may lie beyond all.
///
/// How many of n waits are not longer than it is binomial, B(n, share). So it lies above the wait of rank r with
/// probability P(B ≥ r): low is the last rank with P(B < r) ≤ 2.5 %, high the first with P(B ≥ r) ≤ 2.5 %
/// (W. J. Conover, *Practical Nonparametric Statistics*, 3rd edition 1999, 3.2; G. J. Hahn and W. Q. Meeker,
/// *Statistical Intervals*, 1991, 5.2). Summed in logarithms: half to the power of thousands is nothing.
fn ranks(n: usize, share: f64) -> (usize, Option<usize>) {
    let odds = (share / (1.0 - share)).ln();
    let mut term = real(n) * (1.0 - share).ln();
    let (mut sum, mut low) = (0.0, None);
    for k in 0..n {
        sum += term.exp();
        if low.is_none() && sum > TAIL {
            low = Some(k);
        }
        if sum >= 1.0 - TAIL {
            return (low.unwrap_or(0), Some(k + 1));
        }
        term += (real(n - k) / real(k + 1)).ln() + odds;
    }
    (low.unwrap_or(0), None)
}

#[expect(clippy::cast_precision_loss, reason = "waits are few beside 2^53")]
fn real(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_those_of_the_binomial_distribution() {
        // From the distribution function of scipy 1.17 (`scipy.stats.binom`), by the definition above.
        for (n, share, expected) in [
            (5, 0.5, (0, None)),
            (5, 0.9, (3, None)),
            (6, 0.5, (1, Some(6))),
            (10, 0.5, (2, Some(9))),
            (10, 0.9, (7, None)),
            (15, 0.5, (4, Some(12))),
            (30, 0.5, (10, Some(21))),
            (30, 0.9, (23, None)),
            (50, 0.9, (41, Some(50))),
            (100, 0.5, (40, Some(61))),
            (100, 0.9, (84, Some(96))),
            (1_000, 0.5, (469, Some(532))),
            (1_000, 0.9, (881, Some(919))),
        ] {
            assert_eq!(ranks(n, share), expected, "{share} of {n}");
        }
        assert_eq!(ranks(0, 0.5), (0, None));
        let (low, high) = ranks(20_000, 0.5);
        assert!(low > 9_800 && high.is_some_and(|high| high < 10_200), "no underflow: {low}, {high:?}");
    }

    #[test]
    fn a_quantile_is_one_of_the_waits() {
        let sorted: Vec<Millis> = (1..=10).map(|tens| tens * 10).collect();
        for (share, expected) in [
            (0.5, Quantile { ms: Some(50), low_ms: 20, high_ms: Some(90) }),
            (0.9, Quantile { ms: Some(90), low_ms: 70, high_ms: None }),
        ] {
            assert_eq!(quantile(&sorted, share), expected);
        }
        assert_eq!(quantile(&[], 0.5), Quantile { ms: None, low_ms: 0, high_ms: None });
        assert_eq!(quantile(&[7], 0.5), Quantile { ms: Some(7), low_ms: 0, high_ms: None });
    }
}
