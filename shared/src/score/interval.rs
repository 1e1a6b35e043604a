//! An interval around a score, and how it was made.

use serde::Serialize;

use super::wire;

/// Where the true score may lie: of many samples, `level` of the intervals made so would hold it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Interval {
    /// Lower end, in the score's unit.
    pub low: f64,
    /// Upper end, in the score's unit.
    pub high: f64,
    /// Confidence level, 0–1.
    pub level: f64,
    /// How it was computed: `adjusted-wald`, `wilson`, `t`; of a difference `adjusted-wald`, `newcombe` or `welch`.
    pub method: &'static str,
}

impl Interval {
    /// The level of every interval here.
    pub(super) const LEVEL: f64 = 0.95;

    /// `centre` ± `margin`, cut off at the ends of what the score can be.
    pub(super) fn around(centre: f64, margin: f64, ends: (f64, f64), method: &'static str) -> Self {
        let (least, most) = ends;
        Self {
            low: (centre - margin).max(least),
            high: (centre + margin).min(most),
            level: Self::LEVEL,
            method,
        }
    }

    /// The same with its ends rounded for publication.
    pub(super) fn rounded(self) -> Self {
        Self { low: wire::round(self.low), high: wire::round(self.high), ..self }
    }
}
