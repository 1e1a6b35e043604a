//! Answers in and out.

use parere_collector::store::{Filter, Order, Record, Row, Store};
use parere_shared::problem::Verdict::{self, Conflict, Duplicate, Stored, Superseded};
use parere_shared::response::Channel;
use parere_shared::score::Band;

use super::{SITE, bare, later, open_shop, record, revised, scope};

async fn append(store: &dyn Store, records: Vec<Record>) -> Vec<Verdict> {
    store.append(records.into()).await.unwrap()
}

async fn all(store: &dyn Store, site: &str) -> Vec<Row> {
    let page = store.page(&scope(site), &Filter::default(), Order::OldestFirst, None, 1_000).await.unwrap();
    page.into_iter().map(|stored| stored.row).collect()
}

pub(super) async fn a_batch_gets_one_verdict_for_each_record_in_order(store: &dyn Store) {
    open_shop(store, SITE).await;
    let (a, b) = (record(SITE, 9), record(SITE, 3));
    let changed = Record { digest: [9; 16], ..revised(&a, 1, 1) };
    let batch = vec![
        a.clone(),
        a.clone(),
        changed.clone(),
        revised(&b, 3, 4),
        b.clone(),
        revised(&b, 3, 4),
        revised(&b, 4, 5),
    ];
    assert_eq!(
        append(store, batch).await,
        [Stored, Duplicate, Conflict, Stored, Superseded, Duplicate, Stored]
    );
    // The same across batches.
    assert_eq!(
        append(store, vec![a.clone(), changed, revised(&b, 2, 0), revised(&b, 4, 5)]).await,
        [Duplicate, Conflict, Superseded, Duplicate]
    );
    assert_eq!(append(store, vec![]).await, []);
    let scores: Vec<i32> = all(store, SITE).await.iter().map(|row| row.score).collect();
    assert_eq!(scores, [9, 5]);
}

pub(super) async fn an_answer_comes_back_whole(store: &dyn Store) {
    open_shop(store, SITE).await;
    let (full, bare) = (record(SITE, 9), bare(SITE, 0));
    append(store, vec![full.clone(), bare.clone()]).await;
    assert_eq!(all(store, SITE).await, [full.row.clone(), bare.row.clone()]);

    // A higher revision replaces what the shopper said, never when it was first received.
    let said_later = later(revised(&bare, 2, 10), 3);
    let replaced =
        Row { comment: Some("now in words".into()), page: Some("/elsewhere".into()), ..said_later.row };
    append(store, vec![Record { row: replaced.clone(), ..said_later }]).await;
    let expected = Row { received_at: bare.row.received_at, ..replaced };
    assert_eq!(all(store, SITE).await, [full.row, expected]);
}

pub(super) async fn pages_reach_every_answer_once(store: &dyn Store) {
    open_shop(store, SITE).await;
    let records: Vec<Record> = (0..23).map(|n| bare(SITE, n % 11)).collect();
    append(store, records.clone()).await;
    let ids: Vec<_> = records.iter().map(|record| record.row.id).collect();
    let last = store.last_seq(&scope(SITE)).await.unwrap();

    for (order, expected) in
        [(Order::OldestFirst, ids.clone()), (Order::NewestFirst, ids.iter().rev().copied().collect())]
    {
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            // What arrives while the pages are turned is beyond `seq_max`.
            append(store, vec![bare(SITE, 5)]).await;
            let filter = Filter { seq_max: Some(last), ..Filter::default() };
            let page = store.page(&scope(SITE), &filter, order, after, 5).await.unwrap();
            let Some(end) = page.last() else { break };
            after = Some(end.seq);
            assert!(page.len() <= 5);
            seen.extend(page.iter().map(|stored| stored.row.id));
        }
        assert_eq!(seen, expected, "{order:?}");
    }
}

pub(super) async fn a_page_is_what_the_filter_says(store: &dyn Store) {
    open_shop(store, SITE).await;
    let said = |text: &str, days: i32| {
        let record = bare(SITE, 7);
        later(Record { row: Row { comment: Some(text.into()), ..record.row }, ..record }, days)
    };
    let other = bare(SITE, 1);
    let row = Row {
        survey: "ces".into(),
        band: "detractor".into(),
        locale: Some("it".into()),
        channel: Some(Channel::Email),
        page: Some("/products/scarpe".into()),
        ..other.row
    };
    let known = row.id;
    let other = Record { row, ..other };
    append(
        store,
        vec![said("Boots TOO tight", 0), said("100% fine_", 1), said("ottime", 2), later(other, 2)],
    )
    .await;

    let day = |days: i64| Some(crate::answer::NOON + days * parere_shared::time::DAY_MS);
    let text = |text: &str| Filter { text: Some(text.into()), ..Filter::default() };
    for (filter, expected) in [
        (Filter::default(), 4),
        (Filter { survey: Some("nps".into()), ..Filter::default() }, 3),
        (Filter { survey: Some("nope".into()), ..Filter::default() }, 0),
        (Filter { from: day(1), ..Filter::default() }, 3),
        (Filter { to: day(1), ..Filter::default() }, 1),
        (Filter { from: day(1), to: day(2), ..Filter::default() }, 1),
        (Filter { from: day(2), to: day(1), ..Filter::default() }, 0),
        (text("too"), 1),
        (text("%"), 1),
        (text("_"), 1),
        (text("\\"), 0),
        (text("'"), 0),
        (text(""), 3),
        (Filter { seq_max: Some(0), ..Filter::default() }, 0),
        (Filter { band: Some(Band::Detractor), ..Filter::default() }, 1),
        (Filter { locale: Some("it".into()), ..Filter::default() }, 1),
        (Filter { channel: Some(Channel::Email), ..Filter::default() }, 1),
        (Filter { page: Some("/products".into()), ..Filter::default() }, 1),
        (Filter { page: Some("products".into()), ..Filter::default() }, 0),
        (Filter { page: Some("/products/%".into()), ..Filter::default() }, 0),
        (Filter { ids: Some(vec![]), ..Filter::default() }, 0),
        (Filter { ids: Some(vec![known, bare(SITE, 1).row.id]), ..Filter::default() }, 1),
    ] {
        for order in [Order::OldestFirst, Order::NewestFirst] {
            let page = store.page(&scope(SITE), &filter, order, None, 100).await.unwrap();
            assert_eq!(page.len(), expected, "{filter:?}");
        }
        let n = store.how_many(&scope(SITE), &filter).await.unwrap();
        assert_eq!(usize::try_from(n).unwrap(), expected, "{filter:?}");
    }
}

