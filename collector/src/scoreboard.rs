//! What the answers to a survey say: read from the counts, told apart as asked.
//!
//! Scores of different scales are never put in one heap. The survey's current metric and scale make the
//! headline; answers given on another scale, before the survey was changed, are counted beside it.

use std::collections::BTreeMap;

use parere_shared::score::{self, Counts, Interval, Needed, Summary};
use parere_shared::survey::{Metric, Scale};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::period::Period;
use crate::store::{self, Count, Dimension, Store};

mod breaks;
mod by;
mod comparison;
mod page;
mod place;
mod since;

pub use breaks::{Break, Reworded};
pub use by::By;
pub use comparison::{Comparison, Segments, compare, segments};
pub use place::{Channels, LATEST_MAX, Ordered, channels};
pub use since::{SINCE_DAYS, SINCE_DAYS_MAX, Since, since};

use breaks::breaks;

/// Everything that is published about a survey's answers in a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct Scoreboard {
    /// Slug of the survey.
    pub survey: String,
    /// What is measured.
    pub metric: Metric,
    /// The figures.
    #[serde(flatten)]
    pub summary: Summary,
    /// How many answers it takes until the score is known as well as one wishes.
    pub needed: Needed,
    /// Answers that are not in the figures, by the reason.
    pub excluded: Excluded,
    /// The figures told apart; empty when nothing was asked for.
    pub series: Vec<Point>,
    /// Where another question was asked from then on, in a series of days, weeks or months.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<Break>,
    /// Beside an earlier period, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// Beside each other, where some were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segments: Option<Segments>,
    /// What the figures are made of.
    #[serde(skip)]
    counts: Counts,
    #[serde(skip)]
    scale: Scale,
}

impl Scoreboard {
    /// Says how many answers it takes for an interval of ± `margin` > 0, in the score's unit.
    pub fn need(&mut self, margin: f64) {
        self.needed = score::needed(self.metric, &self.scale, &self.counts, margin);
    }
}

/// Answers that are not in the figures.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Excluded {
    /// Try-outs.
    pub test: u64,
    /// In doubt.
    pub flagged: u64,
    /// Given on another scale than the survey has now.
    #[serde(skip_serializing_if = "is_zero")]
    pub other_scale: u64,
}

/// One entry of a series.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct Point {
    /// Day, week, month, channel …
    pub key: String,
    /// Answers.
    pub n: u64,
    /// What they are worth, where shoppers had different chances of being asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_effective: Option<f64>,
    /// Their score.
    pub score: Option<f64>,
    /// How sure it is.
    pub interval: Option<Interval>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// Reads the counts of a period and sums them up; costs days, not answers, and for pages [`LATEST_MAX`] answers.
pub async fn read(
    store: &dyn Store,
    scope: &SiteScope,
    site: &SiteEntry,
    entry: &SurveyEntry,
    period: Period,
    by: Option<By>,
) -> store::Result<Scoreboard> {
    let slug = &entry.survey.slug;
    let (mut counts, mut excluded) = (Vec::new(), Vec::new());
    for span in period.spans(&site.zone) {
        counts.extend(store.counts(scope, slug, span, by.map_or(Dimension::All, By::dimension)).await?);
        excluded.extend(store.counts(scope, slug, span, Dimension::Excluded).await?);
    }
    let mut board = sum_up(entry, &counts, &excluded, by);
    if let Some(by) = by.filter(|by| by.is_of_latest()) {
        let keyed = place::keyed(store, scope, entry, period, by, &[]).await?;
        let keyed = keyed.iter().map(|(key, count)| (key.clone(), count));
        board.series = by_key(keyed, |_| Some((entry.survey.metric, entry.survey.scale)));
    }
    board.breaks = by.map_or_else(Vec::new, |by| relevant(breaks(entry, &site.zone, by), &counts, by));
    Ok(board)
}

