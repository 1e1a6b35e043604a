//! Scores side by side: a period and an earlier one, or groups of answers within one.

use jiff::tz::TimeZone;
use parere_shared::score::{self, Change, Counts, Pair, Summary};
use parere_shared::time;
use serde::Serialize;
use utoipa::ToSchema;

use super::breaks::{Break, breaks};
use super::{By, heap, is_on_scale, place};
use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::period::Period;
use crate::store::{self, Count, Dimension, Store};

/// A period beside an earlier one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// First moment of the earlier period, RFC 3339; absent where it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// First moment after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What the answers said then.
    pub earlier: Summary,
    /// What may be said of the difference.
    #[serde(flatten)]
    pub change: Change,
    /// The same for people.
    pub sentence: String,
    /// Where another question was asked from then on, between the beginning of the earlier period and the end of the
    /// later one: then a change may be the question's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<Break>,
}

/// Groups of answers of one period, each beside each other one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Segments {
    /// What they are told apart by.
    pub by: By,
    /// Each two of them.
    pub pairs: Vec<Segment>,
}

/// Two groups of answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Segment {
    /// What may be said of their difference.
    #[serde(flatten)]
    pub pair: Pair,
    /// The same for people.
    pub sentence: String,
}

/// Sets the answers of `later` beside those of `earlier`; costs days, not answers.
pub async fn compare(
    store: &dyn Store,
    scope: &SiteScope,
    site: &SiteEntry,
    entry: &SurveyEntry,
    [earlier, later]: [Period; 2],
) -> store::Result<Comparison> {
    let before = on_scale(store, scope, site, entry, earlier, Dimension::All).await?;
    let after = on_scale(store, scope, site, entry, later, Dimension::All).await?;
    let heaps = [&heap(before.iter()), &heap(after.iter())];
    Ok(compared(entry, &site.zone, [earlier, later], heaps, &earlier.in_words(&site.zone)))
}

/// Two heaps of answers beside each other; `since` is the earlier period in words.
pub(super) fn compared(
    entry: &SurveyEntry,
    zone: &TimeZone,
    [earlier, later]: [Period; 2],
    [before, after]: [&Counts; 2],
    since: &str,
) -> Comparison {
    let (metric, scale) = (entry.survey.metric, &entry.survey.scale);
    let change = score::change(metric, scale, before, after);
    let mut between = breaks(entry, zone, By::Day);
    between.retain(|found| found.is_between(earlier.from, later.to));
    let mut sentence = score::of_change(metric, &change, since);
    for found in &between {
        sentence = format!("{sentence} {}", found.sentence);
    }
    Comparison {
        from: earlier.from.map(time::format),
        to: earlier.to.map(time::format),
        earlier: score::summarize(metric, scale, before),
        change,
        sentence,
        breaks: between,
    }
}

/// Sets the answers of some keys of `by` beside each other; a key without answers is there, and too small to be compared.
///
/// What is not counted by day is read from the latest answers, as in [`read`](super::read).
pub async fn segments(
    store: &dyn Store,
    scope: &SiteScope,
    site: &SiteEntry,
    entry: &SurveyEntry,
    period: Period,
    (by, keys): (By, &[String]),
) -> store::Result<Segments> {
    let keyed: Vec<(String, Count)> = if by.is_of_latest() {
        place::keyed(store, scope, entry, period, by, keys).await?
    } else {
        let counts = on_scale(store, scope, site, entry, period, by.dimension()).await?;
        counts.into_iter().map(|count| (by.key(&count), count)).collect()
    };
    let of = |key: &String| heap(keyed.iter().filter(|(own, _)| own == key).map(|(_, count)| count));
    let heap_of = |key: &String| (key.clone(), of(key));
    let heaps: Vec<_> = keys.iter().map(heap_of).collect();
    let metric = entry.survey.metric;
    let pairs = score::pairs(metric, &entry.survey.scale, &heaps).into_iter();
    let pairs = pairs.map(|pair| Segment { sentence: score::of_pair(metric, &pair), pair }).collect();
    Ok(Segments { by, pairs })
}

/// Counts of a period, without answers on other scales than the survey has now.
pub(super) async fn on_scale(
    store: &dyn Store,
    scope: &SiteScope,
    site: &SiteEntry,
    entry: &SurveyEntry,
    period: Period,
    dimension: Dimension,
) -> store::Result<Vec<Count>> {
    let mut counts = Vec::new();
    for span in period.spans(&site.zone) {
        counts.extend(store.counts(scope, &entry.survey.slug, span, dimension).await?);
    }
    counts.retain(|count| is_on_scale(entry, &count.instrument));
    Ok(counts)
}
