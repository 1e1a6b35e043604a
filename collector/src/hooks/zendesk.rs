//! What Zendesk tells of tickets: its event webhooks, `zen:event-type:ticket.…`, and what a trigger says of one.
//!
//! Whether a comment is a reply, Zendesk says itself: it is public, and its author is staff. No subject, no text is read.
//! An event names the requester by a number that the shop's pages do not know. Who that is, a trigger says, whose body
//! the merchant writes ([`TRIGGER_BODY`]); Zendesk fills it in. Whichever comes first, both are one ticket.

use parere_shared::limit::FIELD_CHARS_MAX;
use parere_shared::time::{self, Millis};
use serde_json::Value;

use super::tickets::{self, Heard, is_short};
use crate::store::{Ticket, TicketEvent};

/// What a merchant writes into the webhook of a trigger, with Zendesk's placeholders: the ticket; its customer by the
/// reference that answers have as `subject`, or else by the e-mail address; and the order that it is about.
///
/// <https://support.zendesk.com/hc/en-us/articles/4408886858138>: `user.external_id`, `user.email` and
/// `ticket.external_id` are empty where there is none.
pub const TRIGGER_BODY: &str = r#"{"ticket":"{{ticket.id}}","subject":"{{ticket.requester.external_id}}","email":"{{ticket.requester.email}}","ref":"{{ticket.external_id}}"}"#;

/// Begins a placeholder that nobody filled in.
const PLACEHOLDER: &str = "{{";

/// As it is kept.
const SOURCE: &str = "zendesk";

/// What comes before the name of an event.
const TYPE: &str = "zen:event-type:ticket.";

/// What a message that came at `now` tells of a ticket; none where that is nothing.
pub(super) fn read(body: &Value, now: Millis) -> Option<Heard> {
    if body.get("type").is_some() { event(body) } else { trigger(body, now) }
}

/// Whose a ticket is, and which order it is about.
fn trigger(body: &Value, now: Millis) -> Option<Heard> {
    let text = |field: &str| {
        let text = body.get(field).and_then(Value::as_str).map(str::trim)?;
        (!text.contains(PLACEHOLDER) && is_short(text, FIELD_CHARS_MAX)).then(|| text.to_owned())
    };
    let email = || text("email").map(|email| email.to_lowercase());
    let customer = text("subject").or_else(email);
    let order_ref = text("ref");
    if customer.is_none() && order_ref.is_none() {
        return None;
    }
    let since = |text: Option<String>| text.map(|text| (now, text));
    let id =
        body.get("ticket").filter(|id| id.is_number()).map(Value::to_string).or_else(|| text("ticket"))?;
    let ticket = Ticket { source: SOURCE.into(), id, order_ref: since(order_ref), ..Ticket::default() };
    Some(Heard { ticket, customer: since(customer) })
}

/// What happened to a ticket.
fn event(body: &Value) -> Option<Heard> {
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
    let event = text("/type")?.strip_prefix(TYPE)?;
    let at = text("/time").and_then(time::parse)?;
    let id = tickets::id(body.pointer("/detail/id")?)?;
    let told = match event {
        "status_changed" => status(text("/event/previous"), text("/event/current")),
        "comment_added" => comment(body),
        "merged" => Some(TicketEvent::Merged),
        "marked_as_spam" => Some(TicketEvent::Spam),
        "soft_deleted" | "permanently_deleted" => Some(TicketEvent::Deleted),
        "undeleted" => Some(TicketEvent::Reopened),
        _ => None,
    };
    let created = text("/detail/created_at").and_then(time::parse).or((event == "created").then_some(at));
    let happened: Vec<(Millis, TicketEvent)> = created
        .map(|created| (created, TicketEvent::Created))
        .into_iter()
        .chain(told.map(|event| (at, event)))
        .collect();
    let tags = body.pointer("/detail/tags").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let tags = tickets::tags(tags.iter().filter_map(Value::as_str));
    let ticket = Ticket {
        source: SOURCE.into(),
        id,
        happened: happened.into_iter().collect(),
        channel: tickets::channel(text("/detail/via/channel")).map(|channel| (at, channel)),
        tags: tags.map(|tags| (at, tags)),
        ..Ticket::default()
    };
    (!ticket.happened.is_empty()).then_some(Heard { ticket, customer: None })
}

fn status(previous: Option<&str>, current: Option<&str>) -> Option<TicketEvent> {
    let is_over = |status: &str| matches!(status.to_lowercase().as_str(), "solved" | "closed");
    match (previous.is_some_and(is_over), is_over(current?)) {
        (_, true) => Some(TicketEvent::Solved),
        (true, false) => Some(TicketEvent::Reopened),
        (false, false) => None,
    }
}

