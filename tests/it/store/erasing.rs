//! What is erased is gone, is not counted, and never comes back; what was kept long enough goes, and its counts stay.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::StreamExt as _;
use parere_collector::config::ExportFormat;
use parere_collector::export::{Export, Making, Mark, Set};
use parere_collector::store::{
    Dimension, Filter, Flags, Order, Part, Person, Record, Retirement, Review, Row, Span, Store,
};
use parere_shared::problem::Verdict::{Duplicate, Stored, Superseded};
use parere_shared::time::DAY_MS;

use super::{SITE, bare, later, open_shop, record, revised, scope, tally};
use crate::answer::{Dice, NOON};

/// A shop that nothing happens to.
const OTHER: &str = "pk_other";

async fn ids(store: &dyn Store, site: &str, filter: &Filter) -> Vec<[u8; 16]> {
    let rows = store.page(&scope(site), filter, Order::OldestFirst, None, 5_000).await.unwrap();
    rows.iter().map(|stored| *stored.row.id.as_bytes()).collect()
}

/// All answers by score, from daily counts.
async fn counted(store: &dyn Store, site: &str) -> BTreeMap<i32, u64> {
    let mut all = BTreeMap::new();
    for dimension in [Dimension::All, Dimension::Excluded] {
        let counts = store.counts(&scope(site), "nps", Span::Days(0, 100_000), dimension).await.unwrap();
        for ((_, score, _), n) in tally(counts) {
            *all.entry(score).or_default() += n;
        }
    }
    all
}

fn by_score<'a>(records: impl Iterator<Item = &'a Record>) -> BTreeMap<i32, u64> {
    let mut all = BTreeMap::new();
    for record in records {
        *all.entry(record.row.score).or_default() += 1;
    }
    all
}

pub(super) async fn what_is_erased_is_not_counted_and_never_comes_back(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, OTHER).await;
    let mut dice = Dice::new(5);
    let records: Vec<Record> = (0..60)
        .map(|n| {
            let record = later(record(SITE, n % 11), n % 4);
            let flags = if dice.below(4) == 0 { Flags::BOT } else { Flags::default() };
            Record { row: Row { test: dice.below(9) == 0, flags, ..record.row }, ..record }
        })
        .collect();
    let foreign = Record { site: OTHER.into(), ..records[0].clone() };
    store.append(records.clone().into()).await.unwrap();
    store.append([foreign.clone()].into()).await.unwrap();
    let all = Filter::default();
    store
        .review(&scope(SITE), &Filter { flags: Some(Flags::BOT), ..all.clone() }, Review::Include)
        .await
        .unwrap();

    let mut left = records.clone();
    while !left.is_empty() {
        let n = usize::try_from(dice.below(20)).unwrap().clamp(1, left.len());
        let gone: Vec<Record> = left.drain(..n).collect();
        let named = Filter { ids: Some(gone.iter().map(|record| record.row.id).collect()), ..all.clone() };
        assert_eq!(store.erase(&scope("pk_nobody"), &named, NOON).await.unwrap(), 0);
        assert_eq!(store.erase(&scope(SITE), &named, NOON).await.unwrap(), n as u64);
        assert_eq!(store.erase(&scope(SITE), &named, NOON).await.unwrap(), 0, "once is enough");
        // The same again, a higher revision, and both in a batch with an answer that is taken.
        let fresh = bare(SITE, 7);
        let again: Vec<Record> = gone
            .iter()
            .flat_map(|record| [record.clone(), revised(record, 2, 1)])
            .chain([fresh.clone()])
            .collect();
        let mut expected = vec![Superseded; 2 * n];
        expected.push(Stored);
        assert_eq!(store.append(again.into()).await.unwrap(), expected);
        assert_eq!(store.recount(&scope(SITE), "nps").await.unwrap(), []);
        let fresh_only = Filter { ids: Some(vec![fresh.row.id]), ..all.clone() };
        assert_eq!(store.erase(&scope(SITE), &fresh_only, NOON).await.unwrap(), 1);
        assert_eq!(counted(store, SITE).await, by_score(left.iter()));
        assert_eq!(ids(store, SITE, &all).await.len(), left.len());
        let ids_of = |records: &[Record]| records.iter().map(|record| record.row.id).collect::<Vec<_>>();
        let asked = [ids_of(&left), ids_of(&gone)].concat();
        assert_eq!(store.erased(&scope(SITE), &asked).await.unwrap(), ids_of(&gone));
    }
    assert_eq!(store.recount(&scope(SITE), "nps").await.unwrap(), []);
    // The same id at another shop is another answer.
    assert_eq!(ids(store, OTHER, &all).await.len(), 1);
    assert_eq!(store.erased(&scope(OTHER), &[foreign.row.id]).await.unwrap(), []);
    assert_eq!(store.append([foreign].into()).await.unwrap(), [Duplicate]);
}

