//! What senders of mail tell: whom a mail did not reach for good, and who called one spam.
//!
//! Our own form is `{"type":"bounce","address":…}` or `complaint`. The bodies of Postmark, Mailgun, `SendGrid` and
//! Amazon SES are understood as they stand in their documentation, for programs that hand them on; they are tried here on
//! examples, and not against those services. What may pass (a full mailbox, a mail put off) suppresses nobody.

use serde_json::Value;

use super::receive::Message;
use crate::app::App;
use crate::error::ApiError;
use crate::invitation::person::person_key;
use crate::store::{Suppression, SuppressionReason};

/// Most addresses of one message.
const ADDRESSES_MAX: usize = 1_000;

/// Puts whoever is told of on the list; the same again changes nothing.
pub(super) async fn hear(app: &App, message: &Message) -> Result<(), ApiError> {
    for (address, reason) in told(&message.json()?).into_iter().take(ADDRESSES_MAX) {
        let person = person_key(&message.site.site, &address);
        let suppression = Suppression { person, reason, at: message.at };
        app.store.invitations().suppress(&message.scope, &suppression).await?;
    }
    Ok(())
}

/// Addresses that are told of, and why.
fn told(value: &Value) -> Vec<(String, SuppressionReason)> {
    if let Some(events) = value.as_array() {
        return events.iter().flat_map(told).collect();
    }
    let event = value.get("event-data").unwrap_or(value);
    let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase();
    if let Some(inner) = value.get("Message").and_then(Value::as_str) {
        // Amazon's notifications wrap the event in a text.
        return serde_json::from_str(inner).map(|inner: Value| told(&inner)).unwrap_or_default();
    }
    let reason = match (
        first(&text, &["notificationType", "eventType", "RecordType", "event", "type"]),
        kind(event),
    ) {
        (what, kind) if is_bounce(&what) && !is_passing(&kind) => SuppressionReason::Bounced,
        (what, _) if matches!(&*what, "complaint" | "complained" | "spamreport" | "spamcomplaint") => {
            SuppressionReason::Complained
        }
        _ => return Vec::new(),
    };
    addresses(event).into_iter().map(|address| (address, reason)).collect()
}

fn first(text: &impl Fn(&str) -> String, names: &[&str]) -> String {
    names.iter().map(|name| text(name)).find(|text| !text.is_empty()).unwrap_or_default()
}

fn is_bounce(what: &str) -> bool {
    matches!(what, "bounce" | "bounced" | "failed" | "dropped")
}

/// How a bounce is called more closely, in small letters; empty where nothing is said.
fn kind(event: &Value) -> String {
    let bounce = event.get("bounce").unwrap_or(event);
    let names = ["bounceType", "Type", "severity", "bounce_type"];
    let found = names.iter().find_map(|name| bounce.get(name).and_then(Value::as_str));
    // `SendGrid` says `"event":"bounce","type":"blocked"`; where `type` is the event itself it says nothing more.
    let inner = event.get("event").and(event.get("type")).and_then(Value::as_str);
    found.or(inner).unwrap_or_default().to_lowercase()
}

/// Is it one that may pass?
fn is_passing(kind: &str) -> bool {
    ["transient", "temporary", "soft", "blocked", "undetermined", "autoresponder"]
        .iter()
        .any(|passing| kind.contains(passing))
}

fn addresses(event: &Value) -> Vec<String> {
    let lists = [("bounce", "bouncedRecipients"), ("complaint", "complainedRecipients")];
    let listed = lists.iter().filter_map(|(what, list)| event.get(what)?.get(list)?.as_array());
    let listed = listed.flatten().filter_map(|one| one.get("emailAddress")?.as_str());
    let single = ["address", "email", "Email", "recipient"].iter().find_map(|name| event.get(name)?.as_str());
    listed.chain(single).filter(|address| address.contains('@')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn common_shapes_are_understood() {
        use SuppressionReason::{Bounced, Complained};
        let luca = "luca@example.com";
        for (body, expected) in [
            (json!({"type": "bounce", "address": luca}), vec![Bounced]),
            (json!({"type": "complaint", "address": luca}), vec![Complained]),
            (json!({"type": "bounce", "severity": "temporary", "address": luca}), vec![]),
            (json!({"type": "delivered", "address": luca}), vec![]),
            (json!({"RecordType": "Bounce", "Type": "HardBounce", "Email": luca}), vec![Bounced]),
            (json!({"RecordType": "Bounce", "Type": "SoftBounce", "Email": luca}), vec![]),
            (json!({"RecordType": "SpamComplaint", "Email": luca}), vec![Complained]),
            (
                json!({"event-data": {"event": "failed", "severity": "permanent", "recipient": luca}}),
                vec![Bounced],
            ),
            (json!({"event-data": {"event": "failed", "severity": "temporary", "recipient": luca}}), vec![]),
            (json!({"event-data": {"event": "complained", "recipient": luca}}), vec![Complained]),
            (
                json!([{"event": "bounce", "type": "bounce", "email": luca},
                    {"event": "bounce", "type": "blocked", "email": luca}, {"event": "spamreport", "email": luca}]),
                vec![Bounced, Complained],
            ),
            (
                json!({"notificationType": "Bounce", "bounce": {"bounceType": "Permanent",
                    "bouncedRecipients": [{"emailAddress": luca}]}}),
                vec![Bounced],
            ),
            (
                json!({"Type": "Notification", "Message": json!({"eventType": "Complaint",
                    "complaint": {"complainedRecipients": [{"emailAddress": luca}]}}).to_string()}),
                vec![Complained],
            ),
            (json!({"type": "bounce", "address": 7}), vec![]),
            (json!("bounce"), vec![]),
        ] {
            let found = told(&body);
            assert!(found.iter().all(|(address, _)| address == luca), "{found:?}");
            assert_eq!(found.into_iter().map(|(_, reason)| reason).collect::<Vec<_>>(), expected, "{body}");
        }
    }
}
