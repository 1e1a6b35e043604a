//! The mean of the answers on their raw scale.

use super::Interval;
use super::counts::{Effective, real};
use super::distribution::{student_p, student_t};
use crate::survey::{Polarity, Scale};

/// Mean and spread of the scores.
pub(super) struct Mean {
    /// How many answers, effectively.
    n: f64,
    /// The arithmetic mean, in points of the scale.
    pub(super) value: f64,
    /// Sum of the squared distances from the mean.
    squares: f64,
}

impl Mean {
    /// Of at least one answer. Two passes over the few distinct scores, so nothing cancels out.
    pub(super) fn of(answers: &Effective) -> Self {
        let n = answers.n;
        let value = answers.iter().map(|(score, n)| f64::from(score) * n).sum::<f64>() / n;
        let squares = answers.iter().map(|(score, n)| n * (f64::from(score) - value).powi(2)).sum();
        Self { n, value, squares }
    }

    /// The sample standard deviation, with n − 1 below the line; none for one answer.
    pub(super) fn standard_deviation(&self) -> Option<f64> {
        (self.n > 1.0).then(|| (self.squares / (self.n - 1.0)).sqrt())
    }

    /// Student's t-interval `mean ± t · SD / √n` with n − 1 degrees of freedom, in points of the scale.
    ///
    /// None for one answer, which has no spread. Cut off at the ends of the scale, beyond which no mean can
    /// lie. If all answers are the same it has no width: that is what the formula says, not certainty; the
    /// top box's interval then tells more. Source: "Student", "The Probable Error of a Mean", *Biometrika* 6
    /// (1908), 1–25.
    pub(super) fn interval(&self, scale: &Scale) -> Option<Interval> {
        let error = self.standard_deviation()? / self.n.sqrt();
        let margin = student_t(whole(self.n - 1.0)) * error;
        Some(Interval::around(self.value, margin, (f64::from(scale.min), f64::from(scale.max)), "t"))
    }

    /// Welch's interval of the difference `later − self`, in points of the scale, and the probability that chance
    /// alone makes as large a one; none where one has a single answer.
    pub(super) fn difference(&self, later: &Self, scale: &Scale) -> Option<(Interval, f64)> {
        let [old, new] = [self, later].map(|mean| Some(mean.standard_deviation()?.powi(2) / mean.n));
        let (old, new) = (old?, new?);
        let freedom = (old + new).powi(2) / (old.powi(2) / (self.n - 1.0) + new.powi(2) / (later.n - 1.0));
        let (freedom, difference) = (whole(freedom), later.value - self.value);
        let error = (old + new).sqrt();
        let range = f64::from(scale.max - scale.min);
        let interval = Interval::around(difference, student_t(freedom) * error, (-range, range), "welch");
        // Without any spread, any difference is beyond chance, and none is none.
        let p = if difference == 0.0 { 1.0 } else { student_p(difference / error, freedom) };
        Some((interval, p))
    }

    /// Where the mean lies between the bad end (0) and the good end (100).
    ///
    /// `(mean − min) / (max − min) · 100`, from the other end where low is good. It is the only figure that
    /// may be set beside that of another scale.
    pub(super) fn ease_index(&self, scale: &Scale) -> f64 {
        let (min, max) = (f64::from(scale.min), f64::from(scale.max));
        let way = match scale.polarity {
            Polarity::HighIsGood => self.value - min,
            Polarity::LowIsGood => max - self.value,
        };
        100.0 * way / (max - min)
    }
}

/// Degrees of freedom in whole numbers: rounded down, at least 1, which is what 0/0 is, too; without any spread the
/// margin is 0 whatever the quantile.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded down; at least 1")]
fn whole(freedom: f64) -> u64 {
    if freedom.is_finite() { freedom.max(1.0) as u64 } else { 1 }
}

/// Most answers that are ever said to be needed.
const NEEDED_MAX: u64 = 1 << 40;

/// Answers needed for a t-interval of ± `margin` around a mean, with this standard deviation: the least n with
/// `t · SD / √n ≤ margin` (W. G. Cochran, *Sampling Techniques*, 3rd edition 1977, 4.6), at least 2.
pub(super) fn needed(standard_deviation: f64, margin: f64) -> u64 {
    let is_enough = |n: u64| student_t(n - 1) * standard_deviation <= margin * real(n).sqrt();
    let (mut low, mut high) = (1, NEEDED_MAX);
    while high - low > 1 {
        let middle = u64::midpoint(low, high);
        if is_enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}
