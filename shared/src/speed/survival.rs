//! Quantiles of waits of which some are not over.

use super::{Quantile, Wait};
use crate::score::Z;
use crate::time::Millis;

/// Takes away what floating point adds to a product of shares.
const GRAIN: f64 = 1e-12;

/// The share of waits that last longer, at each moment at which one ends.
///
/// The product-limit estimate: of those who still wait before t, 1 − d/n go on after the d that end at t (E. L. Kaplan
/// and P. Meier, "Nonparametric Estimation from Incomplete Observations", *JASA* 53 (1958), 457–481). A wait that is
/// open at t was still among the n.
pub(super) struct Curve(Vec<Step>);

/// What holds from a moment on.
struct Step {
    at: Millis,
    /// Share of waits that last longer.
    longer: f64,
    /// Lower and upper end of its 95 % interval.
    ///
    /// None when all have ended: then the variance is no number.
    limits: Option<(f64, f64)>,
}

impl Curve {
    pub(super) fn of(waits: &[Wait]) -> Self {
        let mut sorted: Vec<Wait> = waits.to_vec();
        sorted.sort_unstable_by_key(|wait| wait.ms);
        let (mut longer, mut hazard) = (1.0, 0.0);
        let (mut steps, mut waiting) = (Vec::new(), sorted.len());
        for same in sorted.chunk_by(|one, next| one.ms == next.ms) {
            let ended = same.iter().filter(|wait| wait.is_over).count();
            if let Some(first) = same.first().filter(|_| ended > 0) {
                let (n, d) = (real(waiting), real(ended));
                longer *= 1.0 - d / n;
                hazard += d / (n * (n - d));
                steps.push(Step { at: first.ms, longer, limits: limits(longer, hazard) });
            }
            waiting -= same.len();
        }
        Self(steps)
    }

    /// The first moment at which `share` of the waits have ended, and between which moments that may lie: those at
    /// which the interval of the curve holds `1 − share` (R. Brookmeyer and J. Crowley, "A Confidence Interval for the
    /// Median Survival Time", *Biometrics* 38 (1982), 29–41).
    pub(super) fn quantile(&self, share: f64) -> Quantile {
        let left = 1.0 - share + GRAIN;
        let first =
            |is_there: &dyn Fn(&Step) -> bool| self.0.iter().find(|step| is_there(step)).map(|step| step.at);
        let ms = first(&|step| step.longer <= left);
        let low = first(&|step| step.limits.is_none_or(|(low, _)| low <= left));
        let high = first(&|step| step.limits.is_some_and(|(_, high)| high <= left));
        Quantile { ms, low_ms: low.unwrap_or(0), high_ms: high }
    }
}

/// The 95 % interval of a share S of waits that last longer: `S^exp(±z·√(Σ d/(n(n−d))) / ln S)`.
///
/// The sum is that of M. Greenwood (*The Natural Duration of Cancer*, 1926); on the scale of ln(−ln S) the interval stays
/// within 0 and 1 and holds with few waits, too (J. P. Klein and M. L. Moeschberger, *Survival Analysis*, 2nd edition
/// 2003, 4.3 and 4.5).
fn limits(longer: f64, hazard: f64) -> Option<(f64, f64)> {
    if longer <= GRAIN {
        return None;
    }
    let log = longer.ln();
    let spread = Z * hazard.sqrt() / log;
    let [one, other] = [spread, -spread].map(|spread| (log * spread.exp()).exp());
    Some((one.min(other), one.max(other)))
}

#[expect(clippy::cast_precision_loss, reason = "waits are few beside 2^53")]
fn real(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weeks of remission under 6-mercaptopurine; those with a minus went on (E. J. Freireich and others, "The Effect of
    /// 6-Mercaptopurine", *Blood* 21 (1963), 699–716).
    const TREATED: [i64; 21] =
        [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35];

    /// The same under a placebo.
    const PLACEBO: [i64; 21] = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];

    fn waits(weeks: &[i64]) -> Vec<Wait> {
        weeks.iter().map(|weeks| Wait { ms: weeks.abs(), is_over: *weeks > 0 }).collect()
    }

    #[test]
    fn curve_and_limits_are_those_of_the_vectors() {
        // `scipy.stats.ecdf` of scipy 1.17 on censored observations, `confidence_interval(method="log-log")`.
        let expected = [
            (6, 0.857_143, 0.619_718, 0.951_552),
            (7, 0.806_723, 0.563_147, 0.922_809),
            (10, 0.752_941, 0.503_200, 0.889_362),
            (13, 0.690_196, 0.431_610, 0.849_066),
            (16, 0.627_451, 0.367_511, 0.804_912),
            (22, 0.537_815, 0.267_779, 0.746_791),
            (23, 0.448_179, 0.188_052, 0.680_143),
        ];
        let curve = Curve::of(&waits(&TREATED));
        assert_eq!(curve.0.len(), expected.len());
        for (step, (at, longer, low, high)) in curve.0.iter().zip(expected) {
            let found = step.limits.unwrap();
            assert_eq!(step.at, at);
            for (found, expected) in [(step.longer, longer), (found.0, low), (found.1, high)] {
                assert!((found - expected).abs() < 1e-6, "{at}: {found} is not {expected}");
            }
        }
        assert!(Curve::of(&waits(&PLACEBO)).0.last().unwrap().limits.is_none());
    }

    #[test]
    fn quantiles_are_those_of_the_vectors() {
        // Read off the same curves of scipy.
        for (weeks, share, ms, low_ms, high_ms) in [
            (&TREATED, 0.25, Some(13), 6, Some(22)),
            (&TREATED, 0.5, Some(23), 13, None),
            (&TREATED, 0.9, None, 0, None),
            (&PLACEBO, 0.5, Some(8), 4, Some(11)),
            (&PLACEBO, 0.9, Some(17), 12, None),
        ] {
            assert_eq!(Curve::of(&waits(weeks)).quantile(share), Quantile { ms, low_ms, high_ms }, "{share}");
        }
        assert_eq!(Curve::of(&[]).quantile(0.5), Quantile { ms: None, low_ms: 0, high_ms: None });
    }
}
