//! What goes out together.
//!
//! A receiver of letters gets each by itself. HubSpot counts requests and takes a hundred contacts with one, so what it
//! is told of contacts is gathered, and what a ticket is made for comes once for each answer.

use crate::store::{About, Delivery, Occasion, WebhookKind};

/// Most contacts that HubSpot takes with one request. Source: its reference of batch upserts.
pub(super) const CONTACTS_MAX: usize = 100;

/// Is what is due gathered, so that only one parcel at a time is on its way?
pub(super) fn is_gathered(kind: WebhookKind) -> bool {
    kind == WebhookKind::HubSpot
}

/// Puts what is due, the earliest first, into parcels; where it is gathered, only the first one is made.
pub(super) fn parcels(kind: WebhookKind, due: Vec<Delivery>) -> Vec<Vec<Delivery>> {
    if !is_gathered(kind) {
        return due.into_iter().map(|delivery| vec![delivery]).collect();
    }
    let Some(first) = due.first().cloned() else { return Vec::new() };
    let belongs = |other: &Delivery| {
        if is_of_contact(&first) {
            is_of_contact(other)
        } else {
            other.id == first.id || is_same_ticket(&first, other)
        }
    };
    vec![due.into_iter().filter(belongs).collect()]
}

/// Does it change a contact, and can it go with others? What a whole batch was refused for is found by sending each of
/// its parts alone.
fn is_of_contact(delivery: &Delivery) -> bool {
    let was_refused = delivery.attempts.last().is_some_and(|last| matches!(last.status, Some(207 | 400)));
    matches!(delivery.occasion, Occasion::Created | Occasion::Updated) && !was_refused
}

/// Are both about the same unhappy answer?
fn is_same_ticket(one: &Delivery, other: &Delivery) -> bool {
    let answer = |delivery: &Delivery| match delivery.about {
        About::Response(id, _) if delivery.occasion == Occasion::Detractor => Some(id),
        _ => None,
    };
    answer(one).is_some() && answer(one) == answer(other)
}

#[cfg(test)]
mod tests {
    use parere_shared::response::ResponseId;

    use super::*;
    use crate::store::{Attempt, new_delivery};

    /// `n` tells which answer it is about.
    fn delivery(name: &str, occasion: Occasion, n: u8, status: Option<u16>) -> Delivery {
        let id = ResponseId::parse(&format!("019aa5a0-0000-7000-8000-0000000000{n:02}")).unwrap();
        let mut delivery = new_delivery("h", occasion, About::Response(id, 1), name, 0);
        delivery.id = name.into();
        let said = String::new();
        delivery.attempts = status
            .map(|status| Attempt { at: 0, status: Some(status), latency_ms: 0, said })
            .into_iter()
            .collect();
        delivery
    }

    #[test]
    fn contacts_go_together_and_a_ticket_is_made_once() {
        use Occasion::{Created, Detractor, Test, Updated};
        let a = || delivery("a", Created, 1, None);
        let b = || delivery("b", Updated, 1, Some(500));
        let refused = || delivery("refused", Created, 2, Some(400));
        let partly = || delivery("partly", Created, 5, Some(207));
        let ticket = || delivery("ticket", Detractor, 1, None);
        let comment = || delivery("comment", Detractor, 1, Some(500));
        let other = || delivery("other", Detractor, 3, None);
        let test = || delivery("test", Test, 4, None);
        for (kind, due, expected) in [
            (WebhookKind::Klaviyo, vec![a(), b(), test()], "a / b / test"),
            (WebhookKind::Standard, vec![], ""),
            (WebhookKind::HubSpot, vec![], ""),
            (WebhookKind::HubSpot, vec![a(), ticket(), refused(), b(), test(), partly()], "a b"),
            (WebhookKind::HubSpot, vec![refused(), a(), b()], "refused"),
            (WebhookKind::HubSpot, vec![partly(), a(), b()], "partly"),
            (WebhookKind::HubSpot, vec![ticket(), a(), other(), comment()], "ticket comment"),
            (WebhookKind::HubSpot, vec![test(), a()], "test"),
        ] {
            let names = |parcel: &Vec<Delivery>| {
                parcel.iter().map(|delivery| delivery.id.clone()).collect::<Vec<_>>().join(" ")
            };
            let made: Vec<_> = parcels(kind, due).iter().map(names).collect();
            assert_eq!(made.join(" / "), expected);
        }
    }
}
