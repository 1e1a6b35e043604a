//! How far from its centre a distribution holds 95 %.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

use super::Interval;

/// The normal quantile at 0.975: 95 %, our [`Interval::LEVEL`], lie within ± this many standard errors.
pub(crate) const Z: f64 = 1.959_963_984_540_054;

/// Up to this many degrees of freedom the sum is exact and short; above, the expansion is good to 1e-7.
const SUMMED_TO: u64 = 30;

/// Halvings of a right angle until a double has no digits left.
const HALVINGS: u32 = 60;

/// Student's t quantile at 0.975 for `freedom` ≥ 1 degrees of freedom, absolute error below 1e-6.
pub(super) fn student_t(freedom: u64) -> f64 {
    // Beyond four thousand million degrees the difference from Z is less than 1e-9.
    let degrees = u32::try_from(freedom).unwrap_or(u32::MAX);
    if freedom <= SUMMED_TO { by_sum(degrees) } else { by_expansion(f64::from(degrees)) }
}

/// From this many degrees of freedom on t is turned into a normal deviate, which is then good to 1e-7.
const NORMAL_FROM: u64 = 1_000;

/// The probability that chance alone puts a Student's t with `freedom` ≥ 1 degrees of freedom as far from 0 as `t`,
/// on either side; absolute error below 1e-6.
pub(super) fn student_p(t: f64, freedom: u64) -> f64 {
    let t = t.abs();
    if !t.is_finite() {
        return 0.0;
    }
    let degrees = u32::try_from(freedom).unwrap_or(u32::MAX);
    let real = f64::from(degrees);
    if freedom < NORMAL_FROM {
        return (1.0 - within((t / real.sqrt()).atan(), degrees)).clamp(0.0, 1.0);
    }
    // Abramowitz and Stegun, 26.7.8.
    normal_p(t * (1.0 - 1.0 / (4.0 * real)) / (1.0 + t * t / (2.0 * real)).sqrt())
}

/// The probability that chance alone puts a normal deviate as far from 0 as `z`, on either side: Abramowitz and
/// Stegun, 26.2.17, absolute error below 2e-7.
pub(super) fn normal_p(z: f64) -> f64 {
    let z = z.abs();
    if !z.is_finite() {
        return 0.0;
    }
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let factors = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let sum = factors.iter().rev().fold(0.0, |sum, factor| (sum + factor) * t);
    (2.0 * (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * sum).clamp(0.0, 1.0)
}

/// Halves the interval of angles θ = arctan(t/√ν) until [`within`] says 0.95.
fn by_sum(degrees: u32) -> f64 {
    let (mut low, mut high) = (0.0, FRAC_PI_2);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if within(middle, degrees) < Interval::LEVEL {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::from(degrees).sqrt() * low.tan()
}

/// The probability that |t| stays below √ν · tan θ: the finite sums of Abramowitz and Stegun, *Handbook of
/// Mathematical Functions* (1964), 26.7.3 for odd and 26.7.4 for even degrees of freedom.
fn within(angle: f64, degrees: u32) -> f64 {
    let (sine, cosine) = angle.sin_cos();
    let odd = degrees % 2 == 1;
    let (mut term, mut sum) = (if odd { cosine } else { 1.0 }, 0.0);
    for last in (if odd { 3 } else { 2 }..=degrees).step_by(2) {
        sum += term;
        term *= cosine * cosine * f64::from(last - 1) / f64::from(last);
    }
    if odd { FRAC_2_PI * (angle + sine * sum) } else { sine * sum }
}

/// The expansion of the quantile in powers of 1/ν around the normal one: Abramowitz and Stegun, 26.7.5.
fn by_expansion(degrees: f64) -> f64 {
    let square = Z * Z;
    let powers = [
        Z,
        Z * (square + 1.0) / 4.0,
        Z * ((5.0 * square + 16.0) * square + 3.0) / 96.0,
        Z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0,
        Z * ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square - 945.0) / 92_160.0,
    ];
    powers.iter().rev().fold(0.0, |sum, factor| sum / degrees + factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_t_is_that_of_the_published_tables() {
        // Four decimals: printed tables. Twelve: the incomplete beta function of mpmath, solved for 0.95.
        for (freedom, expected, tolerance) in [
            (1, 12.7062, 5e-5),
            (2, 4.3027, 5e-5),
            (5, 2.5706, 5e-5),
            (10, 2.2281, 5e-5),
            (29, 2.0452, 5e-5),
            (100, 1.9840, 5e-5),
            (1, 12.706_204_736_175, 1e-9),
            (2, 4.302_652_729_750, 1e-9),
            (3, 3.182_446_305_284, 1e-9),
            (10, 2.228_138_851_986, 1e-9),
            (30, 2.042_272_456_301, 1e-9),
            (31, 2.039_513_446_396, 1e-7),
            (100, 1.983_971_518_524, 1e-7),
            (1_000_000, 1.959_966_356_814, 1e-9),
            (u64::MAX, Z, 1e-9),
        ] {
            let found = student_t(freedom);
            assert!((found - expected).abs() <= tolerance, "{freedom}: {found} is not {expected}");
        }
    }

    #[test]
    fn sum_and_expansion_meet() {
        for degrees in [30, 31, 40, 101, 1000] {
            let (summed, expanded) = (by_sum(degrees), by_expansion(f64::from(degrees)));
            assert!((summed - expanded).abs() < 1e-7, "{degrees}: {summed} is not {expanded}");
        }
    }
    #[test]
    fn probabilities_are_those_of_the_quantiles() {
        for (z, expected) in [(0.0, 1.0), (1.0, 0.317_310_5), (Z, 0.05), (-2.575_829_3, 0.01), (40.0, 0.0)] {
            assert!((normal_p(z) - expected).abs() < 2e-7, "{z}: {}", normal_p(z));
        }
        for freedom in [1, 2, 9, 30, 31, 999, 1_000, 5_000, 10_000_000] {
            let p = student_p(-student_t(freedom), freedom);
            assert!((p - 0.05).abs() < 1e-6, "{freedom}: {p}");
        }
        // Where one way ends the other begins.
        assert!((student_p(3.0, 1_000) - student_p(3.0, 999)).abs() < 1e-5);
        assert!([40, 4_000].iter().all(|freedom| student_p(f64::INFINITY, *freedom) < 1e-9));
    }
}
