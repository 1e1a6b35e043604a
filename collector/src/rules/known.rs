//! What is known of the customer of a happening, from all that is stored.

use parere_shared::time::Millis;

use super::{Asked, Cause, Customer, OrderMoments, RuleChannel, TicketSpan};
use crate::app::App;
use crate::auth::SiteScope;
use crate::invitation::person::person_key;
use crate::store::{self, Filter, Order, Person, Placed, ShopOrder, Site, Ticket, TicketEvent, kind};

/// Most questions and answers of one person that are looked at, the latest: far more than anybody is asked in a quarter.
const ASKED_MAX: usize = 50;

/// What is known of the customer of `cause`, who would be asked by `channel`.
pub(super) async fn customer(
    app: &App,
    scope: &SiteScope,
    site: &Site,
    cause: &Cause,
    channel: RuleChannel,
) -> anyhow::Result<Customer> {
    let store = &app.store;
    let order = match &cause.order {
        Some(reference) => store.orders().order(scope, reference).await?,
        None => None,
    };
    let subject = cause.subject.or_else(|| order.as_ref().and_then(ShopOrder::subject));
    let person = Person { subject, order_ref: cause.order.clone() };
    let mut address = order.as_ref().and_then(|order| address(order, channel));
    let mut own = order.as_ref().map(moments);
    if address.is_none() && subject.is_some() {
        // A ticket or a chat tells of no address: the customer's latest order does, and of language and zone.
        let mut orders = store.orders().orders_of(scope, &Person { subject, order_ref: None }).await?;
        orders.sort_by_key(|(_, order)| std::cmp::Reverse(order.told_at));
        let reached = orders.iter().find_map(|(_, order)| Some((self::address(order, channel)?, order)));
        if let Some((found, order)) = reached {
            address = Some(found);
            own = own.or_else(|| Some(whereabouts(order)));
        }
    }
    let hash = address.as_deref().map(|address| person_key(site, address));
    let is_known = person != Person::default();
    let mut tickets = if is_known { store.tickets().tickets_of(scope, &person).await? } else { Vec::new() };
    if let Some(guest) = order.as_ref().and_then(ShopOrder::guest).filter(|guest| Some(*guest) != subject) {
        // Whoever wrote before they ordered is known to the help desk by the address alone.
        let written = Person { subject: Some(guest), order_ref: None };
        tickets.extend(store.tickets().tickets_of(scope, &written).await?);
    }
    let mut asked = store.rules().asked_before(scope, hash.as_ref(), &person, ASKED_MAX).await?;
    if is_known {
        let filter = Filter { person: Some(person), ..Filter::default() };
        let rows = store.page(scope, &filter, Order::NewestFirst, None, ASKED_MAX).await?;
        asked.extend(rows.into_iter().filter(|stored| !stored.row.test).map(|stored| Asked {
            survey: stored.row.survey,
            at: stored.row.occurred_at,
            answered_at: Some(stored.row.occurred_at),
        }));
    }
    let is_suppressed = match &hash {
        Some(hash) => store.invitations().suppressed(scope, hash).await?.is_some(),
        None => false,
    };
    Ok(Customer {
        subject,
        order: own,
        tickets: tickets.iter().flat_map(spans).collect(),
        asked,
        address,
        person: hash,
        is_suppressed,
    })
}

fn address(order: &ShopOrder, channel: RuleChannel) -> Option<String> {
    let (email, phone) = (order.contact.email.as_ref(), order.contact.phone.as_ref());
    let known = match channel {
        RuleChannel::Email => email,
        RuleChannel::Sms => phone,
        RuleChannel::Other => email.or(phone),
    };
    known.map(|known| known.value.clone())
}

/// An order as rules see it. Money that went back for a part of it went back.
fn moments(order: &ShopOrder) -> OrderMoments {
    let first = |kind: &str| order.moments.get(kind).and_then(|parts| parts.values().min().copied());
    let last = |kind: &str| order.at(kind);
    let mut facts = vec![("order_status".to_owned(), order.status().to_owned())];
    facts.push(("delivery".into(), order.delivery().into()));
    facts.extend(text(order.carrier.as_ref()).map(|carrier| ("carrier".into(), carrier)));
    facts.extend(text(order.region.as_ref()).map(|region| ("region".into(), region)));
    facts.extend(order.skus.as_ref().map(|skus| {
        let skus: Vec<&str> = skus.value.iter().map(String::as_str).collect();
        ("sku".into(), skus.join(", "))
    }));
    OrderMoments {
        cancelled_at: first(kind::ORDER_CANCELLED),
        refunded_at: first(kind::REFUNDED),
        return_opened_at: last(kind::RETURN_OPENED),
        return_finished_at: last(kind::RETURN_FINISHED).max(last(kind::RETURN_CANCELLED)),
        facts,
        ..whereabouts(order)
    }
}

