//! What becomes of a happening under a rule.

use jiff::tz::TimeZone;
use parere_shared::gate::{Known, Recontact, Refusal};
use parere_shared::memory::Memory;
use parere_shared::time::{DAY_MS, Millis};

use super::budget::rest;
use super::quiet::later;
use super::{Cause, OrderMoments, Rule, TicketSpan, Unless, Why};

/// How long it is waited before it is looked again whether a ticket or a return is still open, in milliseconds.
pub const PAUSE_LOOK_MS: Millis = 60 * 60 * 1000;

/// A happening with all that is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// From when on it asks; `None`: from ever.
    pub on_since: Option<Millis>,
    /// The happening.
    pub cause: &'a Cause,
    /// Its order.
    pub order: Option<&'a OrderMoments>,
    /// Tickets of the customer, and of the happening.
    pub tickets: &'a [TicketSpan],
    /// What the customer was asked before.
    pub memory: &'a Memory,
    /// How often the survey may be asked; `None` where it is not live.
    pub recontact: Option<Recontact>,
    /// Is there an address to send the question to?
    pub has_address: bool,
    /// The site's zone, for customers of whom none is known.
    pub zone: &'a TimeZone,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is asked at this moment: at once, if that is not later than now.
    Ask(Millis),
    /// It is decided again at this moment.
    Wait(Millis, Why),
    /// It is not asked.
    Never(Why),
}

impl Case<'_> {
    fn zone(&self) -> &TimeZone {
        self.order.and_then(|order| order.zone.as_ref()).unwrap_or(self.zone)
    }

    /// The moment from which on it can be asked: the wait counts from the happening, or from the last closing of its
    /// ticket, where that was opened and closed again.
    fn due(&self) -> Millis {
        let own = self.tickets.iter().filter(|span| Some(&span.ticket) == self.cause.ticket.as_ref());
        let closed = own.filter_map(|span| span.closed_at).max();
        let from = match (&*self.rule.when, closed) {
            ("ticket_closed", Some(closed)) => closed.max(self.cause.at),
            _ => self.cause.at,
        };
        self.awake(later(from, self.rule.after_days, self.rule.after_hours, self.zone()))
    }

    fn awake(&self, at: Millis) -> Millis {
        self.rule.awake(at, self.zone())
    }

    fn fits(&self) -> bool {
        let mut attributes = String::new();
        let facts = self.order.map(|order| &*order.facts).unwrap_or_default();
        for (name, value) in self.cause.properties.iter().chain(facts) {
            // Each ends with a NUL, so none can have one.
            for part in [name, value] {
                attributes.extend(part.chars().filter(|c| *c != '\0'));
                attributes.push('\0');
            }
        }
        let language = self.order.map_or("", |order| &*order.language);
        let known = Known { language, attributes: &attributes, ..Known::default() };
        self.rule.conditions.iter().all(|condition| condition.holds(&known))
    }
}

/// What becomes of a happening under a rule, as things stand at `now`.
///
/// Before its moment it is only looked whether it can be asked at all; what changes with time (open tickets, the
/// customer's rest from questions, the night) is looked at when it has come.
pub fn decide(case: &Case<'_>, now: Millis) -> Decision {
    if case.rule.when != case.cause.kind {
        return Decision::Never(Why::Rule);
    }
    if case.on_since.is_some_and(|since| case.cause.at < since) {
        return Decision::Never(Why::Before);
    }
    if !case.fits() {
        return Decision::Never(Why::Condition);
    }
    let holds: Vec<Unless> =
        case.rule.unless().into_iter().filter(|unless| unless.holds(case.order, case.tickets, now)).collect();
    for (unless, why) in [(Unless::Cancelled, Why::Cancelled), (Unless::Refunded, Why::Refunded)] {
        if holds.contains(&unless) {
            return Decision::Never(why);
        }
    }
    if case.memory.never {
        return Decision::Never(Why::Never);
    }
    let due = case.due();
    let over = due + Millis::from(case.rule.expires_days) * DAY_MS;
    for (unless, why) in [(Unless::TicketOpen, Why::TicketOpen), (Unless::ReturnOpen, Why::ReturnOpen)] {
        if holds.contains(&unless) {
            let again = (now + PAUSE_LOOK_MS).max(due);
            return if now >= over { Decision::Never(why) } else { Decision::Wait(again.min(over), why) };
        }
    }
    if now < due {
        return Decision::Ask(due);
    }
    if now >= over {
        return Decision::Never(Why::Late);
    }
    let Some(recontact) = case.recontact else { return Decision::Never(Why::Survey) };
    if !case.has_address {
        return Decision::Never(Why::NoAddress);
    }
    if let Some((refusal, free)) = rest(recontact, &case.rule.survey, now, case.memory) {
        let why = why(refusal);
        return if free < over { Decision::Wait(free, why) } else { Decision::Never(why) };
    }
    let awake = case.awake(now);
    if awake < over { Decision::Ask(awake) } else { Decision::Never(Why::Late) }
}

fn why(refusal: Refusal) -> Why {
    match refusal {
        Refusal::Answered => Why::Answered,
        Refusal::Dismissed => Why::Dismissed,
        _ => Why::Other,
    }
}

#[cfg(test)]
mod tests;