fn comment(body: &Value) -> Option<TicketEvent> {
    let flag = |pointer: &str| body.pointer(pointer).and_then(Value::as_bool);
    match (flag("/event/comment/is_public")?, flag("/event/comment/author/is_staff")?) {
        (true, true) => Some(TicketEvent::AgentReplied),
        (true, false) => Some(TicketEvent::CustomerReplied),
        (false, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use TicketEvent::{AgentReplied, Created, CustomerReplied, Deleted, Merged, Reopened, Solved, Spam};
    use serde_json::json;

    use super::*;

    /// A message in the shape of Zendesk's documentation.
    fn message(event: &str, what: &Value) -> Value {
        json!({
            "type": format!("zen:event-type:ticket.{event}"), "account_id": 22_129_848,
            "id": "2b24ef10-19d3-4740-93cb-8f98ec4776c0", "time": "2026-11-21T11:30:00Z",
            "zendesk_event_version": "2022-06-20", "subject": "zen:ticket:4711",
            "detail": {
                "actor_id": "8447388090494", "created_at": "2026-11-21T08:00:00Z", "description": "Where is my order?",
                "id": "4711", "is_public": true, "priority": "NORMAL", "requester_id": "8447388090494",
                "status": "SOLVED", "subject": "Order", "tags": ["returns", "vip"], "type": "QUESTION",
                "updated_at": "2026-11-21T11:30:00Z", "via": {"channel": "EMAIL"},
            },
            "event": what,
        })
    }

    #[test]
    fn a_message_becomes_what_happened() {
        let change = |previous, current| json!({"previous": previous, "current": current});
        let comment = |is_public, is_staff| json!({"comment": {"is_public": is_public, "author": {"is_staff": is_staff}}});
        for (event, what, expected) in [
            ("created", json!({}), None),
            ("status_changed", change("OPEN", "SOLVED"), Some(Solved)),
            ("status_changed", change("SOLVED", "CLOSED"), Some(Solved)),
            ("status_changed", change("SOLVED", "OPEN"), Some(Reopened)),
            ("status_changed", change("NEW", "PENDING"), None),
            ("comment_added", comment(true, true), Some(AgentReplied)),
            ("comment_added", comment(true, false), Some(CustomerReplied)),
            ("comment_added", comment(false, true), None),
            ("comment_added", json!({"comment": "text"}), None),
            ("merged", json!({}), Some(Merged)),
            ("marked_as_spam", json!({}), Some(Spam)),
            ("soft_deleted", json!({}), Some(Deleted)),
            ("undeleted", json!({}), Some(Reopened)),
            ("priority_changed", json!(7), None),
        ] {
            let heard = read(&message(event, &what), 0).unwrap();
            let told: Vec<_> = heard.ticket.happened.iter().map(|(_, event)| *event).collect();
            let expected: Vec<_> = [Created].into_iter().chain(expected).collect();
            assert_eq!(told, expected, "{event} {what}");
            assert_eq!(heard.ticket.id, "4711");
        }
        let heard = read(&message("created", &json!({})), 0).unwrap();
        assert_eq!(heard.ticket.channel.map(|(_, channel)| channel).as_deref(), Some("email"));
        assert_eq!(heard.ticket.tags.map(|(_, tags)| tags.len()), Some(2));
    }

    #[test]
    fn what_is_no_message_about_a_ticket_tells_nothing() {
        let mut nameless = message("created", &json!({}));
        nameless["detail"]["id"] = json!(null);
        let mut timeless = message("created", &json!({}));
        timeless["time"] = json!("later");
        let user = json!({"type": "zen:event-type:user.created", "time": "2026-11-21T11:30:00Z", "detail": {"id": 1}});
        let [mut long, mut wild] = [(); 2].map(|()| message("created", &json!({})));
        long["detail"]["id"] = json!("4".repeat(FIELD_CHARS_MAX + 1));
        wild["detail"]["id"] = json!("4\u{7}");
        for body in [json!({}), json!([]), json!(null), nameless, timeless, user, long, wild] {
            assert_eq!(read(&body, 0), None, "{body}");
        }
    }

    /// The body of a trigger as Zendesk fills it in.
    fn filled(ticket: &str, subject: &str, email: &str, order: &str) -> Value {
        let filled = TRIGGER_BODY
            .replace("{{ticket.id}}", ticket)
            .replace("{{ticket.requester.external_id}}", subject)
            .replace("{{ticket.requester.email}}", email)
            .replace("{{ticket.external_id}}", order);
        serde_json::from_str(&filled).unwrap()
    }

    #[test]
    fn a_trigger_says_whose_a_ticket_is() {
        let long = "x".repeat(FIELD_CHARS_MAX + 1);
        for (ticket, subject, email, order, expected) in [
            ("4711", "C-77", "Luca@example.com", "1001", Some((Some("C-77"), Some("1001")))),
            ("4711", "", "Luca@example.com ", "", Some((Some("luca@example.com"), None))),
            ("4711", " ", "", "1001", Some((None, Some("1001")))),
            ("4711", &long, "luca@example.com", &long, Some((Some("luca@example.com"), None))),
            ("4711", "", "", "", None),
            ("", "C-77", "", "", None),
        ] {
            let heard = read(&filled(ticket, subject, email, order), 9);
            let found = heard.as_ref().map(|heard| {
                assert_eq!((&*heard.ticket.source, &*heard.ticket.id), (SOURCE, "4711"));
                assert!(heard.ticket.happened.is_empty(), "that a trigger ran is no event of a ticket");
                let text = |of: &Option<(Millis, String)>| {
                    of.as_ref().map(|(at, text)| {
                        assert_eq!(*at, 9);
                        text.clone()
                    })
                };
                (text(&heard.customer), text(&heard.ticket.order_ref))
            });
            let expected =
                expected.map(|(customer, order)| (customer.map(Into::into), order.map(Into::into)));
            assert_eq!(found, expected, "{subject} {email} {order}");
        }
        // The number of a ticket may stand there without quotes; what was not filled in is nobody.
        assert_eq!(read(&json!({"ticket": 4711, "subject": "c-77"}), 9).unwrap().ticket.id, "4711");
        assert_eq!(read(&serde_json::from_str(TRIGGER_BODY).unwrap(), 9), None);
        assert_eq!(read(&json!({"ticket": {}, "subject": "c-77"}), 9), None);
        assert_eq!(read(&json!({"ticket": "1", "subject": "c\u{7}"}), 9), None);
    }
}