pub(super) async fn a_person_is_found_by_subject_and_by_order(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, OTHER).await;
    let of = |site: &str, subject: Option<u8>, order_ref: Option<&str>| {
        let record = bare(site, 5);
        let row = Row { order_ref: order_ref.map(Into::into), ..record.row };
        Record { subject: subject.map(|subject| [subject; 32]), row, ..record }
    };
    let records = [
        of(SITE, Some(1), Some("1001")),
        of(SITE, Some(1), None),
        of(SITE, Some(2), Some("1002")),
        of(SITE, None, Some("1001")),
        of(SITE, None, None),
    ];
    store.append(records.to_vec().into()).await.unwrap();
    store.append([of(OTHER, Some(1), Some("1001"))].into()).await.unwrap();
    let person = |subject: Option<u8>, order_ref: Option<&str>| Filter {
        person: Some(Person {
            subject: subject.map(|subject| [subject; 32]),
            order_ref: order_ref.map(Into::into),
        }),
        ..Filter::default()
    };
    for (filter, expected) in [
        (person(Some(1), None), vec![0, 1]),
        (person(None, Some("1001")), vec![0, 3]),
        (person(Some(1), Some("1001")), vec![0, 1, 3]),
        (person(Some(2), Some("1001")), vec![0, 2, 3]),
        (person(Some(9), Some("9")), vec![]),
        (Filter { survey: Some("ces".into()), ..person(Some(1), None) }, vec![]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|n: usize| *records[n].row.id.as_bytes()).collect();
        assert_eq!(ids(store, SITE, &filter).await, expected, "{filter:?}");
    }
    // A revision from a file, which cannot say whose it is, stays theirs, alone or in one batch with the first.
    // One of a shopper who does not say it any more does not.
    let nameless = |record: &Record, revision: u32, is_news: bool| Record {
        subject: None,
        is_news,
        ..revised(record, revision, 6)
    };
    let [both, gone] = [of(SITE, Some(1), None), of(SITE, Some(1), None)];
    let again = [
        nameless(&records[1], 2, false),
        both.clone(),
        nameless(&both, 2, false),
        nameless(&both, 3, false),
        gone.clone(),
        nameless(&gone, 2, true),
    ];
    assert_eq!(store.append(again.into()).await.unwrap(), [Stored; 6]);
    let theirs = [&records[0], &records[1], &both].map(|record| *record.row.id.as_bytes());
    assert_eq!(ids(store, SITE, &person(Some(1), None)).await, theirs);
    assert_eq!(store.erase(&scope(SITE), &person(Some(1), Some("1001")), NOON).await.unwrap(), 4);
    assert_eq!(ids(store, SITE, &Filter::default()).await.len(), 3);
    assert_eq!(ids(store, OTHER, &Filter::default()).await.len(), 1);
    assert_eq!(store.recount(&scope(SITE), "nps").await.unwrap(), []);
}

pub(super) async fn an_erasure_of_many_goes_on_where_it_was(store: &dyn Store) {
    open_shop(store, SITE).await;
    let records: Vec<Record> = (0..1_203).map(|n| record(SITE, n % 11)).collect();
    for batch in records.chunks(500) {
        store.append(batch.to_vec().into()).await.unwrap();
    }
    let person =
        Filter { person: Some(Person { subject: Some([2; 32]), order_ref: None }), ..Filter::default() };
    // A process that ends after the first slice has erased that much, with its counts.
    let slice = store.erase_slice(&scope(SITE), &person, i64::MIN, NOON).await.unwrap();
    assert_eq!((slice.changed, slice.next.is_some()), (500, true));
    assert_eq!(store.recount(&scope(SITE), "nps").await.unwrap(), []);
    assert_eq!(ids(store, SITE, &person).await.len(), 703);
    assert_eq!(store.erase(&scope(SITE), &person, NOON).await.unwrap(), 703);
    assert_eq!(store.recount(&scope(SITE), "nps").await.unwrap(), []);
    assert_eq!(counted(store, SITE).await, BTreeMap::new());
}

