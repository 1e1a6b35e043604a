//! What lists say of people: joined, added to their answers, forgotten.

use parere_collector::store::{Filter, Listed, Order, Record, Segment, ShopOrder, Store};
use parere_shared::problem::Verdict;

use super::{SITE, bare, open_shop, record, revised, scope};
use crate::answer::NOON;

/// Of the person with this hash.
fn listed(person: u8, attributes: &[(&str, Option<&str>)]) -> Listed {
    let texts = attributes.iter().map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned)));
    Listed { subject: [person; 32], attributes: texts.collect() }
}

fn segment(person: u8, attributes: &[(&str, &str)], at: i64) -> Segment {
    let texts = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Segment { subject: [person; 32], attributes: texts.collect(), at }
}

fn of(person: u8, record: Record) -> Record {
    Record { subject: Some([person; 32]), ..record }
}

async fn known(store: &dyn Store, site: &str) -> Vec<Segment> {
    let people: Vec<[u8; 32]> = (0..10).rev().map(|person| [person; 32]).collect();
    store.segments().segments_of(&scope(site), &people).await.unwrap()
}

async fn attributes(store: &dyn Store, record: &Record) -> String {
    let filter = Filter { ids: Some(vec![record.row.id]), ..Filter::default() };
    let rows = store.page(&scope(SITE), &filter, Order::OldestFirst, None, 1).await.unwrap();
    rows.into_iter().next().unwrap().row.attributes
}

pub(super) async fn lists_of_people_are_joined_and_forgotten(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let (segments, here) = (store.segments(), scope(SITE));
    let first =
        [listed(1, &[("plan", Some("gold")), ("tier", Some("2"))]), listed(2, &[("plan", Some("basic"))])];
    segments.list_people(&here, &first, NOON).await.unwrap();
    segments.list_people(&scope("pk_other"), &[listed(1, &[("plan", Some("x"))])], NOON).await.unwrap();
    // Twice in one list, and one of whom nothing was known and nothing is said.
    let next = [
        listed(1, &[("plan", None)]),
        listed(1, &[("vip", Some("«sì»"))]),
        listed(3, &[("plan", None)]),
        listed(2, &[("plan", None)]),
    ];
    segments.list_people(&here, &next, NOON + 5).await.unwrap();
    segments.list_people(&here, &[], NOON + 6).await.unwrap();
    let expected = segment(1, &[("tier", "2"), ("vip", "«sì»")], NOON + 5);
    assert_eq!(known(store, SITE).await, std::slice::from_ref(&expected));
    assert_eq!(known(store, "pk_other").await, [segment(1, &[("plan", "x")], NOON)]);
    assert!(segments.segments_of(&here, &[]).await.unwrap().is_empty());

    segments.list_people(&here, &[listed(4, &[("plan", Some("old"))])], NOON - 1).await.unwrap();
    segments.list_people(&here, &[listed(5, &[("plan", Some("new"))])], NOON + 9).await.unwrap();
    assert_eq!(segments.let_go_of_segments(&here, NOON).await.unwrap(), 1);
    assert_eq!(known(store, SITE).await, [expected, segment(5, &[("plan", "new")], NOON + 9)]);
    for _ in 0..2 {
        segments.forget_segments(&here, &[[1; 32], [9; 32]]).await.unwrap();
    }
    assert_eq!(known(store, SITE).await, [segment(5, &[("plan", "new")], NOON + 9)]);
    assert!(store.remove_site(&here, NOON).await.unwrap());
    while !store.clear_site(&here).await.unwrap() {}
    assert!(known(store, SITE).await.is_empty());
    assert_eq!(known(store, "pk_other").await.len(), 1);
}

