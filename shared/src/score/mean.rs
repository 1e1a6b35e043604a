//! The mean of the answers on their raw scale.

use super::Interval;
use super::counts::{Counts, real};
use super::distribution::student_t;
use crate::survey::{Polarity, Scale};

/// Mean and spread of the scores.
pub(super) struct Mean {
    /// How many answers.
    n: u64,
    /// The arithmetic mean, in points of the scale.
    pub(super) value: f64,
    /// Sum of the squared distances from the mean.
    squares: f64,
}

impl Mean {
    /// Of at least one answer. Two passes over the few distinct scores, so nothing cancels out.
    pub(super) fn of(counts: &Counts) -> Self {
        let n = counts.total();
        let value = counts.iter().map(|(score, n)| f64::from(score) * real(n)).sum::<f64>() / real(n);
        let squares = counts.iter().map(|(score, n)| real(n) * (f64::from(score) - value).powi(2)).sum();
        Self { n, value, squares }
    }

    /// The sample standard deviation, with n − 1 below the line; none for one answer.
    fn standard_deviation(&self) -> Option<f64> {
        (self.n > 1).then(|| (self.squares / real(self.n - 1)).sqrt())
    }

    /// Student's t-interval `mean ± t · SD / √n` with n − 1 degrees of freedom, in points of the scale.
    ///
    /// None for one answer, which has no spread. Cut off at the ends of the scale, beyond which no mean can
    /// lie. If all answers are the same it has no width: that is what the formula says, not certainty; the
    /// top box's interval then tells more. Source: "Student", "The Probable Error of a Mean", *Biometrika* 6
    /// (1908), 1–25.
    pub(super) fn interval(&self, scale: &Scale) -> Option<Interval> {
        let error = self.standard_deviation()? / real(self.n).sqrt();
        let margin = student_t(self.n - 1) * error;
        Some(Interval::around(self.value, margin, (f64::from(scale.min), f64::from(scale.max)), "t"))
    }

    /// Welch's interval of the difference `later − self`, in points of the scale; none where one has a single answer.
    pub(super) fn difference(&self, later: &Self, scale: &Scale) -> Option<Interval> {
        let [old, new] = [self, later].map(|mean| Some(mean.standard_deviation()?.powi(2) / real(mean.n)));
        let (old, new) = (old?, new?);
        let freedom =
            (old + new).powi(2) / (old.powi(2) / real(self.n - 1) + new.powi(2) / real(later.n - 1));
        // Without any spread the fraction is 0/0; the margin is 0 then, whatever the quantile.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rounded down; at least 1"
        )]
        let freedom = if freedom.is_finite() { freedom.max(1.0) as u64 } else { 1 };
        let range = f64::from(scale.max - scale.min);
        let margin = student_t(freedom) * (old + new).sqrt();
        Some(Interval::around(later.value - self.value, margin, (-range, range), "welch"))
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
