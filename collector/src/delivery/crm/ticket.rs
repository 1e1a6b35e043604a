//! A ticket in HubSpot for an unhappy answer: made once, and brought up to date when the comment comes.
//!
//! Two requests cannot be one step there, so a ticket may be made by a try of whose end nobody heard. Its subject has
//! the id of the answer, and a try that may not be the first one looks for it before it makes another.

use axum::http::Method;
use serde_json::{Value, json};

use super::line::{Answer, End, Line};
use super::{Told, contacts};
use crate::delivery::schedule::Outcome;
use crate::store::{About, Delivery, TicketPlace};

const TICKETS: &str = "/crm/v3/objects/tickets";

/// The kind of tie between a ticket and a contact that HubSpot defines. Source: its reference of associations.
const TICKET_TO_CONTACT: u32 = 16;

/// Writes the ticket of an answer; all that is told is about this one.
pub(super) async fn write(line: &Line<'_>, told: &[Told<'_>]) -> Vec<End> {
    let end = match try_write(line, told).await {
        Ok(answer) => answer.end(),
        Err(end) => end,
    };
    vec![end; told.len()]
}

async fn try_write(line: &Line<'_>, told: &[Told<'_>]) -> Result<Answer, End> {
    let ours = |said: &str| End { outcome: Outcome::NotTaken, status: None, said: said.into() };
    let one = told.first().ok_or_else(|| ours("There is nothing to tell."))?;
    let place = line.crm.ticket.as_ref().ok_or_else(|| ours("No pipeline is chosen for tickets."))?;
    if told.iter().any(|told| may_be_made(told.delivery)) {
        let found = line.call(Method::POST, &format!("{TICKETS}/search"), Some(&search(one))).await?;
        let id = found.body.pointer("/results/0/id").and_then(id_text);
        if let Some(id) = id {
            let sent = json!({"properties": {"content": content(one)}});
            return line.call(Method::PATCH, &format!("{TICKETS}/{id}"), Some(&sent)).await;
        }
    }
    let sent =
        json!({"inputs": [{"id": one.email, "idProperty": "email", "properties": {"email": one.email}}]});
    let contact = line.call(Method::POST, contacts::UPSERT, Some(&sent)).await?;
    let id = contact.body.pointer("/results/0/id").and_then(id_text);
    let id = id.ok_or_else(|| End {
        outcome: Outcome::NotTaken,
        status: Some(contact.status),
        said: line
            .message(contact.body.pointer("/errors/0").map(Value::to_string).unwrap_or_default().as_bytes()),
    })?;
    line.call(Method::POST, TICKETS, Some(&ticket(one, place, &id))).await
}

/// Could the ticket be there, from a try whose end was not written down, or for an earlier revision?
///
/// Who puts a delivery in the queue makes it due at once, and whoever claims it puts its moment off.
fn may_be_made(delivery: &Delivery) -> bool {
    let is_revised = matches!(delivery.about, About::Response(_, revision) if revision > 1);
    is_revised || !delivery.attempts.is_empty() || delivery.due_at != delivery.created_at
}

/// Ids are numbers that are sent as texts; nothing else comes into a path.
fn id_text(value: &Value) -> Option<String> {
    let id = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    (!id.is_empty() && id.len() <= 40 && id.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)
}

/// The same for every revision of an answer.
fn subject(told: &Told<'_>) -> String {
    format!("Unhappy answer to {} ({})", told.row.survey, told.row.id.encode())
}

fn content(told: &Told<'_>) -> String {
    let ends = told.ends.map_or_else(String::new, |(min, max)| format!(" ({min} to {max})"));
    let comment = told.row.comment.as_deref().unwrap_or("No comment.");
    format!("Score {}{ends}, {}.\n{comment}\n{}", told.row.score, told.row.band, told.link)
}

fn search(told: &Told<'_>) -> Value {
    let filter = json!({"propertyName": "subject", "operator": "EQ", "value": subject(told)});
    json!({"filterGroups": [{"filters": [filter]}], "properties": ["subject"], "limit": 1})
}

fn ticket(told: &Told<'_>, place: &TicketPlace, contact: &str) -> Value {
    let tie = json!({"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": TICKET_TO_CONTACT});
    json!({
        "properties": {
            "hs_pipeline": place.pipeline, "hs_pipeline_stage": place.stage,
            "subject": subject(told), "content": content(told),
        },
        "associations": [{"to": {"id": contact}, "types": [tie]}],
    })
}

#[cfg(test)]
mod tests {
    use parere_shared::response::ResponseId;

    use super::*;
    use crate::store::{Attempt, Occasion, new_delivery};

    #[test]
    fn a_ticket_is_looked_for_where_it_may_be_there() {
        let id = ResponseId::parse("019aa5a0-0000-7000-8000-000000000001").unwrap();
        let fresh = |revision| new_delivery("h", Occasion::Detractor, About::Response(id, revision), "t", 7);
        let attempt = Attempt { at: 0, status: Some(500), latency_ms: 0, said: String::new() };
        for (delivery, expected, why) in [
            (fresh(1), false, "nobody has tried"),
            (fresh(2), true, "it may have come for the first revision"),
            (Delivery { due_at: 8, ..fresh(1) }, true, "somebody claimed it and was not heard of again"),
            (Delivery { attempts: vec![attempt], ..fresh(1) }, true, "it was tried"),
        ] {
            assert_eq!(may_be_made(&delivery), expected, "{why}");
        }
    }

    #[test]
    fn only_a_number_comes_into_a_path() {
        for (sent, expected) in [
            (json!("512"), Some("512")),
            (json!(512), Some("512")),
            (json!("../x"), None),
            (json!(""), None),
            (json!(null), None),
            (json!({"id": 1}), None),
        ] {
            assert_eq!(id_text(&sent).as_deref(), expected, "{sent}");
        }
    }
}
