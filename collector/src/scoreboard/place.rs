//! What is not counted by day, because senders choose it freely or hardly anybody asks: pages, and the channels of each
//! touchpoint. Read from the latest answers of a period, so many and no more.

use std::collections::{BTreeMap, BTreeSet};

use parere_shared::score::{self, Counts, Pair};

use super::{By, Point, by_key, heap, is_on_scale, page};
use crate::auth::SiteScope;
use crate::catalogue::SurveyEntry;
use crate::period::Period;
use crate::store::{self, BETWEEN, Count, Dimension, Span, Store};

/// Answers that are read: enough to know a score to a point or two, and few enough that a page does not wait for them.
pub const LATEST_MAX: u32 = 20_000;

/// Orders that are asked for in one statement.
const ORDERS_AT_ONCE: usize = 500;

/// Carriers, regions or articles that are told apart; the others are `other`.
const KEYS_MAX: usize = 50;

/// What is said of answers whose channel is not known, and of those at no known touchpoint.
const UNKNOWN: &str = "unknown";

/// The channels that led to one touchpoint, beside each other.
#[derive(Debug)]
pub struct Channels {
    /// The score of each.
    pub points: Vec<Point>,
    /// Each two of them that have enough answers, those that differ beyond chance first, by how much.
    pub pairs: Vec<Pair>,
}

/// Scores by page, of the latest answers.
pub(super) async fn by_page(
    store: &dyn Store,
    scope: &SiteScope,
    entry: &SurveyEntry,
    period: Period,
) -> store::Result<Vec<Point>> {
    let counts = latest(store, scope, entry, period, Dimension::Page).await?;
    let mut addresses = BTreeMap::new();
    for count in &counts {
        *addresses.entry(count.key.clone()).or_default() += count.n;
    }
    let names = page::names(&addresses);
    let keyed = counts.iter().map(|count| (names.get(&count.key).cloned().unwrap_or_default(), count));
    Ok(by_key(keyed, |_| Some((entry.survey.metric, entry.survey.scale))))
}

/// Scores by a property of the order that an answer names, of the latest answers.
pub(super) async fn by_order(
    store: &dyn Store,
    scope: &SiteScope,
    entry: &SurveyEntry,
    period: Period,
    by: By,
) -> store::Result<Vec<Point>> {
    let counts = latest(store, scope, entry, period, Dimension::Ref).await?;
    let mut names: Vec<String> = counts.iter().map(|count| count.key.clone()).collect();
    names.sort_unstable();
    names.dedup();
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for some in names.chunks(ORDERS_AT_ONCE) {
        for (name, order) in store.orders().orders_named(scope, some).await? {
            keys.entry(name).or_insert_with(|| by.keys_of(&order));
        }
    }
    let unknown = [UNKNOWN.to_owned()];
    let keys_of = |count: &Count| match keys.get(&count.key) {
        Some(keys) if !keys.is_empty() => keys.clone(),
        _ => unknown.to_vec(),
    };
    let mut answers: BTreeMap<String, u64> = BTreeMap::new();
    for count in &counts {
        for key in keys_of(count) {
            *answers.entry(key).or_default() += count.n;
        }
    }
    let mut often: Vec<_> = answers.into_iter().collect();
    often.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
    let shown: BTreeSet<String> = often.into_iter().take(KEYS_MAX).map(|(key, _)| key).collect();
    let told = |key: String| if shown.contains(&key) { key } else { "other".into() };
    let keyed = counts.iter().flat_map(|count| {
        // An order of two seldom articles is one under `other`.
        let keys: BTreeSet<String> = keys_of(count).into_iter().map(told).collect();
        keys.into_iter().map(move |key| (key, count))
    });
    Ok(by_key(keyed, |_| Some((entry.survey.metric, entry.survey.scale))))
}

/// The channels of every touchpoint, of the latest answers.
pub async fn channels(
    store: &dyn Store,
    scope: &SiteScope,
    entry: &SurveyEntry,
    period: Period,
) -> store::Result<BTreeMap<String, Channels>> {
    let counts = latest(store, scope, entry, period, Dimension::TouchpointChannel).await?;
    let mut of_touchpoint: BTreeMap<&str, Vec<(&str, &Count)>> = BTreeMap::new();
    for count in &counts {
        if let Some((touchpoint, channel)) = count.key.split_once(BETWEEN) {
            of_touchpoint.entry(named(touchpoint)).or_default().push((named(channel), count));
        }
    }
    let told =
        of_touchpoint.into_iter().map(|(touchpoint, counts)| (touchpoint.into(), told(entry, &counts)));
    Ok(told.collect())
}

fn told(entry: &SurveyEntry, counts: &[(&str, &Count)]) -> Channels {
    let (metric, scale) = (entry.survey.metric, entry.survey.scale);
    let keyed = counts.iter().map(|(channel, count)| ((*channel).to_owned(), *count));
    let points = by_key(keyed, |_| Some((metric, scale)));
    let heap_of =
        |channel: &str| heap(counts.iter().filter(|(own, _)| *own == channel).map(|(_, count)| *count));
    let heaps: Vec<(String, Counts)> = points
        .iter()
        .filter(|point| point.key != UNKNOWN)
        .map(|point| (point.key.clone(), heap_of(&point.key)))
        .collect();
    let mut pairs = score::pairs(metric, &scale, &heaps);
    pairs.retain(|pair| pair.p.is_some());
    let size = |pair: &Pair| pair.difference.unwrap_or_default().abs();
    pairs.sort_by(|a, b| b.is_better.is_some().cmp(&a.is_better.is_some()).then(size(b).total_cmp(&size(a))));
    Channels { points, pairs }
}

fn named(key: &str) -> &str {
    if key.is_empty() { UNKNOWN } else { key }
}

/// The latest answers of a period, without those on other scales than the survey has now.
async fn latest(
    store: &dyn Store,
    scope: &SiteScope,
    entry: &SurveyEntry,
    period: Period,
    dimension: Dimension,
) -> store::Result<Vec<Count>> {
    let (from, to) = (period.from.unwrap_or(i64::MIN), period.to.unwrap_or(i64::MAX));
    let span = Span::Latest(from, to, LATEST_MAX);
    let mut counts = store.counts(scope, &entry.survey.slug, span, dimension).await?;
    counts.retain(|count| is_on_scale(entry, &count.instrument));
    Ok(counts)
}
