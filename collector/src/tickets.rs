//! Tickets as programs and files tell them: what may be said of one, by whichever way it comes.

use std::collections::BTreeSet;

use parere_shared::limit::{ATTRIBUTE_NAME_CHARS_MAX, ATTRIBUTES_MAX, FIELD_CHARS_MAX};
use parere_shared::text::has_control;
use parere_shared::time::{DAY_MS, Millis};
use parere_shared::violation::{Rule, Violation};

use crate::ingest::record::subject_hash;
use crate::store::{Site, Ticket, TicketEvent};

/// Where these tickets come from, as it is kept: what a program sends follows on what a file had.
pub const SOURCE: &str = "tickets";

/// Most tickets, or events of them, in one transaction.
pub const TICKETS_LEN_MAX: usize = 500;

/// How far a moment may lie ahead: clocks differ, and some write local time.
const AHEAD_MS_MAX: Millis = DAY_MS;

/// What is told of a ticket.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// What the help desk calls it.
    pub ticket: String,
    /// What happened and when, and the field that says so; all else is known since the first of these.
    pub happened: Vec<(&'static str, Millis, TicketEvent)>,
    /// The merchant's reference for the customer.
    pub subject: Option<String>,
    /// How the customer wrote.
    pub channel: Option<String>,
    /// Words that it is filed under.
    pub tags: Vec<String>,
    /// The order that it is about.
    pub order_ref: Option<String>,
}

/// What is known by it of the ticket; every rule that it breaks goes to `found`.
pub fn ticket(told: Told, site: &Site, now: Millis, found: &mut Vec<Violation>) -> Ticket {
    check(&told, now, found);
    let since = told.happened.first().map_or(now, |(_, at, _)| *at);
    let subject = told.subject.map(|subject| subject_hash(site, &subject));
    Ticket {
        source: SOURCE.into(),
        id: told.ticket,
        happened: told.happened.into_iter().map(|(_, at, event)| (at, event)).collect(),
        subject: subject.map(|subject| (since, subject)),
        channel: told.channel.map(|channel| (since, channel)),
        tags: (!told.tags.is_empty()).then_some((since, told.tags)),
        order_ref: told.order_ref.map(|order| (since, order)),
    }
}

fn check(told: &Told, now: Millis, found: &mut Vec<Violation>) {
    let mut refuse = |field: &str, rule| found.push(Violation::new(field, rule));
    let texts = [
        ("ticket", Some(&told.ticket), FIELD_CHARS_MAX),
        ("subject", told.subject.as_ref(), FIELD_CHARS_MAX),
        ("channel", told.channel.as_ref(), ATTRIBUTE_NAME_CHARS_MAX),
        ("ref", told.order_ref.as_ref(), FIELD_CHARS_MAX),
    ];
    let tags = told.tags.iter().map(|tag| ("tags", Some(tag), ATTRIBUTE_NAME_CHARS_MAX));
    for (field, text, max) in texts.into_iter().chain(tags) {
        match text {
            Some(text) if text.is_empty() => refuse(field, Rule::Empty),
            Some(text) if text.chars().count() > max => refuse(field, Rule::TooLong { max }),
            Some(text) if has_control(text) => refuse(field, Rule::ControlCharacter),
            _ => {}
        }
    }
    if told.tags.len() > ATTRIBUTES_MAX {
        refuse("tags", Rule::TooMany { max: ATTRIBUTES_MAX });
    }
    let late = told.happened.iter().filter(|(_, at, _)| *at > now + AHEAD_MS_MAX);
    for field in late.map(|(field, ..)| *field).collect::<BTreeSet<_>>() {
        refuse(field, Rule::Contradiction("lies in the future"));
    }
}
