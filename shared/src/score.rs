//! Scores: what a heap of answers says, and how sure one may be of it.
//!
//! [`summarize`] turns counts per score into the figures that the operators' API publishes. Every score
//! comes with n, a 95 % interval and a [`State`] that says whether it is fit to be shown. The metric decides
//! how the score is computed; it is never guessed from the scale.
//!
//! | metric | score | interval |
//! |---|---|---|
//! | `nps` | 100 · (promoters − detractors) / n, in points from −100 to 100 | adjusted Wald |
//! | `ces` | mean on the raw scale; also top-box percentage and ease index | Student's t; Wilson for the top box |
//! | `csat` | top-box percentage, 0–100 | Wilson |
//!
//! Dismissals are no answers and never count. Answers of different scales or polarities must not be put in
//! one heap: summarise each instrument by itself. Each formula names its source where it stands.

use serde::Serialize;

use crate::survey::{Metric, Scale};

mod band;
mod change;
mod counts;
mod distribution;
mod interval;
mod mean;
mod nps;
mod share;
#[cfg(test)]
mod tests;
mod wire;

pub use band::Band;
pub use change::{Change, Movement, change};
pub use counts::Counts;
pub use interval::Interval;

use mean::Mean;

/// Below this many answers a score is hidden: one more answer could turn it over.
const SHOWN_FROM: u64 = 10;

/// Below this many answers a score is shown as early.
const SETTLED_FROM: u64 = 30;

/// Is there enough to show? The thresholds are ours; the interval beside the score carries the mathematics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// No answers: there is no score.
    None,
    /// 1–9 answers: the score exists, but is not to be shown to people.
    Hidden,
    /// 10–29 answers: shown, and called early.
    Early,
    /// 30 answers or more.
    Ok,
}

impl State {
    /// The state of a score over `n` answers.
    pub fn of(n: u64) -> Self {
        match n {
            0 => Self::None,
            1..SHOWN_FROM => Self::Hidden,
            SHOWN_FROM..SETTLED_FROM => Self::Early,
            _ => Self::Ok,
        }
    }
}

/// The share of answers in the top box.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopBox {
    /// Percent of all answers, 0–100.
    pub share: f64,
    /// Wilson interval around the share, in percent.
    pub interval: Interval,
}

/// What the answers say. Scores, shares and interval ends are rounded to two decimals; counts are exact.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summary {
    /// Answers that count: all on the scale, passives and neutrals included.
    pub n: u64,
    /// The metric's score in its own unit (see the module's table); none without answers.
    pub score: Option<f64>,
    /// Where the true score may lie, in the score's unit; none without answers, and for a mean of one answer.
    pub interval: Option<Interval>,
    /// Whether the score is fit to be shown.
    pub state: State,
    /// Answers in each band, by the band's plural name, best band first; they add up to `n`.
    #[serde(serialize_with = "wire::bands")]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, u64>))]
    pub bands: [(&'static str, u64); 3],
    /// Answers at each point of the scale, ascending, points without answers included; they add up to `n`.
    #[serde(serialize_with = "wire::distribution")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::schema::Frequency>))]
    pub distribution: Vec<(i32, u64)>,
    /// Answers in the top box, where the score is not that share itself: `ces` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_box: Option<TopBox>,
    /// Mean ease from 0 (all at the bad end) to 100 (all at the good end), for any scale: `ces` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ease_index: Option<f64>,
}

/// Computes everything that is published about `counts`, and is the one place where figures are rounded.
///
/// `scale` is one that passed the survey's check. Scores that are not on it are left out, of `n` too, so
/// that bands, distribution and `n` always agree.
pub fn summarize(metric: Metric, scale: &Scale, counts: &Counts) -> Summary {
    let counts = counts.within(scale.min..=scale.max);
    let n = counts.total();
    let bands = Band::all(metric).map(|band| (band.plural(), counts.in_band(band, metric, scale)));
    let [(_, best), _, (_, worst)] = bands;
    let mut summary = Summary {
        n,
        score: None,
        interval: None,
        state: State::of(n),
        bands,
        distribution: (scale.min..=scale.max).map(|score| (score, counts.at(score))).collect(),
        top_box: None,
        ease_index: None,
    };
    if n == 0 {
        return summary;
    }
    match metric {
        Metric::Nps => {
            summary.score = Some(wire::round(nps::score(best, worst, n)));
            summary.interval = Some(nps::interval(best, worst, n).rounded());
        }
        Metric::Csat => {
            summary.score = Some(wire::round(share::percent(best, n)));
            summary.interval = Some(share::wilson(best, n).rounded());
        }
        Metric::Ces => {
            let mean = Mean::of(&counts);
            summary.score = Some(wire::round(mean.value));
            summary.interval = mean.interval(scale).map(Interval::rounded);
            summary.ease_index = Some(wire::round(mean.ease_index(scale)));
            summary.top_box = Some(TopBox {
                share: wire::round(share::percent(best, n)),
                interval: share::wilson(best, n).rounded(),
            });
        }
    }
    summary
}
