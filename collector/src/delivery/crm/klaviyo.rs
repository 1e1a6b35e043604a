//! Klaviyo: each answer is an event of a profile, under an id by which Klaviyo takes it once.

use axum::http::Method;
use parere_shared::time;
use serde_json::{Value, json};

use super::line::{End, Line};
use super::{Told, fields};

/// Events; each makes its profile, or changes it.
const EVENTS: &str = "/api/events";

/// Tells of answers.
pub(super) async fn write(line: &Line<'_>, told: &[Told<'_>]) -> Vec<End> {
    let mut ends = Vec::with_capacity(told.len());
    for told in told {
        let sent = event(told, &line.crm.fields);
        let answer = line.call(Method::POST, EVENTS, Some(&sent)).await;
        ends.push(answer.map_or_else(|end| end, |answer| answer.end()));
    }
    ends
}

/// An answer as an event; its profile gets what the fields say.
fn event(told: &Told<'_>, names: &std::collections::BTreeMap<String, String>) -> Value {
    let row = told.row;
    let metric = format!("Answered {} survey", row.metric.as_str().to_uppercase());
    let mut profile = json!({"email": told.email});
    let known = fields::properties(row, &told.day, names);
    if !known.is_empty() && !told.is_overtaken {
        profile["properties"] = json!(known);
    }
    json!({"data": {"type": "event", "attributes": {
        "unique_id": format!("{}:{}", row.id.encode(), row.revision),
        "time": time::format(row.occurred_at),
        "properties": {
            "survey": row.survey, "score": row.score, "band": row.band, "comment": row.comment,
            "channel": row.channel, "touchpoint": row.touchpoint, "language": row.locale,
            "response": row.id.encode(), "revision": row.revision,
        },
        "metric": {"data": {"type": "metric", "attributes": {"name": metric}}},
        "profile": {"data": {"type": "profile", "attributes": profile}},
    }}})
}
