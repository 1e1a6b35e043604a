//! Contacts of HubSpot: what they answered last is written to their properties, a hundred with one request.
//!
//! A contact is found by its e-mail address and made if there is none (`batch/upsert`), so a second sending changes
//! nothing. HubSpot's own `feedback_submissions` can only be read, so nothing is written there.

use std::collections::BTreeMap;

use axum::http::Method;
use parere_shared::time;
use serde_json::{Value, json};

use super::line::{Answer, End, Line};
use super::{Told, fields};
use crate::delivery::schedule::Outcome;

/// Finds or makes contacts by their addresses.
pub(super) const UPSERT: &str = "/crm/v3/objects/contacts/batch/upsert";

/// Occurrences of a custom event.
const EVENTS: &str = "/events/v3/send/batch";

/// What is said where HubSpot took a part and does not say why not the rest.
const LEFT_OUT: &str = "HubSpot did not write this contact and does not say why.";

/// Writes answers to the contacts of those who gave them.
pub(super) async fn write(line: &Line<'_>, told: &[Told<'_>]) -> Vec<End> {
    let sent = upsert(told, &line.crm.fields);
    let answer = match line.call(Method::POST, UPSERT, Some(&sent)).await {
        Ok(answer) => answer,
        Err(end) => return vec![end; told.len()],
    };
    let mut ends: Vec<End> = told.iter().map(|told| end_of(line, &sent, &answer, told)).collect();
    let Some(name) = &line.crm.event else { return ends };
    let written =
        || ends.iter().zip(told).filter(|(end, _)| end.outcome == Outcome::Taken).map(|(_, told)| told);
    let sent = events(written(), name);
    if written().next().is_none() {
        return ends;
    }
    match line.call(Method::POST, EVENTS, Some(&sent)).await {
        // Conflict: it is there already, from a try whose end nobody heard.
        Ok(_) | Err(End { status: Some(409), .. }) => {}
        Err(refused) => {
            let taken = ends.iter_mut().filter(|end| end.outcome == Outcome::Taken);
            for end in taken {
                *end = End { said: format!("The custom event: {}", refused.said), ..refused.clone() };
            }
        }
    }
    ends
}

/// One entry for each address: of two answers to the same question the later one stands.
fn upsert(told: &[Told<'_>], fields: &BTreeMap<String, String>) -> Value {
    let mut order: Vec<&Told<'_>> = told.iter().collect();
    order.sort_by_key(|told| (told.row.occurred_at, told.row.received_at, told.row.id));
    let mut contacts: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for told in order {
        let properties = contacts.entry(&told.email).or_default();
        if told.is_overtaken {
            // For its event the contact has to be there.
            properties.insert("email".into(), told.email.clone());
        } else {
            properties.extend(fields::properties(told.row, &told.day, fields));
        }
    }
    let input = |(place, (email, properties)): (usize, (&str, BTreeMap<String, String>))| {
        json!({
            "id": email, "idProperty": "email", "properties": properties,
            "objectWriteTraceId": trace(place),
        })
    };
    json!({"inputs": contacts.into_iter().enumerate().map(input).collect::<Vec<_>>()})
}

/// A name for an entry of a batch by which HubSpot says which one it means.
fn trace(place: usize) -> String {
    format!("entry-{place}.")
}

/// What became of one answer of a batch of which HubSpot may have taken a part (207).
fn end_of(line: &Line<'_>, sent: &Value, answer: &Answer, told: &Told<'_>) -> End {
    let none = Vec::new();
    let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned();
    let (errors, results) = (list(&answer.body, "errors"), list(&answer.body, "results"));
    let (errors, results) = (errors.as_ref().unwrap_or(&none), results.as_ref().unwrap_or(&none));
    if answer.status != 207 && errors.is_empty() {
        return answer.end();
    }
    let is_his = |at: &str, value: &Value| {
        let email = value.pointer(at).and_then(Value::as_str);
        email.is_some_and(|email| email.to_lowercase() == told.email)
    };
    if results.iter().any(|result| is_his("/properties/email", result)) {
        return answer.end();
    }
    let inputs = list(sent, "inputs").unwrap_or_default();
    let input = inputs.iter().find(|input| is_his("/id", input));
    let trace = input.and_then(|input| input.get("objectWriteTraceId")).and_then(Value::as_str);
    let is_meant = |error: &&Value| {
        let error = error.to_string().to_lowercase();
        error.contains(&told.email) || trace.is_some_and(|trace| error.contains(trace))
    };
    let error = errors.iter().find(is_meant);
    let said = error.map_or_else(|| LEFT_OUT.into(), |error| line.message(error.to_string().as_bytes()));
    End { outcome: Outcome::NotTaken, status: Some(answer.status), said }
}

/// An occurrence for each answer and revision, under an id that is the same at every try.
fn events<'a>(told: impl Iterator<Item = &'a Told<'a>>, name: &str) -> Value {
    let input = |told: &Told<'_>| {
        let row = told.row;
        json!({
            "eventName": name, "email": told.email, "uuid": uuid(&told.delivery.id),
            "occurredAt": time::format(row.occurred_at),
            "properties": {
                "survey": row.survey, "metric": row.metric.as_str(), "score": row.score.to_string(),
                "band": row.band, "comment": row.comment.clone().unwrap_or_default(),
                "response": row.id.encode(), "revision": row.revision.to_string(),
            },
        })
    };
    json!({"inputs": told.map(input).collect::<Vec<_>>()})
}

/// The id of a delivery, whose hexadecimal digits are a hash of what it tells, as a UUID of version 8 (RFC 9562).
fn uuid(delivery: &str) -> String {
    let digits: Vec<char> = delivery.chars().filter(char::is_ascii_hexdigit).rev().take(32).collect();
    let mut text = String::with_capacity(36);
    for (place, digit) in digits.into_iter().rev().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(match place {
            12 => '8',
            16 => 'a',
            _ => digit,
        });
    }
    text
}