/// An export is of what was there when it began, but for what was erased before its turn; and it says how many it is.
#[tokio::test]
async fn an_export_ends_well_though_answers_are_erased() {
    for opened in [super::sqlite().await, super::postgres().await] {
        export_while_answers_are_erased(&opened.store).await;
    }
}

async fn export_while_answers_are_erased(store: &Arc<dyn Store>) {
    open_shop(&**store, SITE).await;
    let records: Vec<Record> = (0..9_000).map(|n| bare(SITE, n % 11)).collect();
    for batch in records.chunks(1_000) {
        store.append(batch.to_vec().into()).await.unwrap();
    }
    let (site, filter) = (super::site(SITE), Filter::default());
    let set = Set::fix(&**store, &scope(SITE), &filter, NOON).await.unwrap();
    let (store_again, format) = (Arc::clone(store), ExportFormat::Ndjson);
    let export = Export { store: store_again, site, scope: scope(SITE), filter, set, format, raw: false };
    let Making::Streamed(mut chunks) = export.start(Mark::default()) else { panic!("lines are streamed") };
    let mut text = Vec::new();
    while text.is_empty() {
        text.extend_from_slice(&chunks.next().await.unwrap().unwrap().bytes);
    }
    let gone: Vec<_> = [0, 8_998, 8_999].into_iter().map(|n: usize| records[n].row.id).collect();
    let named = Filter { ids: Some(gone.clone()), ..Filter::default() };
    assert_eq!(store.erase(&scope(SITE), &named, NOON).await.unwrap(), 3);
    while let Some(chunk) = chunks.next().await {
        text.extend_from_slice(&chunk.unwrap().bytes);
    }
    let lines: Vec<serde_json::Value> =
        String::from_utf8(text).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (end, rows) = lines.split_last().unwrap();
    assert_eq!(end["_end"]["rows"], rows.len(), "{end}");
    assert_eq!(end["_end"]["erased"], 2, "{end}");
    // The first page was read before; the last ones were not.
    assert_eq!(rows.len(), 8_998);
    assert!(!rows.iter().any(|row| gone[1..].iter().any(|id| row["id"] == id.encode())));
}

fn part(what: Part, before_days: i32) -> Retirement {
    Retirement {
        survey: "nps".into(),
        what,
        from: i64::MIN,
        before: NOON + i64::from(before_days) * DAY_MS - DAY_MS / 2,
        before_day: bare(SITE, 0).day + before_days,
    }
}

/// Lets all of `part` go, and says how many they were.
async fn retire(store: &dyn Store, mut part: Retirement) -> u64 {
    let mut all = 0;
    loop {
        let (n, next) = store.retire_slice(&scope(SITE), &part).await.unwrap();
        all += n;
        let Some(next) = next else { return all };
        part.from = next;
    }
}

