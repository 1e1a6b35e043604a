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
//!
//! Answers of shoppers who had different chances of being asked are weighted by one over that chance, and n in each
//! interval is the effective number of answers (`score/counts.rs`). With one chance for all nothing changes.

use serde::Serialize;

use crate::survey::{Metric, Scale};

mod band;
mod change;
mod counts;
#[cfg(test)]
mod coverage;
mod distribution;
mod funnel;
mod groups;
mod interval;
#[cfg(test)]
mod laws;
mod mean;
mod needed;
mod nps;
mod sentence;
mod share;
#[cfg(test)]
mod tests;
mod wire;

pub use band::Band;
pub use change::{Change, Movement, change};
pub use counts::Counts;
pub(crate) use distribution::Z;
pub use funnel::{Funnel, ResponseRate, Steps, funnel};
pub use groups::{Pair, pairs};
pub use interval::Interval;
pub use needed::{Needed, Spread, needed, usual_margin, widest_margin};
pub use sentence::{of_change, of_pair};

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
    /// Answers of a plain sample that would say as much, where shoppers had different chances of being asked:
    /// then score, top box and ease index are weighted, and this is the n of the intervals and of the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_effective: Option<f64>,
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

/// `part` of `n` in percent with its Wilson interval, both rounded to two decimals; none of nothing.
pub(crate) fn part(part: u64, n: u64) -> Option<(f64, Interval)> {
    let [part, of] = [part, n].map(counts::real);
    (n > 0).then(|| (wire::round(share::percent(part, of)), share::wilson(part, of).rounded()))
}

/// Computes everything that is published about `counts`, and is the one place where figures are rounded.
///
/// `scale` is one that passed the survey's check. Scores that are not on it are left out, of `n` too, so
/// that bands, distribution and `n` always agree.
pub fn summarize(metric: Metric, scale: &Scale, counts: &Counts) -> Summary {
    let counts = counts.within(scale.min..=scale.max);
    let effective = counts.effective();
    let bands = Band::all(metric);
    let [best, _, worst] = bands.map(|band| effective.in_band(band, metric, scale));
    let mut summary = Summary {
        n: counts.total(),
        n_effective: counts.is_weighted().then(|| wire::round(effective.n)),
        score: None,
        interval: None,
        state: State::of(effective.whole()),
        bands: bands.map(|band| (band.plural(), counts.in_band(band, metric, scale))),
        distribution: (scale.min..=scale.max).map(|score| (score, counts.at(score))).collect(),
        top_box: None,
        ease_index: None,
    };
    if summary.n == 0 {
        return summary;
    }
    let n = effective.n;
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
            let mean = Mean::of(&effective);
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
