//! A table of invitations: all or none, once, whoever sends it how often.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use parere_collector::store::{
    Invitation, InvitationState, Purpose, Store, StoreError, Suppression, SuppressionReason, open,
};
use parere_shared::response::ResponseId;

use super::invitations::{LUCA, invitation};
use super::{SITE, open_shop, scope};
use crate::answer::NOON;
use crate::postgres::Database;

/// More lines than go into one statement.
const LINES: u16 = 1_200;

/// Lines with keys of their own; the ids are those of a sender.
fn table(sender: u8) -> Vec<Invitation> {
    let line = |n: u16| {
        let [high, low] = n.to_be_bytes();
        let id = ResponseId::new(NOON.cast_unsigned(), &[0, 0, 0, sender, high, low, 0, 0, 0, 1]);
        Invitation { id, key: format!("line-{n}"), person: Some([high ^ low; 32]), ..invitation(1) }
    };
    (0..LINES).map(line).collect()
}

async fn ids_stored(store: &dyn Store) -> BTreeSet<ResponseId> {
    let asked = store.invitations();
    let rows = asked.latest_invitations(&scope(SITE), None, None, 10_000).await.unwrap();
    rows.iter().map(|row| row.id).collect()
}

fn ids(all: &[Invitation]) -> Vec<ResponseId> {
    all.iter().map(|one| one.id).collect()
}

pub(super) async fn a_table_is_taken_whole_or_not_at_all(store: &dyn Store) {
    open_shop(store, SITE).await;
    let (site, asked) = (scope(SITE), store.invitations());
    let whole = table(1);
    for broken in [0, whole.len() - 1] {
        let mut table = whole.clone();
        // What was sent has no address any more: the schema says so.
        table[broken].state = InvitationState::Sent;
        let refused = asked.invite_all(&site, &table).await.unwrap_err();
        assert!(matches!(refused, StoreError::Refused(_)), "{refused:?}");
        assert_eq!(ids_stored(store).await.len(), 0, "line {broken}");
    }
    assert_eq!(asked.invite_all(&site, &whole).await.unwrap(), whole, "in the order in which they came");
    assert_eq!(ids_stored(store).await, ids(&whole).into_iter().collect());
    assert_eq!(asked.invite_all(&site, &[]).await.unwrap(), []);
}

pub(super) async fn the_same_keys_again_find_what_was_made(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let (site, asked) = (scope(SITE), store.invitations());
    let (first, mut second) = (table(1), table(2));
    let suppression = Suppression { person: LUCA, reason: SuppressionReason::Added, at: NOON };
    asked.suppress(&site, &suppression).await.unwrap();
    let half = usize::from(LINES / 2);
    asked.invite_all(&site, &first[..half]).await.unwrap();
    // A key that stands twice in a table is one, and its first line is what counts.
    let again = Invitation { id: first[0].id, key: second[half].key.clone(), ..second[0].clone() };
    second.push(again);
    let kept = asked.invite_all(&site, &second).await.unwrap();
    let expected = [ids(&first[..half]), ids(&second[half..second.len() - 1]), vec![second[half].id]];
    assert_eq!(ids(&kept), expected.concat());
    assert_eq!(ids_stored(store).await.len(), usize::from(LINES));
    // Of somebody who is not asked it is kept as such.
    let hers: Vec<_> = kept.iter().filter(|one| one.person == Some(LUCA)).collect();
    assert!(!hers.is_empty());
    for one in hers {
        let told = (one.state, &*one.reason, one.address.as_deref());
        assert_eq!(told, (InvitationState::Suppressed, "added", None));
    }
    // Another site's keys are others.
    let elsewhere = asked.invite_all(&scope("pk_other"), &first).await.unwrap();
    assert_eq!(elsewhere, first);
}

pub(super) async fn two_who_invite_the_same_people_find_the_same(store: &dyn Store) {
    open_shop(store, SITE).await;
    find_the_same([store, store]).await;
}

/// Each of four tables is taken whole, and of each key there is one, by whichever of them.
async fn find_the_same(collectors: [&dyn Store; 2]) {
    let tables: Vec<_> = (1..=4)
        .map(|sender| {
            let mut table = table(sender);
            if sender % 2 == 0 {
                table.reverse();
            }
            table
        })
        .collect();
    let site = scope(SITE);
    let invited = tables.iter().enumerate().map(|(n, table)| {
        let (asked, site) = (collectors[n % 2].invitations(), &site);
        async move { asked.invite_all(site, table).await.unwrap() }
    });
    let kept = join_all(invited).await;
    let stored = ids_stored(collectors[0]).await;
    assert_eq!(stored.len(), usize::from(LINES));
    for (kept, table) in kept.iter().zip(&tables) {
        let keys = |all: &[Invitation]| all.iter().map(|one| one.key.clone()).collect::<Vec<_>>();
        assert_eq!(keys(kept), keys(table));
        assert_eq!(ids(kept).into_iter().collect::<BTreeSet<_>>(), stored);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_collectors_that_invite_the_same_people_find_the_same() {
    for database in [Database::create().await, Database::serializable().await] {
        let a = open(&database.url(), Purpose::Serve).await.unwrap();
        let b = open(&database.url(), Purpose::Serve).await.unwrap();
        open_shop(&*a, SITE).await;
        find_the_same([&*a, &*b]).await;
        a.close().await.unwrap();
        b.close().await.unwrap();
    }
}
