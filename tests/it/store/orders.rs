//! Happenings and orders: told twice they are one, and what is forgotten stays forgotten.

use parere_collector::store::{
    Contact, HAPPENING_KEPT_MS, Happening, Known, Person, ShopOrder, SourceName, Store, kind,
};
use parere_shared::time::{DAY_MS, Millis};
use serde_json::Map;

use super::{SITE, open_shop, scope};
use crate::answer::NOON;

fn happening(id: &str, what: &str, at: Millis) -> Happening {
    Happening {
        source: SourceName::Orders,
        id: id.into(),
        kind: what.into(),
        at,
        received_at: NOON,
        order: Some("A-1".into()),
        ticket: None,
        subject: Some([3; 32]),
        properties: Map::from_iter([("gift".into(), true.into())]),
    }
}

pub(super) fn order(at: Millis, email: &str) -> ShopOrder {
    let known = |value: String| Some(Known { as_of: at, value });
    ShopOrder {
        contact: Contact {
            email: known(email.into()),
            subject: known("03".repeat(32)),
            ..Contact::default()
        },
        number: known("1001".into()),
        told_at: at,
        ..ShopOrder::happened(kind::DELIVERED, "p", at)
    }
}

pub(super) async fn what_happened_is_kept_once_and_in_its_place(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let happenings = store.happenings();
    let told = [happening("1", "a", NOON), happening("2", "b", NOON + 5), happening("3", "a", NOON - 5)];
    assert_eq!(happenings.add(&scope(SITE), &told).await.unwrap(), 3);
    assert_eq!(happenings.add(&scope(SITE), &told).await.unwrap(), 0, "told again");
    let elsewhere = Happening { source: SourceName::Shopify, ..told[0].clone() };
    assert_eq!(
        happenings.add(&scope(SITE), std::slice::from_ref(&elsewhere)).await.unwrap(),
        1,
        "another source's"
    );
    happenings.add(&scope("pk_other"), &told[..1]).await.unwrap();
    // Of two moments the earlier one, whichever comes first.
    for at in [NOON - 9, NOON + 9] {
        happenings.add(&scope(SITE), &[Happening { at, ..told[0].clone() }]).await.unwrap();
    }
    let first = Happening { at: NOON - 9, ..told[0].clone() };
    let all = happenings.happenings_after(&scope(SITE), 0, 10).await.unwrap();
    let expected = [first.clone(), told[1].clone(), told[2].clone(), elsewhere.clone()];
    assert_eq!(all.iter().map(|placed| placed.happening.clone()).collect::<Vec<_>>(), expected);
    assert!(all.is_sorted_by(|a, b| a.seq < b.seq));
    let page = happenings.happenings_after(&scope(SITE), all[0].seq, 2).await.unwrap();
    assert_eq!(page, all[1..3]);
    let of_kind = happenings.happenings_between(&scope(SITE), &["a", "z"], NOON - 9, NOON, 10).await.unwrap();
    assert_eq!(of_kind.iter().map(|placed| &*placed.happening.id).collect::<Vec<_>>(), ["1", "3"]);
    let latest = happenings.happenings_between(&scope(SITE), &["a", "b"], NOON, i64::MAX, 1).await.unwrap();
    assert_eq!(latest[0].happening.id, "2");
    let of = async |subject: Option<u8>, order: Option<&str>, limit: usize| {
        let person = Person { subject: subject.map(|of| [of; 32]), order_ref: order.map(Into::into) };
        happenings.happenings_of(&scope(SITE), &person, limit).await.unwrap()
    };
    assert_eq!(of(Some(3), None, 10).await, all);
    assert_eq!(of(None, Some("A-1"), 10).await, all);
    assert_eq!(of(Some(3), Some("A-1"), 2).await, all[..2]);
    assert!(of(Some(4), Some("A-9"), 10).await.is_empty() && of(None, None, 10).await.is_empty());
    let person = Person { subject: Some([3; 32]), order_ref: None };
    happenings.forget_whose(&scope(SITE), &person).await.unwrap();
    let all = happenings.happenings_after(&scope(SITE), 0, 10).await.unwrap();
    assert!(all.iter().all(|p| p.happening.subject.is_none() && p.happening.properties.is_empty()));
    assert_eq!(happenings.forget_happenings(&scope(SITE), NOON).await.unwrap(), 0);
    assert_eq!(happenings.happenings_after(&scope(SITE), 0, 10).await.unwrap().len(), 4);
    assert_eq!(happenings.forget_happenings(&scope(SITE), NOON + 1).await.unwrap(), 4);
    assert_eq!(happenings.happenings_after(&scope(SITE), 0, 10).await.unwrap(), []);
    let theirs = happenings.happenings_after(&scope("pk_other"), 0, 10).await.unwrap();
    assert_eq!(theirs.len(), 1);
    assert_eq!(theirs[0].happening.subject, Some([3; 32]));
}

