//! Daily counts: what scores are made of. They must equal a recount of the answers, always.

use std::collections::BTreeMap;

use parere_collector::store::{
    BETWEEN, Dimension, Filter, Flags, PAGE_CHARS_TOLD, Record, Review, Row, Span, Store,
};
use parere_shared::problem::Verdict;
use parere_shared::response::{Channel, Device};
use parere_shared::time::DAY_MS;

use super::{SITE, bare, later, open_shop, revised, scope, tally};
use crate::answer::{Dice, NOON};

const DIMENSIONS: [Dimension; 8] = [
    Dimension::All,
    Dimension::Day,
    Dimension::Channel,
    Dimension::Locale,
    Dimension::Device,
    Dimension::Touchpoint,
    Dimension::Commented,
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
        counted_per_mille: *dice.pick(&[1000, 250]),
        row: Row {
            channel: *dice.pick(&[None, Some(Channel::Inline), Some(Channel::Email)]),
            device: *dice.pick(&[None, Some(Device::Phone), Some(Device::Desktop)]),
            comment: (*dice.pick(&[None, Some("Comode")])).map(str::to_owned),
            page: (*dice.pick(&[None, Some("/"), Some("/products/scarpe")])).map(str::to_owned),
            order_ref: (*dice.pick(&[None, Some("1001"), Some("1002")])).map(str::to_owned),
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
        Dimension::Commented if row.comment.is_none() => None,
        Dimension::All => Some(String::new()),
        Dimension::Day => Some(record.day.to_string()),
        Dimension::Channel | Dimension::Commented => Some(row.channel.map_or("", Channel::as_str).into()),
        Dimension::Device => Some(row.device.map_or("", Device::as_str).into()),
        Dimension::Locale => Some(record.counted_locale.clone()),
        Dimension::Touchpoint => Some(record.counted_touchpoint.clone()),
        Dimension::Page => Some(row.page.clone().unwrap_or_default()),
        Dimension::Ref => Some(row.order_ref.clone().unwrap_or_default()),
        Dimension::TouchpointChannel => {
            Some(format!("{}{BETWEEN}{}", record.counted_touchpoint, row.channel.map_or("", Channel::as_str)))
        }
    }
}

fn recount<'a>(
    records: impl Iterator<Item = &'a Record>,
    dimension: Dimension,
) -> BTreeMap<(String, i32, u16), u64> {
    let mut tally = BTreeMap::new();
    for record in records {
        if let Some(key) = key(record, dimension) {
            *tally.entry((key, record.row.score, record.counted_per_mille)).or_default() += 1;
        }
    }
    tally
}

pub(super) async fn counts_equal_a_recount_after_random_revisions_and_reviews(store: &dyn Store) {
    open_shop(store, SITE).await;
    let mut latest: BTreeMap<[u8; 16], Record> = BTreeMap::new();
    for seed in 0..4 {
        let mut dice = Dice::new(seed);
        for _ in 0..20 {
            let batch: Vec<Record> = (0..dice.below(12)).map(|_| next(&mut dice, &latest)).collect();
            let verdicts = store.append(batch.clone().into()).await.unwrap();
            for (record, verdict) in batch.into_iter().zip(verdicts) {
                if verdict == Verdict::Stored {
                    let id = *record.row.id.as_bytes();
                    let standing = match latest.get(&id) {
                        Some(old) => replaced(old, record),
                        None => record,
                    };
                    latest.insert(id, standing);
                }
            }
            review(&mut dice, store, &mut latest).await;
        }
        for dimension in DIMENSIONS {
            let counts = store.counts(&scope(SITE), "nps", Span::Days(0, 100_000), dimension).await;
            let expected = recount(latest.values(), dimension);
            assert_eq!(tally(counts.unwrap()), expected, "seed {seed}, {dimension:?}");
        }
        assert_eq!(store.recount(&scope(SITE), "nps").await.unwrap(), [], "seed {seed}");
    }
}

/// The moment stays that of the first receipt; so does what was doubted or decided.
fn replaced(old: &Record, new: Record) -> Record {
    let flags = old.row.flags.revised(new.row.flags);
    Record { day: old.day, row: Row { flags, received_at: old.row.received_at, ..new.row }, ..new }
}