pub(super) async fn a_search_goes_as_far_as_it_is_told(store: &dyn Store) {
    open_shop(store, SITE).await;
    // Every other one has a comment: "boots 1", "boots 3", …
    let records = (0..20).map(|n| {
        let record = bare(SITE, 7);
        let comment = (n % 2 == 1).then(|| format!("boots {n}"));
        later(Record { row: Row { comment, ..record.row }, ..record }, n / 5)
    });
    append(store, records.collect()).await;
    for (text, limit, among, expected, is_all) in [
        ("", 100, 100, vec![19, 17, 15, 13, 11, 9, 7, 5, 3, 1], true),
        ("", 3, 100, vec![19, 17, 15], true),
        ("", 100, 4, vec![19, 17, 15, 13], false),
        ("boots 3", 100, 100, vec![3], true),
        ("boots 3", 100, 4, vec![], false),
        ("boots 1", 100, 4, vec![19, 17, 15, 13], false),
        ("boots 1", 2, 4, vec![19, 17], false),
        ("", 100, 10, vec![19, 17, 15, 13, 11, 9, 7, 5, 3, 1], false),
        ("", 100, 0, vec![19], false),
    ] {
        let filter = Filter { text: Some(text.into()), ..Filter::default() };
        let search =
            store.search(&scope(SITE), &filter, Order::NewestFirst, None, limit, among).await.unwrap();
        let expected: Vec<_> = expected.into_iter().map(|n| format!("boots {n}")).collect();
        let comments: Vec<_> = search.rows.iter().map(|stored| stored.row.comment.clone().unwrap()).collect();
        assert_eq!(comments, expected, "{text:?}, {limit}, {among}");
        assert_eq!(search.reached.is_none(), is_all, "{text:?}, {limit}, {among}");
    }
    // The same the other way around.
    for (text, limit, among, expected, is_all) in [
        ("boots 3", 100, 100, vec![3], true),
        ("boots 3", 100, 1, vec![], false),
        ("boots 1", 2, 100, vec![1, 11], true),
        ("boots 1", 100, 6, vec![1, 11], false),
    ] {
        let filter = Filter { text: Some(text.into()), ..Filter::default() };
        let order = Order::OldestFirst;
        let search = store.search(&scope(SITE), &filter, order, None, limit, among).await.unwrap();
        let expected: Vec<_> = expected.into_iter().map(|n| format!("boots {n}")).collect();
        let comments: Vec<_> = search.rows.iter().map(|stored| stored.row.comment.clone().unwrap()).collect();
        assert_eq!(comments, expected, "{text:?}, {limit}, {among}");
        assert_eq!(search.reached.is_none(), is_all, "{text:?}, {limit}, {among}");
    }
    // One after the other they see every comment once, and each says when the last one was received.
    for order in [Order::NewestFirst, Order::OldestFirst] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let search = store.search(&scope(SITE), &Filter::default(), order, after, 100, 3).await.unwrap();
            seen.extend(search.rows.iter().map(|stored| stored.row.comment.clone().unwrap()));
            let Some((seq, received_at)) = search.reached else { break };
            let last = search.rows.last().map(|last| (last.seq, last.row.received_at));
            assert_eq!(last, Some((seq, received_at)), "{order:?}");
            after = Some(seq);
        }
        if order == Order::OldestFirst {
            seen.reverse();
        }
        let expected: Vec<_> = (0..10).rev().map(|n| format!("boots {}", 2 * n + 1)).collect();
        assert_eq!(seen, expected, "{order:?}");
    }
}

pub(super) async fn a_refused_record_leaves_nothing_of_its_batch(store: &dyn Store) {
    open_shop(store, SITE).await;
    let good = bare(SITE, 9);
    let bad = bare(SITE, 9);
    let bad = Record { row: Row { inclusion: Some(7.0), ..bad.row }, ..bad };
    assert!(store.append([good.clone(), bad].into()).await.is_err());
    assert_eq!(all(store, SITE).await, []);
    assert_eq!(append(store, vec![good]).await, [Stored]);
}

pub(super) async fn one_site_never_sees_another(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let here = record(SITE, 9);
    let there = Record { site: "pk_other".into(), ..revised(&here, 1, 2) };
    assert_eq!(append(store, vec![here.clone(), there.clone()]).await, [Stored, Stored]);
    assert_eq!(all(store, SITE).await, [here.row]);
    assert_eq!(all(store, "pk_other").await, [there.row]);
    assert_eq!(all(store, "pk_nobody").await, []);
}