pub(super) async fn an_order_is_joined_found_and_forgotten(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let orders = store.orders();
    let (early, late) = (order(NOON, "a@x"), order(NOON + 9, "b@x"));
    let what = [happening("1", kind::DELIVERED, NOON)];
    assert_eq!(orders.tell(&scope(SITE), "A-1", &late, &what).await.unwrap(), 1);
    assert_eq!(orders.tell(&scope(SITE), "A-1", &early, &what).await.unwrap(), 0);
    orders.tell(&scope("pk_other"), "A-1", &early, &[]).await.unwrap();
    let whole = late.clone().join(early.clone());
    assert_eq!(orders.order(&scope(SITE), "A-1").await.unwrap(), Some(whole.clone()));
    assert_eq!(orders.order(&scope(SITE), "A-2").await.unwrap(), None);
    let wanted = ["1001", "A-1", "nobody"].map(str::to_owned);
    let mut named = orders.orders_named(&scope(SITE), &wanted).await.unwrap();
    named.sort_by(|(a, _), (b, _)| a.cmp(b));
    assert_eq!(named, [("1001".to_owned(), whole.clone()), ("A-1".to_owned(), whole.clone())]);
    for person in [
        Person { subject: Some([3; 32]), order_ref: None },
        Person { subject: None, order_ref: Some("1001".into()) },
        Person { subject: Some([4; 32]), order_ref: Some("A-1".into()) },
    ] {
        let theirs = orders.orders_of(&scope(SITE), &person).await.unwrap();
        assert_eq!(theirs, [("A-1".to_owned(), whole.clone())], "{person:?}");
    }
    let nobody = Person { subject: Some([4; 32]), order_ref: Some("A-9".into()) };
    assert_eq!(orders.orders_of(&scope(SITE), &nobody).await.unwrap(), []);
    // Also of one that is told of only afterwards.
    orders.forget_customer(&scope(SITE), &["A-1".into(), "A-3".into()], NOON + 10).await.unwrap();
    let seen = store.happenings().happenings_after(&scope(SITE), 0, 10).await.unwrap();
    assert_eq!(seen[0].happening.subject, Some([3; 32]), "what happens to an order is its customer's");
    for order in ["A-1", "A-3"] {
        let refund = Happening { order: Some(order.into()), ..happening(order, kind::REFUNDED, NOON + 20) };
        orders.tell(&scope(SITE), order, &late, &[refund]).await.unwrap();
        let known = orders.order(&scope(SITE), order).await.unwrap().unwrap();
        assert_eq!((known.contact.clone(), known.at(kind::DELIVERED).is_some()), (Contact::default(), true));
        assert_eq!(known.told_at, NOON + 10);
    }
    let seen = store.happenings().happenings_after(&scope(SITE), 0, 10).await.unwrap();
    let subjects: Vec<_> = seen.iter().map(|placed| placed.happening.subject).collect();
    assert_eq!(subjects[1..], [None, None], "nor does what happens later tell who it was");
    assert!(orders.order(&scope("pk_other"), "A-1").await.unwrap().unwrap().contact.email.is_some());
}

pub(super) async fn orders_go_when_they_were_kept_long_enough(store: &dyn Store) {
    open_shop(store, SITE).await;
    let orders = store.orders();
    for n in 0..703 {
        orders.tell(&scope(SITE), &format!("A-{n}"), &order(NOON, "a@x"), &[]).await.unwrap();
    }
    let until = NOON + 120 * DAY_MS;
    assert_eq!(orders.let_go_of_orders(&scope(SITE), until - 1, NOON).await.unwrap(), 0);
    assert!(orders.order(&scope(SITE), "A-0").await.unwrap().unwrap().contact_until() == Some(until));
    for gone in [500, 203, 0] {
        assert_eq!(orders.let_go_of_orders(&scope(SITE), until, NOON).await.unwrap(), gone);
    }
    orders.tell(&scope(SITE), "A-702", &order(NOON, "a@x"), &[]).await.unwrap();
    for n in [0, 702] {
        let known = orders.order(&scope(SITE), &format!("A-{n}")).await.unwrap().unwrap();
        assert_eq!((known.contact_until(), known.subject()), (None, None));
    }
    let later = NOON + HAPPENING_KEPT_MS;
    for gone in [500, 203, 0] {
        assert_eq!(orders.let_go_of_orders(&scope(SITE), later, NOON + 1).await.unwrap(), gone);
    }
    assert_eq!(orders.order(&scope(SITE), "A-702").await.unwrap(), None);
}

pub(super) async fn orders_and_happenings_go_with_their_site(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    for site in [SITE, "pk_other"] {
        let what = [happening("1", kind::DELIVERED, NOON)];
        store.orders().tell(&scope(site), "A-1", &order(NOON, "a@x"), &what).await.unwrap();
    }
    assert!(store.remove_site(&scope(SITE), NOON).await.unwrap());
    while !store.clear_site(&scope(SITE)).await.unwrap() {}
    for (site, is_there) in [(SITE, false), ("pk_other", true)] {
        assert_eq!(store.orders().order(&scope(site), "A-1").await.unwrap().is_some(), is_there, "{site}");
        let left = store.happenings().happenings_after(&scope(site), 0, 10).await.unwrap();
        assert_eq!(left.len(), usize::from(is_there), "{site}");
    }
}
