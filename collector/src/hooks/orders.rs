//! What any other shop tells, in our own words: one event of an order, or a list of them.

use parere_shared::limit::FIELD_CHARS_MAX;
use parere_shared::time::{self, Millis};
use parere_shared::violation::{Rule, Violation};
use serde_json::{Map, Value};

use super::news::{Happened, Heard, News, list, text};
use crate::store::{Known, SKUS_MAX, is_kind, kind};

/// Most events in one message.
const EVENTS_MAX: usize = 100;

/// Most bytes of an event's properties, as JSON.
const PROPERTIES_BYTES_MAX: usize = 2_000;

/// What a message means, that came at `received_at`; or everything that is wrong with it.
pub(super) fn read(message: &Value, received_at: Millis) -> Result<Vec<Heard>, Vec<Violation>> {
    let events = message.as_array().map_or(std::slice::from_ref(message), Vec::as_slice);
    if events.len() > EVENTS_MAX {
        return Err(vec![Violation::new("body", Rule::TooMany { max: EVENTS_MAX })]);
    }
    let (mut heard, mut found) = (Vec::new(), Vec::new());
    for (i, event) in events.iter().enumerate() {
        let place = if message.is_array() { format!("[{i}].") } else { String::new() };
        match one(event, received_at) {
            Ok(one) => heard.push(one),
            Err(broken) => {
                found.extend(
                    broken.into_iter().map(|(field, rule)| Violation::new(place.clone() + field, rule)),
                );
            }
        }
    }
    if found.is_empty() { Ok(heard) } else { Err(found) }
}

fn one(event: &Value, received_at: Millis) -> Result<Heard, Vec<(&'static str, Rule)>> {
    let mut found = Vec::new();
    let order = match event.get("order") {
        None | Some(Value::Null) => Err(Rule::Missing),
        Some(_) => text(event, "/order")
            .filter(|order| order.chars().count() <= FIELD_CHARS_MAX)
            .ok_or(Rule::Format("1 to 128 characters")),
    };
    let what = match event.get("event").map(Value::as_str) {
        None => Err(Rule::Missing),
        Some(what) => what.filter(|what| is_kind(what)).ok_or(Rule::Format("[a-z0-9_]{1,40}")),
    };
    let at = match event.get("at").map(|at| at.as_str().and_then(time::parse)) {
        None => Ok(received_at),
        // What has not happened yet cannot be told.
        Some(Some(at)) => Ok(at.min(received_at)),
        Some(None) => Err(Rule::Format("a moment after RFC 3339")),
    };
    let properties = match event.get("properties") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(some)) if event["properties"].to_string().len() <= PROPERTIES_BYTES_MAX => {
            Ok(some.clone())
        }
        Some(Value::Object(_)) => Err(Rule::TooLong { max: PROPERTIES_BYTES_MAX }),
        Some(_) => Err(Rule::Type("a JSON object")),
    };
    match (order, what, at, properties) {
        (Ok(order), Ok(what), Ok(at), Ok(properties)) => Ok(news(event, order, what, at, properties)),
        (order, what, at, properties) => {
            let broken = [
                ("order", order.err()),
                ("event", what.err()),
                ("at", at.err()),
                ("properties", properties.err()),
            ];
            found.extend(broken.into_iter().filter_map(|(field, rule)| Some((field, rule?))));
            Err(found)
        }
    }
}

fn news(event: &Value, order: String, what: &str, at: Millis, properties: Map<String, Value>) -> Heard {
    if what == kind::REDACTED {
        return Heard::Redact { orders: vec![order], subject: text(event, "/subject") };
    }
    let mut news = News::of(order, at);
    news.subject = text(event, "/subject");
    let known = |name: &str| text(event, name).map(|value| Known { as_of: at, value });
    let contact = &mut news.known.contact;
    (contact.email, contact.phone) = (known("/email"), known("/phone"));
    contact.first_name = known("/first_name");
    news.known.number = known("/number");
    (news.known.locale, news.known.zone) = (known("/locale"), known("/zone"));
    (news.known.carrier, news.known.region) = (known("/carrier"), known("/region"));
    let skus: std::collections::BTreeSet<String> =
        list(event, "/skus").iter().filter_map(|sku| text(sku, "")).take(SKUS_MAX).collect();
    news.known.skus = news.fact((!skus.is_empty()).then_some(skus));
    let part = text(event, "/id").unwrap_or_default();
    news.happened.push(Happened { kind: what.into(), part, at, properties });
    Heard::News(Box::new(news))
}