pub(super) async fn answers_get_what_lists_say_of_who_gave_them(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let before = of(1, bare(SITE, 9));
    store.append([before.clone()].into()).await.unwrap();
    let list = [listed(1, &[("plan", Some("basic")), ("tier", Some("2"))])];
    store.segments().list_people(&scope(SITE), &list, NOON).await.unwrap();
    let page = of(1, record(SITE, 9));
    let (nobody, other, elsewhere) = (bare(SITE, 9), of(2, bare(SITE, 9)), of(1, bare("pk_other", 9)));
    let file = Record { is_news: false, ..of(1, bare(SITE, 9)) };
    let plain = of(1, bare(SITE, 9));
    let batch = [&page, &nobody, &other, &elsewhere, &file, &plain].map(Record::clone);
    assert_eq!(store.append(batch.clone().into()).await.unwrap(), [Verdict::Stored; 6]);
    for (record, expected, why) in [
        (&before, "{}", "it was there before"),
        (&page, r#"{"plan":"gold","tier":"2"}"#, "the page knows better"),
        (&nobody, "{}", "nobody said whose it is"),
        (&other, "{}", "another person"),
        (&file, "{}", "a file says all that it says"),
        (&plain, r#"{"plan":"basic","tier":"2"}"#, "as it was listed"),
    ] {
        assert_eq!(attributes(store, record).await, expected, "{why}");
    }
    let other_site = scope("pk_other");
    let rows = store.page(&other_site, &Filter::default(), Order::OldestFirst, None, 9).await.unwrap();
    assert_eq!(rows[0].row.attributes, "{}", "another site's list is none of theirs");

    // Said again it is the same answer; a later revision has what is known then.
    assert_eq!(store.append([plain.clone()].into()).await.unwrap(), [Verdict::Duplicate]);
    let list = [listed(1, &[("plan", Some("platinum"))])];
    store.segments().list_people(&scope(SITE), &list, NOON + 1).await.unwrap();
    assert_eq!(attributes(store, &plain).await, r#"{"plan":"basic","tier":"2"}"#, "what is stored stays");
    let (again, late) = (revised(&plain, 2, 3), revised(&before, 2, 4));
    assert_eq!(store.append([again, late].into()).await.unwrap(), [Verdict::Stored; 2]);
    for record in [&plain, &before] {
        assert_eq!(attributes(store, record).await, r#"{"plan":"platinum","tier":"2"}"#);
    }
}

pub(super) async fn customers_are_found_by_their_address(store: &dyn Store) {
    open_shop(store, SITE).await;
    let orders = store.orders();
    let order = |person: Option<u8>, email: &str| {
        let contact = serde_json::json!({
            "email": {"as_of": NOON, "value": email},
            "subject": person.map(|person| serde_json::json!({
                "as_of": NOON, "value": format!("{person:02x}").repeat(32),
            })),
        });
        let known: ShopOrder =
            serde_json::from_value(serde_json::json!({"contact": contact, "told_at": NOON})).unwrap();
        known
    };
    for (name, known) in [
        ("1", order(Some(1), "Luca@Shop.example")),
        ("2", order(Some(1), "luca@shop.example")),
        ("3", order(Some(2), "luca@shop.example")),
        ("4", order(None, "guest@shop.example")),
        ("5", order(Some(3), "anna@shop.example")),
        ("6", order(Some(4), "gone@shop.example")),
    ] {
        orders.tell(&scope(SITE), name, &known, &[]).await.unwrap();
    }
    orders.forget_customer(&scope(SITE), &["6".into()], NOON).await.unwrap();
    let asked = ["luca", "guest", "gone", "nobody"].map(|name| format!("{name}@shop.example"));
    let found = orders.customers_at(&scope(SITE), &asked).await.unwrap();
    let luca = || "luca@shop.example".to_owned();
    assert_eq!(found, [(luca(), [1; 32]), (luca(), [2; 32])]);
    assert!(orders.customers_at(&scope("pk_other"), &asked).await.unwrap().is_empty());
    assert!(orders.customers_at(&scope(SITE), &[]).await.unwrap().is_empty());
}