/// A person decides about all answers with some flag, or of all days from one on.
async fn review(dice: &mut Dice, store: &dyn Store, latest: &mut BTreeMap<[u8; 16], Record>) {
    let review = *dice.pick(&[Review::Include, Review::Exclude, Review::Reset]);
    let flags = *dice.pick(&[None, Some(Flags::EXCLUDING), Some(Flags::CLOCK)]);
    let days = i32::try_from(dice.below(u64::from(DAYS.unsigned_abs()))).unwrap();
    let from = NOON + i64::from(days) * DAY_MS;
    let filter = Filter { flags, from: Some(from), ..Filter::default() };
    let meant = latest.values_mut().filter(|record| {
        record.row.received_at >= from && flags.is_none_or(|flags| record.row.flags.meets(flags))
    });
    let mut changed = 0;
    for record in meant {
        let reviewed = record.row.flags.reviewed(review);
        changed += u64::from(reviewed != record.row.flags);
        record.row.flags = reviewed;
    }
    assert_eq!(store.review(&scope("pk_nobody"), &filter, review).await.unwrap(), 0);
    assert_eq!(store.review(&scope(SITE), &filter, review).await.unwrap(), changed);
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
        let moments = Span::Moments(moment(from), moment(to));
        for dimension in [Dimension::Page, Dimension::Ref, Dimension::TouchpointChannel] {
            let counts = store.counts(&scope(SITE), "nps", moments, dimension).await.unwrap();
            assert_eq!(tally(counts), recount(within(), dimension), "{dimension:?}");
            let days = Span::Days(first + from, first + to);
            assert_eq!(
                store.counts(&scope(SITE), "nps", days, dimension).await.unwrap(),
                [],
                "{dimension:?}"
            );
        }
        for dimension in DIMENSIONS {
            for span in [Span::Days(first + from, first + to), moments] {
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

pub(super) async fn the_latest_answers_are_read_and_no_more(store: &dyn Store) {
    open_shop(store, SITE).await;
    let mut dice = Dice::new(7);
    let records: Vec<Record> = (0..200).map(|_| random(&mut dice)).collect();
    store.append(records.clone().into()).await.unwrap();
    // Of the same moment, those stored last are the latest.
    let mut latest: Vec<&Record> = records.iter().collect();
    let by_place = |record: &Record| records.iter().position(|other| other == record);
    latest.sort_by_key(|record| std::cmp::Reverse((record.row.received_at, by_place(record))));
    for max in [0, 1, 37, 200, 1_000] {
        for dimension in
            DIMENSIONS.into_iter().chain([Dimension::Page, Dimension::Ref, Dimension::TouchpointChannel])
        {
            let span = Span::Latest(i64::MIN, i64::MAX, max);
            let counts = store.counts(&scope(SITE), "nps", span, dimension).await.unwrap();
            let among = latest.iter().copied().take(usize::try_from(max).unwrap());
            assert_eq!(tally(counts), recount(among, dimension), "{max}, {dimension:?}");
        }
    }
    let long = bare(SITE, 9);
    let page = Some(format!("/{}", "ü".repeat(2_000)));
    store.append([later(Record { row: Row { page, ..long.row }, ..long }, 99)].into()).await.unwrap();
    let counts = store
        .counts(&scope(SITE), "nps", Span::Latest(i64::MIN, i64::MAX, 1), Dimension::Page)
        .await
        .unwrap();
    assert_eq!(counts[0].key.chars().count(), usize::try_from(PAGE_CHARS_TOLD).unwrap());
}

pub(super) async fn a_review_of_many_answers_reaches_each(store: &dyn Store) {
    open_shop(store, SITE).await;
    let records: Vec<Record> = (0..1_203).map(|n| bare(SITE, n % 11)).collect();
    for batch in records.chunks(500) {
        store.append(batch.to_vec().into()).await.unwrap();
    }
    let all = Filter { survey: Some("nps".into()), ..Filter::default() };
    for (review, changed, counted) in [
        (Review::Exclude, 1_203, 0),
        (Review::Exclude, 0, 0),
        (Review::Include, 1_203, 1_203),
        (Review::Reset, 1_203, 1_203),
    ] {
        assert_eq!(store.review(&scope(SITE), &all, review).await.unwrap(), changed, "{review:?}");
        let counts = store.counts(&scope(SITE), "nps", Span::Days(0, 100_000), Dimension::All).await.unwrap();
        assert_eq!(counts.iter().map(|count| count.n).sum::<u64>(), counted, "{review:?}");
    }
}
