//! What became of questions: numbers that add up, for each site by itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use parere_collector::store::{
    Dimension, Event, EventCount, Filter, Flags, Order, Record, Removal, Review, Store,
};
use parere_shared::event::EventKind;

use super::{SITE, open_shop, record, revised, scope};

fn event(site: &str, day: i32, kind: EventKind) -> Event {
    Event {
        site: site.into(),
        survey: "nps".into(),
        day,
        kind,
        instrument: "0123456789abcdef".into(),
        channel: if day % 2 == 0 { "inline" } else { "bar" },
        locale: "it".into(),
        device: "phone",
        touchpoint: String::new(),
    }
}

/// Key, kind and number.
fn sorted(counts: Vec<EventCount>) -> Vec<(String, EventKind, u64)> {
    let mut counts: Vec<_> = counts.into_iter().map(|count| (count.key, count.kind, count.n)).collect();
    counts.sort();
    counts
}

pub(super) async fn events_add_up_by_day_and_key(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let mut expected: BTreeMap<(i32, EventKind), u64> = BTreeMap::new();
    for round in 1..=3 {
        let mut batch = vec![(event("pk_other", 7, EventKind::Shown), 100)];
        for (day, kind) in (5..9).flat_map(|day| EventKind::ALL.map(|kind| (day, kind))) {
            batch.push((event(SITE, day, kind), round));
            *expected.entry((day, kind)).or_default() += round;
        }
        store.count_events(batch.into()).await.unwrap();
    }
    store.count_events(Arc::from([])).await.unwrap();
    let read =
        async |days, dimension| sorted(store.events(&scope(SITE), "nps", days, dimension).await.unwrap());
    let by_day: Vec<_> = expected.iter().map(|((day, kind), n)| (day.to_string(), *kind, *n)).collect();
    assert_eq!(read(i32::MIN..i32::MAX, Dimension::Day).await, by_day);
    let of = |kind| (String::new(), kind, 12);
    assert_eq!(read(6..8, Dimension::All).await, EventKind::ALL.map(of));
    let of = |(channel, kind): (&str, EventKind)| (channel.to_owned(), kind, 6);
    let both = ["bar", "inline"].into_iter().flat_map(|channel| EventKind::ALL.map(|kind| (channel, kind)));
    assert_eq!(read(6..8, Dimension::Channel).await, both.map(of).collect::<Vec<_>>());
    assert_eq!(read(9..100, Dimension::All).await, []);
    assert!(store.events(&scope(SITE), "ces", 0..100, Dimension::All).await.unwrap().is_empty());
    let other = store.events(&scope("pk_other"), "nps", 0..100, Dimension::Locale).await.unwrap();
    assert_eq!(sorted(other), [("it".into(), EventKind::Shown, 300)]);
    // With the survey goes what was counted of it.
    assert_eq!(store.remove_survey(&scope(SITE), "nps").await.unwrap(), Removal::Removed);
    assert_eq!(read(0..100, Dimension::All).await, []);
}

pub(super) async fn a_link_is_followed_for_the_first_time_once(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let (first, second) = (record(SITE, 9), record(SITE, 3));
    store.append(vec![first.clone(), second.clone()].into()).await.unwrap();
    let note = async |site, of: &Record| store.note_followed(&scope(site), of.row.id).await.unwrap();
    assert!(!note("pk_other", &first).await, "another site's answer");
    assert!(note(SITE, &first).await);
    assert!(!note(SITE, &first).await);
    // Whatever is said or decided later.
    store.append(vec![revised(&first, 2, 10)].into()).await.unwrap();
    store.review(&scope(SITE), &Filter::default(), Review::Exclude).await.unwrap();
    assert!(!note(SITE, &first).await);
    let page = store.page(&scope(SITE), &Filter::default(), Order::OldestFirst, None, 9).await.unwrap();
    let is_set = |flag| page.iter().map(|stored| stored.row.flags.meets(flag)).collect::<Vec<_>>();
    assert_eq!((is_set(Flags::FOLLOWED), is_set(Flags::EXCLUDED)), (vec![true, false], vec![true, true]));
    assert_eq!(store.recount(&scope(SITE), "nps").await.unwrap(), []);
    // Of several at once one is the first.
    let at_once = tokio::join!(note(SITE, &second), note(SITE, &second), note(SITE, &second));
    assert_eq!([at_once.0, at_once.1, at_once.2].into_iter().filter(|is_first| *is_first).count(), 1);
    store.erase(&scope(SITE), &Filter::default(), second.row.received_at).await.unwrap();
    assert!(!note(SITE, &second).await, "it is gone");
}
