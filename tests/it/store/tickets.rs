//! Tickets: joined in any order, found by time and person, and gone for good when they are erased.

use parere_collector::store::{Person, Record, Row, Store, Ticket, TicketEvent};

use super::{SITE, bare, open_shop, record, scope};
use crate::answer::NOON;

fn heard(id: &str, event: TicketEvent, at: i64) -> Ticket {
    Ticket::heard("tickets", id, event, NOON + at)
}

fn of_person(id: &str, subject: u8, order: &str) -> Ticket {
    Ticket {
        subject: Some((NOON, [subject; 32])),
        order_ref: Some((NOON, order.into())),
        channel: Some((NOON, "email".into())),
        tags: Some((NOON, vec!["returns".into(), "«scarpe»".into()])),
        ..heard(id, TicketEvent::Created, 0)
    }
}

async fn begun(store: &dyn Store, site: &str) -> Vec<Ticket> {
    store.tickets().tickets_begun(&scope(site), i64::MIN, i64::MAX, 100).await.unwrap()
}

fn ids(tickets: &[Ticket]) -> Vec<&str> {
    tickets.iter().map(|ticket| ticket.id.as_str()).collect()
}

pub(super) async fn what_is_heard_of_a_ticket_is_joined(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let tickets = store.tickets();
    let late = [heard("1", TicketEvent::Solved, 50), heard("1", TicketEvent::AgentReplied, 20)];
    let joined = tickets.join_tickets(&scope(SITE), &late).await.unwrap();
    assert_eq!((joined.len(), joined[0].happened.len(), joined[0].began_at()), (1, 2, NOON + 20));
    // The beginning comes last, and everything once more.
    let again = [of_person("1", 5, "1001"), late[0].clone(), of_person("1", 5, "1001")];
    let joined = tickets.join_tickets(&scope(SITE), &again).await.unwrap();
    assert_eq!((joined.len(), joined[0].happened.len(), joined[0].began_at()), (1, 3, NOON));
    assert_eq!(begun(store, SITE).await, joined);
    assert_eq!(joined[0].tags, of_person("1", 5, "1001").tags);
    // The same number at another desk and at another site is another ticket.
    let elsewhere = Ticket::heard("zendesk", "1", TicketEvent::Created, NOON + 1);
    tickets.join_tickets(&scope(SITE), &[elsewhere, heard("2", TicketEvent::Created, 2)]).await.unwrap();
    tickets.join_tickets(&scope("pk_other"), &[heard("1", TicketEvent::Created, 3)]).await.unwrap();
    assert!(tickets.join_tickets(&scope(SITE), &[]).await.unwrap().is_empty());
    assert_eq!(ids(&begun(store, SITE).await), ["2", "1", "1"]);
    assert_eq!(begun(store, "pk_other").await.len(), 1);
    let some = tickets.tickets_begun(&scope(SITE), NOON + 1, NOON + 2, 100).await.unwrap();
    assert_eq!((ids(&some), some[0].source.as_str()), (vec!["1"], "zendesk"));
    assert_eq!(tickets.tickets_begun(&scope(SITE), NOON, NOON + 9, 2).await.unwrap().len(), 2);
}

pub(super) async fn tickets_of_a_person_go_for_good(store: &dyn Store) {
    open_shop(store, SITE).await;
    let tickets = store.tickets();
    let all = [of_person("1", 5, "1001"), of_person("2", 6, "1002"), heard("3", TicketEvent::Created, 1)];
    tickets.join_tickets(&scope(SITE), &all).await.unwrap();
    let by_subject = Person { subject: Some([5; 32]), order_ref: None };
    let by_order = Person { subject: None, order_ref: Some("1002".into()) };
    for (person, expected) in [(&by_subject, "1"), (&by_order, "2")] {
        assert_eq!(ids(&tickets.tickets_of(&scope(SITE), person).await.unwrap()), [expected]);
    }
    assert!(tickets.tickets_of(&scope(SITE), &Person::default()).await.unwrap().is_empty());
    assert_eq!(tickets.erase_tickets_of(&scope(SITE), &by_subject, NOON).await.unwrap(), 1);
    assert_eq!(tickets.erase_tickets_of(&scope(SITE), &by_subject, NOON).await.unwrap(), 0);
    // What the help desk still says of it is heard no more; of the others it is.
    let news = [heard("1", TicketEvent::Solved, 9), heard("2", TicketEvent::Solved, 9)];
    assert_eq!(ids(&tickets.join_tickets(&scope(SITE), &news).await.unwrap()), ["2"]);
    assert_eq!(ids(&begun(store, SITE).await), ["3", "2"]);
    assert_eq!(tickets.forget_tickets(&scope(SITE), NOON + 1).await.unwrap(), 1);
    assert_eq!(tickets.forget_tickets(&scope(SITE), NOON + 1).await.unwrap(), 0);
    assert_eq!(ids(&begun(store, SITE).await), ["3"]);
}

pub(super) async fn answers_name_tickets_and_people(store: &dyn Store) {
    open_shop(store, SITE).await;
    let named = bare(SITE, 2);
    let named =
        Record { row: Row { attributes: r#"{"ticket":"7","plan":"gold"}"#.into(), ..named.row }, ..named };
    let tested = Record { row: Row { test: true, ..named.row.clone() }, ..record(SITE, 0) };
    let tested = Record { row: Row { id: record(SITE, 0).row.id, ..tested.row }, ..tested };
    let known = record(SITE, 9);
    store.append([named.clone(), tested, bare(SITE, 5), known.clone()].into()).await.unwrap();
    let rated = |from, to, among| async move {
        store.tickets().rated(&scope(SITE), "nps", from, to, among).await.unwrap()
    };
    let found = rated(NOON, NOON + 1, 100).await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!((found[0].id, found[0].subject, &found[0].ticket), (known.row.id, Some([2; 32]), &None));
    assert_eq!((found[1].id, found[1].score, found[1].ticket.as_deref()), (named.row.id, 2, Some("7")));
    assert_eq!((found[1].per_mille, &found[1].instrument), (1000, &named.row.instrument));
    assert_eq!(rated(NOON, NOON + 1, 1).await.len(), 1);
    assert!(rated(NOON + 1, NOON + 2, 100).await.is_empty());
}

pub(super) async fn a_desk_keeps_its_hours(store: &dyn Store) {
    open_shop(store, SITE).await;
    let tickets = store.tickets();
    assert_eq!(tickets.desk_hours(&scope(SITE)).await.unwrap(), None);
    for hours in ["{}", r#"{"week":[]}"#] {
        tickets.set_desk_hours(&scope(SITE), hours).await.unwrap();
        assert_eq!(tickets.desk_hours(&scope(SITE)).await.unwrap().as_deref(), Some(hours));
    }
    assert_eq!(tickets.desk_hours(&scope("pk_other")).await.unwrap(), None);
    tickets.join_tickets(&scope(SITE), &[heard("1", TicketEvent::Created, 0)]).await.unwrap();
    assert!(store.remove_site(&scope(SITE), NOON).await.unwrap());
    assert_eq!(tickets.desk_hours(&scope(SITE)).await.unwrap(), None);
    assert!(begun(store, SITE).await.is_empty());
}