/// What an order says of its customer, and nothing of the order.
fn whereabouts(order: &ShopOrder) -> OrderMoments {
    OrderMoments {
        language: text(order.locale.as_ref()).unwrap_or_default(),
        zone: super::zone(order),
        ..OrderMoments::default()
    }
}

fn text(known: Option<&store::Known<String>>) -> Option<String> {
    known.map(|known| known.value.clone())
}

/// The times in which a ticket was open; none of what was spam, deleted, or went on in another one.
fn spans(ticket: &Ticket) -> Vec<TicketSpan> {
    let mut spans: Vec<TicketSpan> = Vec::new();
    let mut is_out = false;
    for &(at, event) in &ticket.happened {
        let is_open = spans.last().is_some_and(|span| span.closed_at.is_none());
        match event {
            TicketEvent::Created | TicketEvent::Outbound | TicketEvent::Reopened => {
                is_out &= event != TicketEvent::Reopened;
                if !is_open {
                    spans.push(TicketSpan { ticket: ticket.id.clone(), opened_at: at, closed_at: None });
                }
            }
            TicketEvent::Solved => close(&mut spans, at),
            TicketEvent::Merged | TicketEvent::Spam | TicketEvent::Deleted => is_out = true,
            TicketEvent::CustomerReplied | TicketEvent::AgentReplied => {}
        }
    }
    if is_out { Vec::new() } else { spans }
}

fn close(spans: &mut [TicketSpan], at: Millis) {
    if let Some(span) = spans.last_mut().filter(|span| span.closed_at.is_none()) {
        span.closed_at = Some(at);
    }
}

/// A happening as rules see it.
pub(super) fn heard(placed: Placed) -> super::Heard {
    let happening = placed.happening;
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    let properties = happening.properties.into_iter().map(|(name, value)| (name, text(value)));
    let cause = Cause {
        kind: happening.kind,
        at: happening.at,
        order: happening.order,
        ticket: happening.ticket,
        subject: happening.subject,
        properties: properties.collect(),
    };
    super::Heard { seq: placed.seq, id: format!("{}/{}", happening.source.as_str(), happening.id), cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_ends_when_it_is_finished_or_called_off() {
        use kind::{RETURN_CANCELLED, RETURN_FINISHED, RETURN_OPENED};
        for (told, opened, ended) in [
            (vec![], None, None),
            (vec![(RETURN_OPENED, 3)], Some(3), None),
            (vec![(RETURN_OPENED, 3), (RETURN_FINISHED, 5)], Some(3), Some(5)),
            (vec![(RETURN_OPENED, 3), (RETURN_CANCELLED, 4)], Some(3), Some(4)),
            (vec![(RETURN_CANCELLED, 4), (RETURN_OPENED, 3), (RETURN_FINISHED, 5)], Some(3), Some(5)),
        ] {
            let order = told.iter().fold(ShopOrder::default(), |order, (what, at)| {
                order.join(ShopOrder::happened(what, "r", *at))
            });
            let found = moments(&order);
            assert_eq!((found.return_opened_at, found.return_finished_at), (opened, ended), "{told:?}");
        }
    }

    #[test]
    fn a_ticket_is_open_between_its_opening_and_its_closing() {
        use TicketEvent::{AgentReplied, Created, Merged, Reopened, Solved, Spam};
        let span = |opened_at, closed_at| TicketSpan { ticket: "7".into(), opened_at, closed_at };
        for (events, expected) in [
            (vec![], vec![]),
            (vec![(1, Created)], vec![span(1, None)]),
            (vec![(1, Created), (2, AgentReplied), (3, Solved), (4, Solved)], vec![span(1, Some(3))]),
            (vec![(1, Created), (3, Solved), (5, Reopened)], vec![span(1, Some(3)), span(5, None)]),
            (vec![(1, Created), (2, Reopened), (3, Solved)], vec![span(1, Some(3))]),
            (vec![(1, Created), (2, Merged)], vec![]),
            (vec![(1, Created), (2, Spam)], vec![]),
            (vec![(1, Created), (2, Spam), (3, Reopened)], vec![span(1, None)]),
            (vec![(3, Solved)], vec![]),
        ] {
            let ticket =
                Ticket { id: "7".into(), happened: events.into_iter().collect(), ..Ticket::default() };
            assert_eq!(spans(&ticket), expected, "{:?}", ticket.happened);
        }
    }
}
