//! What help desks tell of tickets, joined with what is known of them.

use parere_shared::limit::{ATTRIBUTE_NAME_CHARS_MAX, ATTRIBUTES_MAX, FIELD_CHARS_MAX};
use parere_shared::text::has_control;
use parere_shared::time::Millis;
use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::Message;
use crate::app::App;
use crate::auth::SiteScope;
use crate::error::ApiError;
use crate::ingest::record::subject_hash;
use crate::routes;
use crate::store::{Happening, Since, SourceName, Ticket, TicketEvent, kind};

/// How a ticket came that was a chat: what ends with it is a talk.
const CHAT: &str = "chat";

/// What a message tells of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heard {
    /// The ticket, without its customer.
    pub(super) ticket: Ticket,
    /// The customer as answers have them as `subject`, the e-mail address in small letters where nothing else is known,
    /// and since when; kept as a keyed hash.
    pub(super) customer: Since<String>,
}

/// Can a text of a message be kept, which has to be short: the bounds are those of tickets in our own words.
pub(super) fn is_short(text: &str, chars_max: usize) -> bool {
    (1..=chars_max).contains(&text.chars().count()) && !has_control(text)
}

/// What a ticket is called by, a number or a text; none where it cannot be kept.
pub(super) fn id(value: &Value) -> Option<String> {
    let id = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    Some(id).filter(|id| is_short(id, FIELD_CHARS_MAX))
}

/// How a ticket came, if that can be kept.
pub(super) fn channel(text: Option<&str>) -> Option<String> {
    text.filter(|text| is_short(text, ATTRIBUTE_NAME_CHARS_MAX)).map(str::to_lowercase)
}

/// Those tags that can be kept.
pub(super) fn tags<'a>(tags: impl Iterator<Item = &'a str>) -> Option<Vec<String>> {
    let short = tags.filter(|tag| is_short(tag, ATTRIBUTE_NAME_CHARS_MAX));
    let tags: Vec<String> = short.take(ATTRIBUTES_MAX).map(Into::into).collect();
    (!tags.is_empty()).then_some(tags)
}

/// The body of a help desk's message. What is no JSON says nothing, and is taken all the same: it would come again and
/// again.
pub(super) fn body(message: &Message) -> Value {
    serde_json::from_slice(&message.body).unwrap_or(Value::Null)
}

/// Joins what a help desk's message told, if it told anything that we know. On disk when it is done.
pub(super) async fn take(app: &App, message: &Message, heard: Option<Heard>) -> Result<(), ApiError> {
    let told = match heard {
        Some(heard) => vec![known(app, message, heard).await?],
        None => Vec::new(),
    };
    join_told(app, message, &told).await
}

/// Joins what a message in our own words tells. On disk when it is done.
pub(super) async fn hear(app: &App, message: &Message) -> Result<(), ApiError> {
    let told = routes::tickets::read(&understood(&message.body), &message.site.site, message.at)?;
    join_told(app, message, &told).await
}

async fn join_told(app: &App, message: &Message, told: &[Ticket]) -> Result<(), ApiError> {
    if !told.is_empty() {
        join(app, &message.scope, told, message.at).await?;
    }
    Ok(())
}

/// Joins what was heard of tickets, and keeps what happened with it; gives back what is known of them now.
///
/// Both are on disk when it returns; in between a sender without a reply tells it again, which changes nothing.
pub async fn join(
    app: &App,
    scope: &SiteScope,
    heard: &[Ticket],
    now: Millis,
) -> Result<Vec<Ticket>, ApiError> {
    let joined = app.store.tickets().join_tickets(scope, heard).await?;
    let of = |known: &Ticket| {
        let told = heard.iter().filter(|told| told.source == known.source && told.id == known.id);
        told.flat_map(|told| happenings(told, known, now)).collect::<Vec<_>>()
    };
    let happened: Vec<Happening> = joined.iter().flat_map(of).collect();
    if !happened.is_empty() {
        app.store.happenings().add(scope, &happened).await?;
    }
    app.live.tell(scope.site());
    Ok(joined)
}

