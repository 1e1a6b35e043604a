//! What holds when a database is shared: by several collectors, with others that write, over connections that break.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use parere_collector::store::{self, Dimension, Filter, Order, Purpose, Record, Row, Seq, Span, Store};
use parere_shared::problem::Verdict;

use super::{SITE, bare, open_shop, revised, scope, tally};
use crate::answer::Dice;
use crate::postgres::Database;

/// Collectors on one database.
const COLLECTORS: usize = 2;

/// Tasks that append through each of them.
const TASKS: usize = 4;

/// Batches of each task.
const BATCHES: usize = 12;

async fn open(database: &Database) -> Arc<dyn Store> {
    store::open(&database.url(), Purpose::Serve).await.unwrap()
}

async fn rows(store: &dyn Store, site: &str) -> Vec<Row> {
    let page = store.page(&scope(site), &Filter::default(), Order::OldestFirst, None, 100_000).await.unwrap();
    page.into_iter().map(|stored| stored.row).collect()
}

/// n by score, from the daily counts.
async fn counts(store: &dyn Store, site: &str) -> BTreeMap<i32, u64> {
    let counts = store.counts(&scope(site), "nps", Span::Days(0, 100_000), Dimension::All).await.unwrap();
    tally(counts).into_iter().map(|((_, score, _), n)| (score, n)).collect()
}

async fn assert_counted(store: &dyn Store, site: &str) {
    let mut recount = BTreeMap::new();
    for row in rows(store, site).await {
        *recount.entry(row.score).or_default() += 1;
    }
    assert_eq!(counts(store, site).await, recount, "{site}");
}

/// Batches that meet those of other tasks: the same answers, in revisions of their own.
fn batches(task: usize, known: &[Record]) -> Vec<Vec<Record>> {
    let mut dice = Dice::new(task.try_into().unwrap());
    (0..BATCHES)
        .map(|_| {
            (0..=dice.below(20))
                .map(|_| {
                    let record = dice.pick(known).clone();
                    let revision = u32::try_from(1 + dice.below(200)).unwrap();
                    let score = i32::try_from(dice.below(11)).unwrap();
                    revised(&record, revision, score)
                })
                .collect()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn collectors_that_write_the_same_answers_agree_and_no_cursor_skips() {
    let database = Database::serializable().await;
    let stores: Vec<_> = join_all((0..COLLECTORS).map(|_| open(&database))).await;
    for site in [SITE, "pk_other"] {
        open_shop(&*stores[0], site).await;
    }
    let known: Vec<Record> = (0..60).map(|n| bare(if n % 3 == 0 { "pk_other" } else { SITE }, 5)).collect();

    // Somebody who follows the answers of a site by a cursor, as an export that goes on does.
    let (reader, writing) = (Arc::clone(&stores[0]), Arc::new(()));
    let alive = Arc::downgrade(&writing);
    let following = tokio::spawn(async move {
        let (mut seen, mut after): (Vec<Row>, Option<Seq>) = (Vec::new(), None);
        loop {
            let is_last = alive.strong_count() == 0;
            let filter =
                Filter { seq_max: Some(reader.last_seq(&scope(SITE)).await.unwrap()), ..Filter::default() };
            let page = reader.page(&scope(SITE), &filter, Order::OldestFirst, after, 7).await.unwrap();
            after = page.last().map_or(after, |stored| Some(stored.seq));
            let is_at_end = page.is_empty();
            seen.extend(page.into_iter().map(|stored| stored.row));
            if is_last && is_at_end {
                return seen;
            }
        }
    });
    let tasks = (0..COLLECTORS * TASKS).map(|task| {
        let (store, batches) = (Arc::clone(&stores[task % COLLECTORS]), batches(task, &known));
        tokio::spawn(async move {
            for batch in batches {
                store.append(batch.into()).await.unwrap();
            }
        })
    });
    for task in join_all(tasks).await {
        task.unwrap();
    }
    drop(writing);

    let seen: Vec<_> = following.await.unwrap().into_iter().map(|row| row.id).collect();
    let all: Vec<_> = rows(&*stores[0], SITE).await.into_iter().map(|row| row.id).collect();
    assert_eq!(seen, all, "in the order of storing, none skipped, none twice");
    for store in &stores {
        for site in [SITE, "pk_other"] {
            assert_counted(&**store, site).await;
        }
    }
    assert_eq!(counts(&*stores[0], SITE).await, counts(&*stores[1], SITE).await);
    let log = database.log_of();
    assert!(log.iter().any(|line| line.contains("could not serialize access")), "they never met: {log:?}");
}

/// An answer of score 9 that waits for somebody else's transaction on its site; what is done when it waits comes
/// before that transaction's commit. Then it is stored once.
async fn append_beside_another(database: &Database, meanwhile: impl AsyncFn(i32)) {
    let store = open(database).await;
    open_shop(&*store, SITE).await;
    let mut other = database.connect().await;
    let transaction = other.transaction().await.unwrap();
    transaction.execute("UPDATE places SET seq = seq + 1 WHERE site = $1", &[&SITE]).await.unwrap();

    let appending = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.append([bare(SITE, 9)].into()).await }
    });
    meanwhile(database.waiting_for("Lock").await).await;
    transaction.commit().await.unwrap();
    assert_eq!(appending.await.unwrap().unwrap(), [Verdict::Stored]);
    assert_eq!(counts(&*store, SITE).await, [(9, 1)].into());
}

