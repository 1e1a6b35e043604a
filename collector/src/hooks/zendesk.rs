//! What Zendesk tells of tickets: its event webhooks, `zen:event-type:ticket.…`.
//!
//! Whether a comment is a reply, Zendesk says itself: it is public, and its author is staff. No subject, no text is read.
//! A message names the requester by a number that the shop's pages do not know: answers find these tickets by their
//! attribute `ticket` alone.

use parere_shared::time::{self, Millis};
use serde_json::Value;

use super::tickets::Heard;
use crate::store::{Ticket, TicketEvent};

/// As it is kept.
const SOURCE: &str = "zendesk";

/// What comes before the name of an event.
const TYPE: &str = "zen:event-type:ticket.";

/// What a message tells of a ticket; none where that is nothing.
pub(super) fn read(body: &Value) -> Option<Heard> {
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
    let event = text("/type")?.strip_prefix(TYPE)?;
    let at = text("/time").and_then(time::parse)?;
    let id = match body.pointer("/detail/id")? {
        Value::Number(number) => number.to_string(),
        Value::String(text) if !text.is_empty() => text.clone(),
        _ => return None,
    };
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
    let tags: Vec<String> = tags.iter().filter_map(Value::as_str).map(Into::into).collect();
    let ticket = Ticket {
        source: SOURCE.into(),
        id,
        happened: happened.into_iter().collect(),
        channel: text("/detail/via/channel").map(|channel| (at, channel.to_lowercase())),
        tags: (!tags.is_empty()).then_some((at, tags)),
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
            let heard = read(&message(event, &what)).unwrap();
            let told: Vec<_> = heard.ticket.happened.iter().map(|(_, event)| *event).collect();
            let expected: Vec<_> = [Created].into_iter().chain(expected).collect();
            assert_eq!(told, expected, "{event} {what}");
            assert_eq!(heard.ticket.id, "4711");
        }
        let heard = read(&message("created", &json!({}))).unwrap();
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
        for body in [json!({}), json!([]), json!(null), nameless, timeless, user] {
            assert_eq!(read(&body), None, "{body}");
        }
    }
}