/// Of what was `told`, that which may be a reason to ask; whose it is, is what is `known`.
pub(crate) fn happenings(told: &Ticket, known: &Ticket, now: Millis) -> Vec<Happening> {
    let Some(source) = SourceName::parse(&told.source) else { return Vec::new() };
    let is_chat = known.channel.as_ref().is_some_and(|(_, channel)| channel == CHAT);
    let happening = |kind: &str, at: Millis| Happening {
        source,
        id: format!("{kind}:{}:{at}", told.id),
        kind: kind.into(),
        at,
        received_at: now,
        order: known.order_ref.as_ref().map(|(_, order)| order.clone()),
        ticket: Some(told.id.clone()),
        subject: known.subject.map(|(_, subject)| subject),
        properties: Map::new(),
    };
    let kinds = |event| -> &[&str] {
        match event {
            TicketEvent::Created => &[kind::TICKET_OPENED],
            TicketEvent::Solved if is_chat => &[kind::TICKET_CLOSED, kind::CHAT_ENDED],
            TicketEvent::Solved => &[kind::TICKET_CLOSED],
            TicketEvent::Reopened => &[kind::TICKET_REOPENED],
            _ => &[],
        }
    };
    let all = told.happened.iter().flat_map(|(at, event)| kinds(*event).iter().map(move |kind| (*kind, *at)));
    all.map(|(kind, at)| happening(kind, at)).collect()
}

/// Of a message in our own words the part that is understood: known fields of known events. What is wrong with those is
/// said, and what somebody adds one day breaks nothing.
fn understood(body: &[u8]) -> Vec<u8> {
    const FIELDS: [&str; 7] = ["ticket", "event", "at", "subject", "channel", "tags", "ref"];
    let items = match serde_json::from_slice(body) {
        Ok(Value::Array(items)) => items,
        Ok(one) => vec![one],
        Err(_) => Vec::new(),
    };
    let is_known =
        |item: &Value| item.get("event").is_some_and(|event| TicketEvent::deserialize(event).is_ok());
    let known = items.into_iter().filter(is_known).map(|mut item| {
        if let Some(fields) = item.as_object_mut() {
            fields.retain(|name, _| FIELDS.contains(&name.as_str()));
        }
        item
    });
    Value::Array(known.collect()).to_string().into_bytes()
}

/// The ticket with its customer's hash: that of the shop's own reference, where orders say whose the e-mail address is.
///
/// So whoever writes to the desk is who ordered. Of several customers with one address nobody knows which it was.
async fn known(app: &App, message: &Message, heard: Heard) -> Result<Ticket, ApiError> {
    let Some((at, customer)) = heard.customer else { return Ok(heard.ticket) };
    let by_itself = subject_hash(&message.site.site, &customer);
    let mut ordered = app.store.orders().customers_at(&message.scope, &[customer]).await?;
    ordered.retain(|(_, subject)| *subject != by_itself);
    let subject = if let [(_, subject)] = *ordered { subject } else { by_itself };
    Ok(Ticket { subject: Some((at, subject)), ..heard.ticket })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_and_ends_a_ticket_may_be_a_reason_to_ask() {
        use TicketEvent::{AgentReplied, Created, CustomerReplied, Reopened, Solved, Spam};
        for (event, channel, expected) in [
            (Created, "email", vec!["ticket_opened"]),
            (Solved, "email", vec!["ticket_closed"]),
            (Solved, "chat", vec!["ticket_closed", "chat_ended"]),
            (Created, "chat", vec!["ticket_opened"]),
            (Reopened, "email", vec!["ticket_reopened"]),
            (AgentReplied, "email", vec![]),
            (CustomerReplied, "chat", vec![]),
            (Spam, "email", vec![]),
        ] {
            let told = Ticket::heard("helpscout", "7", event, 5);
            let known = Ticket {
                channel: Some((1, channel.into())),
                subject: Some((1, [7; 32])),
                order_ref: Some((1, "1001".into())),
                ..told.clone()
            };
            let found = happenings(&told, &known, 9);
            let kinds: Vec<_> = found.iter().map(|happening| &*happening.kind).collect();
            assert_eq!(kinds, expected, "{event:?} {channel}");
            for happening in &found {
                assert_eq!(happening.id, format!("{}:7:5", happening.kind));
                assert_eq!((happening.at, happening.received_at), (5, 9));
                assert_eq!(
                    (happening.order.as_deref(), happening.ticket.as_deref()),
                    (Some("1001"), Some("7"))
                );
                assert_eq!((happening.source, happening.subject), (SourceName::HelpScout, Some([7; 32])));
            }
        }
        // What an import of another program calls its source is nobody who tells us things.
        let told = Ticket::heard("a file", "7", Solved, 5);
        assert_eq!(happenings(&told, &told, 9), []);
    }
}
