//! What is held of an e-mail address, in whatever case it was told.

use std::sync::Arc;

use parere_collector::store::{Hash, Invitation, Record, Row, Seq, Store};

use super::invitations::{LUCA, invitation, invite};
use super::orders::order;
use super::{SITE, bare, open_shop, scope};
use crate::answer::NOON;

/// An answer with an attribute.
fn naming(site: &str, value: &str) -> Record {
    let attributes = serde_json::json!({"plan": "gold", "email": value}).to_string();
    let bare = bare(site, 9);
    Record { row: Row { attributes, ..bare.row }, ..bare }
}

pub(super) async fn orders_and_answers_are_found_by_an_address(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let (site, orders, addresses) = (scope(SITE), store.orders(), store.addresses());
    let written = ["Ada@Example.org", "ada@example.org", "grada@example.org", "ÅDA@example.org", "a\"b@x.y"];
    for (n, email) in written.iter().enumerate() {
        orders.tell(&site, &format!("A-{n}"), &order(NOON, email), &[]).await.unwrap();
        orders.tell(&scope("pk_other"), &format!("B-{n}"), &order(NOON, email), &[]).await.unwrap();
    }
    let batch: Arc<[Record]> = written.iter().map(|value| naming(SITE, value)).collect();
    let theirs: Arc<[Record]> = written.iter().map(|value| naming("pk_other", value)).collect();
    store.append(Arc::clone(&batch)).await.unwrap();
    store.append(theirs).await.unwrap();
    let last = store.last_seq(&site).await.unwrap();
    for (address, places) in [
        ("ADA@example.org", &[0, 1][..]),
        (" ada@example.org ", &[0, 1]),
        ("åda@example.org", &[3]),
        ("A\"b@x.y", &[4]),
        ("da@example.org", &[]),
        ("example.org", &[]),
    ] {
        let found = addresses.orders_to(&site, address).await.unwrap();
        let expected: Vec<_> = places.iter().map(|place| format!("A-{place}")).collect();
        assert_eq!(found.into_iter().map(|(order, _)| order).collect::<Vec<_>>(), expected, "{address}");
        let found = addresses.answers_naming(&site, address, 0, last).await.unwrap();
        let expected: Vec<_> = places.iter().map(|&place| batch[place].row.id).collect();
        assert_eq!(found, expected, "{address}");
    }
    // What is beyond a stretch is read with the next one.
    let first = addresses.answers_naming(&site, written[0], 0, Seq::from(1)).await.unwrap();
    let rest = addresses.answers_naming(&site, written[0], 1, last).await.unwrap();
    assert_eq!([first, rest].concat(), [batch[0].row.id, batch[1].row.id]);
    orders.forget_customer(&site, &["A-1".into()], NOON).await.unwrap();
    let found = addresses.orders_to(&site, written[0]).await.unwrap();
    assert_eq!(found.len(), 1, "whose customer was forgotten is nobody's");
}

pub(super) async fn invitations_to_an_address_go(store: &dyn Store) {
    const ADA: Hash = [5; 32];
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let (site, asked, addresses) = (scope(SITE), store.invitations(), store.addresses());
    let hers = Invitation { person: Some(ADA), ..invitation(3) };
    for one in [&invitation(1), &invitation(2), &hers] {
        assert!(invite(asked, &site, one).await);
    }
    assert!(invite(asked, &scope("pk_other"), &invitation(4)).await);
    let found = addresses.invitations_to(&site, &LUCA).await.unwrap();
    assert_eq!(found, [invitation(2), invitation(1)], "the latest first");
    assert_eq!(addresses.erase_invitations_to(&site, &LUCA).await.unwrap(), 2);
    assert_eq!(addresses.erase_invitations_to(&site, &LUCA).await.unwrap(), 0);
    assert_eq!(asked.latest_invitations(&site, None, None, 9).await.unwrap(), [hers]);
    assert!(asked.invited(&scope("pk_other"), invitation(4).id).await.unwrap().is_some());
}