#[tokio::test]
async fn a_conflict_is_tried_again() {
    let database = Database::serializable().await;
    append_beside_another(&database, async |_| {}).await;
    assert!(database.log_of().iter().any(|line| line.contains("could not serialize access")));
}

#[tokio::test]
async fn a_connection_that_is_ended_before_the_commit_costs_nothing() {
    let database = Database::create().await;
    append_beside_another(&database, async |process| Database::terminate(process).await).await;
    assert!(database.log_of().iter().any(|line| line.contains("terminating connection")));
}

#[tokio::test]
async fn a_commit_whose_reply_is_lost_is_repeated_and_counts_once() {
    let database = Database::create().await;
    open_shop(&*open(&database).await, SITE).await;
    // From here on commits are on disk and then wait for a standby that never comes.
    database.set("synchronous_commit = 'on'").await;
    let store = open(&database).await;
    let (first, second) = (bare(SITE, 9), bare(SITE, 3));
    let appending = tokio::spawn({
        let (store, batch) = (Arc::clone(&store), [first.clone(), revised(&first, 2, 4), second.clone()]);
        async move { store.append(batch.into()).await }
    });
    let process = database.waiting_for("SyncRep").await;
    database.set("synchronous_commit = 'local'").await;
    Database::terminate(process).await;

    // What the second attempt finds is its own work; every sender is told that the answer is there.
    let verdicts = appending.await.unwrap().unwrap();
    assert_eq!(verdicts, [Verdict::Superseded, Verdict::Duplicate, Verdict::Duplicate]);
    let scores: Vec<i32> = rows(&*store, SITE).await.iter().map(|row| row.score).collect();
    assert_eq!(scores, [4, 3]);
    assert_eq!(counts(&*store, SITE).await, [(3, 1), (4, 1)].into());
}

#[tokio::test]
async fn a_site_whose_addition_is_in_doubt_is_ours_after_all() {
    let database = Database::create().await;
    open(&database).await;
    database.set("synchronous_commit = 'on'").await;
    let store = open(&database).await;
    let adding = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.add_site(super::site(SITE)).await }
    });
    let process = database.waiting_for("SyncRep").await;
    database.set("synchronous_commit = 'local'").await;
    Database::terminate(process).await;
    assert!(adding.await.unwrap().unwrap(), "nobody else took the key");
    assert!(!store.add_site(super::site(SITE)).await.unwrap(), "now somebody has");
}
