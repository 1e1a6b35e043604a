//! What Help Scout tells of conversations (its webhooks, version 2).
//!
//! A message has the conversation as it stands, with its threads where Help Scout sends them. There is no field for the
//! first reply: it is the first thread that a person at the desk published. Ratings and survey answers of Help Scout's
//! own are taken and passed over, and so is whatever is not known here. No subject, no text is read.

use std::collections::BTreeSet;

use parere_shared::limit::FIELD_CHARS_MAX;
use parere_shared::time::{self, Millis};
use serde_json::Value;

use super::tickets::{self, Heard, is_short};
use crate::store::{Ticket, TicketEvent};

/// As it is kept.
const SOURCE: &str = "helpscout";

/// What a message of this `event` (the header `X-HelpScout-Event`) tells of a ticket; none where that is nothing.
///
/// `now` stands in for moments that are not told, which are those of conversations that do not count any more.
pub(super) fn read(event: &str, body: &Value, now: Millis) -> Option<Heard> {
    if !event.starts_with("convo.") {
        return None;
    }
    let id = tickets::id(body.get("id")?)?;
    let moment = |field: &str| body.get(field).and_then(Value::as_str).and_then(time::parse);
    let created = moment("createdAt");
    let changed = moment("userUpdatedAt").or(moment("modifiedAt"));
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
    let mut happened = BTreeSet::new();
    if let Some(created) = created {
        happened.insert((created, TicketEvent::Created));
        if text("/createdBy/type") == Some("user") {
            happened.insert((created, TicketEvent::Outbound));
        }
    }
    let threads = threads(body, created);
    let last_of = |wanted| threads.iter().rev().find(|(_, event)| *event == wanted).map(|(at, _)| *at);
    let status = text("/status").unwrap_or_default();
    let is_open = matches!(status, "active" | "pending" | "open");
    let told = match (event, status) {
        ("convo.deleted", _) => Some((changed.unwrap_or(now), TicketEvent::Deleted)),
        ("convo.merged", _) => Some((changed.unwrap_or(now), TicketEvent::Merged)),
        (_, "spam") => Some((changed.unwrap_or(now), TicketEvent::Spam)),
        (_, "closed") => moment("closedAt").or(changed).map(|at| (at, TicketEvent::Solved)),
        ("convo.status", _) if is_open => changed.map(|at| (at, TicketEvent::Reopened)),
        ("convo.customer.reply.created", _) if is_open => {
            last_of(TicketEvent::CustomerReplied).or(changed).map(|at| (at, TicketEvent::Reopened))
        }
        _ => None,
    };
    happened.extend(told);
    if event == "convo.agent.reply.created" && last_of(TicketEvent::AgentReplied).is_none() {
        happened.extend(changed.map(|at| (at, TicketEvent::AgentReplied)));
    }
    happened.extend(threads);
    let (last, _) = *happened.last()?;
    let tags = body.get("tags").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let tags =
        tickets::tags(tags.iter().filter_map(|tag| tag.get("tag").and_then(Value::as_str).or(tag.as_str())));
    let customer = text("/primaryCustomer/email")
        .or_else(|| text("/createdBy/email").filter(|_| text("/createdBy/type") == Some("customer")));
    let ticket = Ticket {
        source: SOURCE.into(),
        id,
        happened,
        channel: tickets::channel(text("/type")).map(|channel| (last, channel)),
        tags: tags.map(|tags| (last, tags)),
        ..Ticket::default()
    };
    // As a shop's pages would send it.
    let customer = customer.map(|email| email.trim().to_lowercase());
    let customer = customer.filter(|email| is_short(email, FIELD_CHARS_MAX)).map(|email| (last, email));
    Some(Heard { ticket, customer })
}

