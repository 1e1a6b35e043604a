//! Daily counts: what scores are made of. They must equal a recount of the answers, always.

use std::collections::BTreeMap;

use parere_collector::store::{Dimension, Flags, Record, Row, Span, Store};
use parere_shared::problem::Verdict;
use parere_shared::response::{Channel, Device};
use parere_shared::time::DAY_MS;

use super::{SITE, bare, later, open_shop, revised, scope, tally};
use crate::answer::{Dice, NOON};

const DIMENSIONS: [Dimension; 7] = [
    Dimension::All,
    Dimension::Day,
    Dimension::Channel,
    Dimension::Locale,
    Dimension::Device,
    Dimension::Touchpoint,
    Dimension::Excluded,
];

/// Days over which the answers of a test are spread.
const DAYS: i32 = 5;

/// Flags that keep an answer out of scores are the upper half.
const EXCLUDING: Flags = Flags(0x8000_0000);

fn random(dice: &mut Dice) -> Record {
    let score = i32::try_from(dice.below(11)).unwrap();
    let record = bare(SITE, score);
    let days = i32::try_from(dice.below(u64::from(DAYS.unsigned_abs()))).unwrap();
    later(reworded(dice, record), days)
}

/// Other circumstances, as a later revision may bring them.
fn reworded(dice: &mut Dice, record: Record) -> Record {
    Record {
        counted_locale: (*dice.pick(&["", "it", "en", "other"])).into(),
        counted_touchpoint: (*dice.pick(&["", "product", "cart"])).into(),
        row: Row {
            channel: *dice.pick(&[None, Some(Channel::Inline), Some(Channel::Email)]),
            device: *dice.pick(&[None, Some(Device::Phone), Some(Device::Desktop)]),
            test: dice.below(10) == 0,
            flags: *dice.pick(&[Flags::default(), Flags::CLOCK, EXCLUDING]),
            ..record.row
        },
        ..record
    }
}

/// The key under which a record counts, if it does.
fn key(record: &Record, dimension: Dimension) -> Option<String> {
    let row = &record.row;
    let excluded = row.test || row.flags.excludes();
    match dimension {
        Dimension::Excluded => excluded.then(|| if row.test { "test" } else { "flagged" }.into()),
        _ if excluded => None,
        Dimension::All => Some(String::new()),
        Dimension::Day => Some(record.day.to_string()),
        Dimension::Channel => Some(row.channel.map_or("", Channel::as_str).into()),
        Dimension::Device => Some(row.device.map_or("", Device::as_str).into()),
        Dimension::Locale => Some(record.counted_locale.clone()),
        Dimension::Touchpoint => Some(record.counted_touchpoint.clone()),
    }
}

fn recount<'a>(
    records: impl Iterator<Item = &'a Record>,
    dimension: Dimension,
) -> BTreeMap<(String, i32), u64> {
    let mut tally = BTreeMap::new();
    for record in records {
        if let Some(key) = key(record, dimension) {
            *tally.entry((key, record.row.score)).or_default() += 1;
        }
    }
    tally
}

pub(super) async fn counts_equal_a_recount_after_random_revisions(store: &dyn Store) {
    open_shop(store, SITE).await;
    for seed in 0..4 {
        let mut dice = Dice::new(seed);
        let mut latest: BTreeMap<[u8; 16], Record> = BTreeMap::new();
        let before = counts(store).await;
        for _ in 0..20 {
            let batch: Vec<Record> = (0..dice.below(12)).map(|_| next(&mut dice, &latest)).collect();
            let verdicts = store.append(batch.clone().into()).await.unwrap();
            for (record, verdict) in batch.into_iter().zip(verdicts) {
                if verdict == Verdict::Stored {
                    // The day stays that of the first receipt.
                    let id = *record.row.id.as_bytes();
                    let day = latest.get(&id).map_or(record.day, |earlier| earlier.day);
                    latest.insert(id, Record { day, ..record });
                }
            }
        }
        for ((dimension, mut expected), now) in DIMENSIONS.into_iter().zip(before).zip(counts(store).await) {
            for (key, n) in recount(latest.values(), dimension) {
                *expected.entry(key).or_default() += n;
            }
            assert_eq!(now, expected, "seed {seed}, {dimension:?}");
        }
    }
}

/// A new answer, or the next, the same or an earlier revision of a known one.
fn next(dice: &mut Dice, latest: &BTreeMap<[u8; 16], Record>) -> Record {
    let known: Vec<&Record> = latest.values().collect();
    if known.is_empty() || dice.below(3) == 0 {
        return random(dice);
    }
    let earlier = *dice.pick(&known);
    let revision = (earlier.row.revision + u32::try_from(dice.below(3)).unwrap()).saturating_sub(1).max(1);
    let score = i32::try_from(dice.below(11)).unwrap();
    let days = i32::try_from(dice.below(2)).unwrap();
    later(reworded(dice, revised(earlier, revision, score)), days)
}

async fn counts(store: &dyn Store) -> Vec<BTreeMap<(String, i32), u64>> {
    let mut all = Vec::new();
    for dimension in DIMENSIONS {
        let counts = store.counts(&scope(SITE), "nps", Span::Days(0, 100_000), dimension).await;
        all.push(tally(counts.unwrap()));
    }
    all
}

pub(super) async fn whole_days_and_moments_agree(store: &dyn Store) {
    open_shop(store, SITE).await;
    let mut dice = Dice::new(99);
    let records: Vec<Record> = (0..200).map(|_| random(&mut dice)).collect();
    let first = bare(SITE, 0).day;
    store.append(records.clone().into()).await.unwrap();
    for (from, to) in [(0, DAYS), (0, 0), (1, 3), (4, 5), (2, 1)] {
        // Every answer is received at noon, so that half a day before it the day begins.
        let moment = |days: i32| NOON + i64::from(days) * DAY_MS - DAY_MS / 2;
        let within = || records.iter().filter(|record| (first + from..first + to).contains(&record.day));
        for dimension in DIMENSIONS {
            for span in [Span::Days(first + from, first + to), Span::Moments(moment(from), moment(to))] {
                let counts = store.counts(&scope(SITE), "nps", span, dimension).await.unwrap();
                assert_eq!(tally(counts), recount(within(), dimension), "{span:?} {dimension:?}");
            }
        }
    }
    for survey in ["ces", ""] {
        let none = store.counts(&scope(SITE), survey, Span::Days(0, 100_000), Dimension::All).await.unwrap();
        assert_eq!(none, []);
    }
}