fn sum_up(entry: &SurveyEntry, counts: &[Count], excluded: &[Count], by: Option<By>) -> Scoreboard {
    let (metric, scale) = (entry.survey.metric, entry.survey.scale);
    let (current, others): (Vec<_>, Vec<_>) =
        counts.iter().partition(|count| is_on_scale(entry, &count.instrument));
    let heap = heap(current.iter().copied());
    let summary = score::summarize(metric, &scale, &heap);
    let series = match by {
        None => Vec::new(),
        Some(by) if by.is_of_latest() => Vec::new(),
        Some(By::Instrument) => by_instrument(entry, counts),
        Some(by) => by_key(current.iter().map(|count| (by.key(count), *count)), |_| Some((metric, scale))),
    };
    let of = |reason: &str| total(excluded.iter().filter(|count| count.key == reason));
    Scoreboard {
        survey: entry.survey.slug.clone(),
        metric,
        excluded: Excluded {
            test: of("test"),
            flagged: of("flagged"),
            other_scale: total(others.into_iter()) + total(current.into_iter()) - summary.n,
        },
        needed: score::needed(metric, &scale, &heap, score::usual_margin(metric, &scale)),
        summary,
        series,
        breaks: Vec::new(),
        comparison: None,
        segments: None,
        counts: heap,
        scale,
    }
}

/// Breaks that lie between answers: before the first there was nothing to compare with, after the last there is nothing.
fn relevant(mut breaks: Vec<Break>, counts: &[Count], by: By) -> Vec<Break> {
    let keys: Vec<String> = counts.iter().map(|count| by.key(count)).collect();
    let (Some(first), Some(last)) = (keys.iter().min(), keys.iter().max()) else { return Vec::new() };
    let was_asked_before = |found: &Break| {
        let of_the_first = counts.iter().zip(&keys).filter(|(_, key)| *key == first);
        let mut asked = of_the_first.map(|(count, _)| &count.instrument);
        asked.any(|id| found.changes.iter().any(|change| change.from == *id))
    };
    breaks.retain(|found| {
        found.key <= *last && (found.key > *first || found.key == *first && was_asked_before(found))
    });
    breaks
}

/// Is a score of this instrument the same quantity as one given now? Wording and look may differ.
pub(crate) fn is_on_scale(entry: &SurveyEntry, instrument: &str) -> bool {
    let of = |metric: Metric, scale: &Scale| (metric, scale.min, scale.max, scale.polarity);
    let now = of(entry.survey.metric, &entry.survey.scale);
    entry.instruments.get(instrument).is_some_and(|shown| of(shown.metric, &shown.scale) == now)
}

/// Each instrument by its own metric and scale.
fn by_instrument(entry: &SurveyEntry, counts: &[Count]) -> Vec<Point> {
    let keyed = counts.iter().map(|count| (count.instrument.clone(), count));
    by_key(keyed, |id| entry.instruments.get(id).map(|shown| (shown.metric, shown.scale)))
}

/// One point for each key, in the order of keys; a key whose scale is not known has no figures.
fn by_key<'a>(
    counts: impl Iterator<Item = (String, &'a Count)>,
    scale_of: impl Fn(&str) -> Option<(Metric, Scale)>,
) -> Vec<Point> {
    let mut heaps: BTreeMap<String, Vec<&Count>> = BTreeMap::new();
    for (key, count) in counts {
        heaps.entry(key).or_default().push(count);
    }
    let points = heaps.into_iter().filter_map(|(key, counts)| {
        let (metric, scale) = scale_of(&key)?;
        let summary = score::summarize(metric, &scale, &heap(counts.into_iter()));
        let Summary { n, n_effective, score, interval, .. } = summary;
        Some(Point { key, n, n_effective, score, interval })
    });
    points.collect()
}

fn heap<'a>(counts: impl Iterator<Item = &'a Count>) -> Counts {
    counts.map(|count| (count.score, count.per_mille, count.n)).collect()
}

fn total<'a>(counts: impl Iterator<Item = &'a Count>) -> u64 {
    counts.map(|count| count.n).sum()
}

#[cfg(test)]
mod tests;
