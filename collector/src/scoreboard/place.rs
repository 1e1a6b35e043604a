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

/// The latest answers under their keys of `by`, which is a page or a property of the order; several keys for an order
/// of several articles. Those in `apart` keep their own name however seldom they are.
pub(super) async fn keyed(
    store: &dyn Store,
    scope: &SiteScope,
    entry: &SurveyEntry,
    period: Period,
    by: By,
    apart: &[String],
) -> store::Result<Vec<(String, Count)>> {
    if by.is_of_order() {
        let orders = Ordered::read(store, scope, entry, period, &[by]).await?;
        return Ok(orders.keyed(by, apart).map(|(key, count)| (key, count.clone())).collect());
    }
    let counts = latest(store, scope, entry, period, Dimension::Page).await?;
    let mut addresses = BTreeMap::new();
    for count in &counts {
        *addresses.entry(count.key.clone()).or_default() += count.n;
    }
    let names = page::names(&addresses);
    let name = |count: &Count| names.get(&count.key).cloned().unwrap_or_default();
    Ok(counts.into_iter().map(|count| (name(&count), count)).collect())
}

/// The latest answers of a period, with what is known of the orders that they name.
#[derive(Debug)]
pub struct Ordered {
    counts: Vec<Count>,
    /// By the name of the order, the keys of each kind that was asked for.
    keys: BTreeMap<String, Vec<(By, Vec<String>)>>,
}

impl Ordered {
    /// Reads them once for several kinds, all of them properties of orders.
    pub async fn read(
        store: &dyn Store,
        scope: &SiteScope,
        entry: &SurveyEntry,
        period: Period,
        kinds: &[By],
    ) -> store::Result<Self> {
        let counts = latest(store, scope, entry, period, Dimension::Ref).await?;
        let mut names: Vec<String> = counts.iter().map(|count| count.key.clone()).collect();
        names.sort_unstable();
        names.dedup();
        let mut keys: BTreeMap<String, Vec<(By, Vec<String>)>> = BTreeMap::new();
        for some in names.chunks(ORDERS_AT_ONCE) {
            for (name, order) in store.orders().orders_named(scope, some).await? {
                let of_order = || kinds.iter().map(|by| (*by, by.keys_of(&order))).collect();
                keys.entry(name).or_insert_with(of_order);
            }
        }
        Ok(Self { counts, keys })
    }

    /// How many answers these are.
    pub fn n(&self) -> u64 {
        self.counts.iter().map(|count| count.n).sum()
    }

    /// The score under each key of one of the kinds.
    pub fn series(&self, entry: &SurveyEntry, by: By) -> Vec<Point> {
        by_key(self.keyed(by, &[]), |_| Some((entry.survey.metric, entry.survey.scale)))
    }

    fn keys_of(&self, by: By, count: &Count) -> Vec<String> {
        let kinds = self.keys.get(&count.key).map_or(&[][..], Vec::as_slice);
        let keys = kinds.iter().find(|(kind, keys)| *kind == by && !keys.is_empty());
        keys.map_or_else(|| vec![UNKNOWN.into()], |(_, keys)| keys.clone())
    }

    fn keyed(&self, by: By, apart: &[String]) -> impl Iterator<Item = (String, &Count)> {
        let mut answers: BTreeMap<String, u64> = BTreeMap::new();
        for count in &self.counts {
            for key in self.keys_of(by, count) {
                *answers.entry(key).or_default() += count.n;
            }
        }
        let mut often: Vec<_> = answers.into_iter().collect();
        often.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
        let mut shown: BTreeSet<String> = often.into_iter().take(KEYS_MAX).map(|(key, _)| key).collect();
        shown.extend(apart.iter().cloned());
        self.counts.iter().flat_map(move |count| {
            let told = |key: String| if shown.contains(&key) { key } else { "other".into() };
            // An order of two seldom articles is one under `other`.
            let keys: BTreeSet<String> = self.keys_of(by, count).into_iter().map(told).collect();
            keys.into_iter().map(move |key| (key, count))
        })
    }
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