/// Published replies of people, in order. The customer's first thread is the question itself.
fn threads(body: &Value, created: Option<Millis>) -> BTreeSet<(Millis, TicketEvent)> {
    let threads = body.pointer("/_embedded/threads").or(body.get("threads")).and_then(Value::as_array);
    let read = |thread: &Value| {
        let text = |pointer: &str| thread.pointer(pointer).and_then(Value::as_str);
        let is_published = matches!(text("/state"), None | Some("published"));
        // A workflow is nobody.
        let is_automatic =
            matches!(text("/source/type"), Some("workflow")) || text("/createdBy/type") == Some("system");
        let at = text("/createdAt").and_then(time::parse)?;
        match text("/type")? {
            "message" | "reply" if is_published && !is_automatic => Some((at, TicketEvent::AgentReplied)),
            "customer" if is_published && Some(at) != created => Some((at, TicketEvent::CustomerReplied)),
            _ => None,
        }
    };
    threads.into_iter().flatten().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use TicketEvent::{
        AgentReplied, Created, CustomerReplied, Deleted, Merged, Outbound, Reopened, Solved, Spam,
    };
    use serde_json::json;

    use super::*;

    const NOW: Millis = 1_795_255_200_000;

    /// A conversation in the shape of Help Scout's documentation, as it stood at noon.
    fn conversation(changes: &Value) -> Value {
        let mut body = json!({
            "id": 2_391_938_111_u64, "number": 349, "threads": 2, "type": "email", "folderId": 34, "status": "closed",
            "state": "published", "subject": "Where is my order?", "preview": "Hello, I ordered", "mailboxId": 85,
            "assignee": {"id": 1, "type": "user", "email": "desk@shop.example"},
            "createdBy": {"id": 29, "type": "customer", "email": "luca@example.com"},
            "createdAt": "2026-11-21T08:00:00Z", "closedBy": 1, "closedAt": "2026-11-21T11:30:00Z",
            "userUpdatedAt": "2026-11-21T11:30:05Z",
            "source": {"type": "email", "via": "customer"},
            "tags": [{"id": 9, "color": "#fff", "tag": "returns"}],
            "primaryCustomer": {"id": 29, "type": "customer", "first": "Luca", "email": "luca@example.com"},
            "_embedded": {"threads": [
                {"id": 1, "type": "customer", "state": "published", "createdAt": "2026-11-21T08:00:00Z", "body": "Hello"},
                {"id": 2, "type": "message", "state": "draft", "createdAt": "2026-11-21T09:00:00Z"},
                {"id": 3, "type": "note", "state": "published", "createdAt": "2026-11-21T09:10:00Z"},
                {"id": 4, "type": "message", "state": "published", "createdAt": "2026-11-21T09:20:00Z",
                 "source": {"type": "workflow", "via": "user"}},
                {"id": 5, "type": "message", "state": "published", "createdAt": "2026-11-21T11:29:00Z"},
            ]},
        });
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        body
    }

    fn told(event: &str, changes: &Value) -> Vec<(String, TicketEvent)> {
        let heard = read(event, &conversation(changes), NOW);
        let happened = heard.map(|heard| heard.ticket.happened).unwrap_or_default();
        happened.into_iter().map(|(at, event)| (time::format(at)[11..16].to_owned(), event)).collect()
    }

    #[test]
    fn a_conversation_becomes_what_happened() {
        let none = json!({"threads": 2, "_embedded": {}});
        let open = json!({"status": "active", "closedAt": null});
        let wrote_again = json!({"status": "active", "closedAt": null, "_embedded": {"threads": [
            {"type": "customer", "createdAt": "2026-11-21T11:31:00Z"}]}});
        for (event, changes, expected) in [
            ("convo.status", json!({}), vec![("08:00", Created), ("11:29", AgentReplied), ("11:30", Solved)]),
            ("convo.created", open.clone(), vec![("08:00", Created), ("11:29", AgentReplied)]),
            ("convo.status", open, vec![("08:00", Created), ("11:29", AgentReplied), ("11:30", Reopened)]),
            (
                "convo.customer.reply.created",
                wrote_again,
                vec![("08:00", Created), ("11:31", CustomerReplied), ("11:31", Reopened)],
            ),
            // Without its threads, the moment of the message is the reply's.
            (
                "convo.agent.reply.created",
                none.clone(),
                vec![("08:00", Created), ("11:30", Solved), ("11:30", AgentReplied)],
            ),
            ("convo.tags", none.clone(), vec![("08:00", Created), ("11:30", Solved)]),
            ("convo.merged", none.clone(), vec![("08:00", Created), ("11:30", Merged)]),
            ("convo.deleted", none, vec![("08:00", Created), ("11:30", Deleted)]),
            (
                "convo.status",
                json!({"status": "spam", "_embedded": null}),
                vec![("08:00", Created), ("11:30", Spam)],
            ),
            (
                "convo.created",
                json!({"status": "active", "createdBy": {"type": "user"}, "_embedded": null}),
                vec![("08:00", Created), ("08:00", Outbound)],
            ),
            ("satisfaction.ratings", json!({}), vec![]),
            ("message.survey.response.received", json!({}), vec![]),
            ("convo.created", json!({"id": null}), vec![]),
            // Nothing is as it should be, and nothing is broken by it.
            (
                "convo.status",
                json!({"createdAt": 7, "closedAt": [], "userUpdatedAt": "soon", "status": {}, "_embedded": [1]}),
                vec![],
            ),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(at, event)| (at.to_owned(), event)).collect();
            assert_eq!(told(event, &changes), expected, "{event} {changes}");
        }
    }

    #[test]
    fn customer_channel_and_tags_are_read_and_no_text() {
        let heard = read("convo.created", &conversation(&json!({})), NOW).unwrap();
        assert_eq!((heard.ticket.source.as_str(), heard.ticket.id.as_str()), ("helpscout", "2391938111"));
        assert_eq!(heard.ticket.channel.map(|(_, channel)| channel).as_deref(), Some("email"));
        assert_eq!(heard.ticket.tags.map(|(_, tags)| tags), Some(vec!["returns".into()]));
        assert_eq!(heard.customer.map(|(_, customer)| customer).as_deref(), Some("luca@example.com"));
        let bare = read("convo.deleted", &json!({"id": 5}), NOW).unwrap();
        assert_eq!(bare.ticket.happened, [(NOW, Deleted)].into());
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        let text = |chars: usize| "x".repeat(chars);
        for (id, email, word, is_heard, is_kept) in [
            (text(128), text(128), text(64), true, true),
            (text(128), text(129), text(65), true, false),
            (text(129), text(1), text(1), false, false),
            ("4\u{7}".into(), text(1), text(1), false, false),
            ("4".into(), "a\u{7}".into(), "b\u{7}".into(), true, false),
        ] {
            let changes =
                json!({"id": id, "primaryCustomer": {"email": email}, "type": word, "tags": [{"tag": word}]});
            let heard = read("convo.created", &conversation(&changes), NOW);
            assert_eq!(heard.is_some(), is_heard, "{changes}");
            let Some(Heard { ticket, customer }) = heard else { continue };
            let kept = [ticket.channel.is_some(), ticket.tags.is_some(), customer.is_some()];
            assert_eq!(kept, [is_kept; 3], "{changes}");
        }
        let many: Vec<_> = (0..40).map(|n| json!({"tag": format!("t{n}")})).collect();
        let heard = read("convo.created", &conversation(&json!({"tags": many})), NOW).unwrap();
        assert_eq!(heard.ticket.tags.map(|(_, tags)| tags.len()), Some(32));
    }
}
