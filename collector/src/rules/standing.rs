//! How an order and the tickets of a customer stand at a moment.

use jiff::tz::TimeZone;
use parere_shared::time::Millis;

use super::Unless;

/// What is known of an order, as far as rules look at it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderMoments {
    /// When it was cancelled.
    pub cancelled_at: Option<Millis>,
    /// When money went back, all of it or a part.
    pub refunded_at: Option<Millis>,
    /// When its last return began.
    pub return_opened_at: Option<Millis>,
    /// When its last return was finished, or called off.
    pub return_finished_at: Option<Millis>,
    /// Language of the customer.
    pub language: String,
    /// Where the customer is, if that is known.
    pub zone: Option<TimeZone>,
    /// Further facts, by the names that conditions know them by: `order_status`, `carrier`, `region`, `sku`.
    pub facts: Vec<(String, String)>,
}

/// A time in which a ticket was open: from the opening or reopening to the closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketSpan {
    /// Which ticket.
    pub ticket: String,
    /// From when on it was open.
    pub opened_at: Millis,
    /// When it was closed; `None` while it is not.
    pub closed_at: Option<Millis>,
}

impl Unless {
    /// Does it hold at `at`?
    pub(super) fn holds(self, order: Option<&OrderMoments>, tickets: &[TicketSpan], at: Millis) -> bool {
        let was = |moment: Option<Millis>| moment.is_some_and(|moment| moment <= at);
        match self {
            Self::Cancelled => was(order.and_then(|order| order.cancelled_at)),
            Self::Refunded => was(order.and_then(|order| order.refunded_at)),
            Self::TicketOpen => tickets.iter().any(|span| span.opened_at <= at && !was(span.closed_at)),
            Self::ReturnOpen => order.is_some_and(|order| {
                let finished = order.return_finished_at.filter(|finished| *finished <= at);
                was(order.return_opened_at)
                    && finished.is_none_or(|finished| Some(finished) < order.return_opened_at)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_stands_as_it_did_at_the_moment() {
        let order = OrderMoments {
            cancelled_at: Some(50),
            refunded_at: Some(60),
            return_opened_at: Some(20),
            return_finished_at: Some(40),
            ..OrderMoments::default()
        };
        let again = OrderMoments { return_opened_at: Some(45), ..order.clone() };
        let span = |opened_at, closed_at| TicketSpan { ticket: "t".into(), opened_at, closed_at };
        let reopened = [span(10, Some(20)), span(30, None)];
        for (unless, order, tickets, at, expected) in [
            (Unless::Cancelled, Some(&order), &[][..], 49, false),
            (Unless::Cancelled, Some(&order), &[], 50, true),
            (Unless::Cancelled, None, &[], 50, false),
            (Unless::Refunded, Some(&order), &[], 59, false),
            (Unless::Refunded, Some(&order), &[], 61, true),
            (Unless::ReturnOpen, Some(&order), &[], 19, false),
            (Unless::ReturnOpen, Some(&order), &[], 20, true),
            (Unless::ReturnOpen, Some(&order), &[], 39, true),
            (Unless::ReturnOpen, Some(&order), &[], 40, false),
            (Unless::ReturnOpen, Some(&again), &[], 44, false),
            (Unless::ReturnOpen, Some(&again), &[], 46, true),
            (Unless::TicketOpen, None, &reopened, 9, false),
            (Unless::TicketOpen, None, &reopened, 10, true),
            (Unless::TicketOpen, None, &reopened, 20, false),
            (Unless::TicketOpen, None, &reopened, 29, false),
            (Unless::TicketOpen, None, &reopened, 30, true),
        ] {
            assert_eq!(unless.holds(order, tickets, at), expected, "{unless:?} at {at}");
        }
    }
}