pub(super) async fn what_was_kept_long_enough_goes_and_its_counts_stay(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, OTHER).await;
    let records: Vec<Record> = (0..1_300)
        .map(|n| {
            let record = if n % 2 == 0 { record(SITE, n % 11) } else { bare(SITE, n % 11) };
            // Those of the last days are stored first.
            later(record, 12 - n / 100)
        })
        .collect();
    for batch in records.chunks(500) {
        store.append(batch.to_vec().into()).await.unwrap();
    }
    store.append([record(OTHER, 3)].into()).await.unwrap();
    let all = counted(store, SITE).await;
    let commented = async || {
        let span = Span::Days(0, 100_000);
        let counts = store.counts(&scope(SITE), "nps", span, Dimension::Commented).await.unwrap();
        counts.iter().map(|count| count.n).sum::<u64>()
    };

    // Only the text: it is told as commented still, and a flag says why it is not there.
    assert_eq!(retire(store, part(Part::Comments, 11)).await, 550);
    assert_eq!(retire(store, part(Part::Comments, 11)).await, 0);
    let forgotten = Filter { flags: Some(Flags::FORGOTTEN), ..Filter::default() };
    assert_eq!(ids(store, SITE, &forgotten).await.len(), 550);
    let with_text = Filter { text: Some(String::new()), ..Filter::default() };
    assert_eq!(ids(store, SITE, &with_text).await.len(), 100);
    assert_eq!(commented().await, 650);
    assert_eq!(store.recount(&scope(SITE), "nps").await.unwrap(), []);
    // What a person decides afterwards is counted right.
    store.review(&scope(SITE), &Filter::default(), Review::Exclude).await.unwrap();
    assert_eq!(commented().await, 0);
    store.review(&scope(SITE), &Filter::default(), Review::Reset).await.unwrap();
    assert_eq!((commented().await, counted(store, SITE).await), (650, all.clone()));

    // All of it, interrupted after the first slice: whoever recounts is right at every moment.
    let (n, next) = store.retire_slice(&scope(SITE), &part(Part::Responses, 10)).await.unwrap();
    assert_eq!((n, next.is_some()), (500, true));
    assert_eq!(store.recount(&scope(SITE), "nps").await.unwrap(), []);
    assert_eq!(retire(store, part(Part::Responses, 10)).await, 500);
    assert_eq!(ids(store, SITE, &Filter::default()).await.len(), 300);
    assert_eq!(counted(store, SITE).await, all, "the scores of the past stay");
    assert_eq!(store.recount(&scope(SITE), "nps").await.unwrap(), []);
    // What is left is erased as ever, and a shop that keeps everything keeps it.
    assert_eq!(store.erase(&scope(SITE), &Filter::default(), NOON).await.unwrap(), 300);
    assert_eq!(store.recount(&scope(SITE), "nps").await.unwrap(), []);
    assert_eq!(ids(store, OTHER, &with_text).await.len(), 1);
}

pub(super) async fn a_removed_site_leaves_nothing_and_takes_nothing(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, OTHER).await;
    let records: Vec<Record> = (0..703).map(|n| record(SITE, n % 11)).collect();
    store.append(records.clone().into()).await.unwrap();
    store.append([record(OTHER, 3)].into()).await.unwrap();
    let before = store.catalogue_version().await.unwrap();
    assert!(!store.remove_site(&scope("pk_nobody"), NOON).await.unwrap());
    assert!(store.remove_site(&scope(SITE), NOON).await.unwrap());
    assert!(!store.remove_site(&scope(SITE), NOON + 1).await.unwrap());
    assert!(store.catalogue_version().await.unwrap() > before);
    let keys = |sites: Vec<parere_collector::store::Site>| {
        sites.into_iter().map(|site| site.key).collect::<Vec<_>>()
    };
    assert_eq!(keys(store.sites().await.unwrap()), [OTHER]);
    assert_eq!(store.surveys().await.unwrap().len(), 1);
    assert_eq!(store.sites_left().await.unwrap(), [SITE]);
    // What is on its way is acknowledged and kept nowhere.
    let on_its_way = vec![records[0].clone(), revised(&records[1], 2, 1), record(SITE, 9)];
    assert_eq!(store.append(on_its_way.clone().into()).await.unwrap(), [Superseded; 3]);
    let mut slices = 0;
    while !store.clear_site(&scope(SITE)).await.unwrap() {
        slices += 1;
    }
    assert_eq!(slices, 1, "500 and the rest");
    assert_eq!(store.sites_left().await.unwrap(), Vec::<String>::new());
    assert_eq!(ids(store, SITE, &Filter::default()).await.len(), 0);
    assert_eq!(counted(store, SITE).await, BTreeMap::new());
    assert_eq!(store.append(on_its_way.into()).await.unwrap(), [Superseded; 3]);
    // Its pages are out there still: the key is nobody else's.
    assert!(!store.add_site(super::site(SITE)).await.unwrap());
    assert_eq!(ids(store, OTHER, &Filter::default()).await.len(), 1);
    assert_eq!(store.recount(&scope(OTHER), "nps").await.unwrap(), []);
}
