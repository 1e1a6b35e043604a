//! What one may wish of a hook into a CRM.

use std::collections::BTreeMap;

use parere_shared::limit::ATTRIBUTE_NAME_CHARS_MAX;
use parere_shared::text;
use parere_shared::violation::{Rule, Violation};

use super::wish::WebhookIn;
use crate::delivery::{CRM_FIELDS, usual_fields};
use crate::store::{Crm, Occasion, TicketPlace, Webhook, WebhookKind};

/// Most characters of a token.
pub const TOKEN_CHARS_MAX: usize = 400;

/// Most characters of a name or an id in a CRM.
pub const CRM_NAME_CHARS_MAX: usize = 100;

/// The attribute in which an e-mail address is looked for where nobody names another.
const CONTACT: &str = "email";

/// Writes what is wished of the CRM into `hook`, which has its new kind, address and events; `was` has the old ones.
///
/// A token goes to the address for which it was entered: with another address, or another CRM, it is asked for again.
pub(super) fn apply(sent: &WebhookIn, hook: &mut Webhook, was: &Webhook) -> Vec<Violation> {
    if !hook.kind.is_crm() {
        hook.crm = None;
        return foreign(sent);
    }
    let mut found = Vec::new();
    let mut refuse = |field: &str, rule| found.push(Violation::new(field, rule));
    let is_same = was.kind == hook.kind && was.url == hook.url;
    let known = was.crm.clone().filter(|_| was.kind == hook.kind);
    let mut crm = known.unwrap_or_else(|| Crm {
        token: String::new(),
        contact: CONTACT.into(),
        fields: usual_fields(),
        ticket: None,
        event: None,
    });
    match sent.token.as_deref().map(checked_token) {
        None if is_same && !crm.token.is_empty() => {}
        None => refuse("token", Rule::Missing),
        Some(Err(rule)) => refuse("token", rule),
        Some(Ok(token)) => {
            crm.token = token.into();
            hook.rests_until = 0;
        }
    }
    match sent.contact.as_deref().map(str::trim) {
        None => {}
        Some("") => refuse("contact", Rule::Empty),
        Some(name) if name.chars().count() > ATTRIBUTE_NAME_CHARS_MAX => {
            refuse("contact", Rule::TooLong { max: ATTRIBUTE_NAME_CHARS_MAX });
        }
        Some(name) if text::has_control(name) => refuse("contact", Rule::ControlCharacter),
        Some(name) => crm.contact = name.into(),
    }
    if let Some(wished) = &sent.fields {
        match fields(wished) {
            Ok(fields) => crm.fields = fields,
            Err((field, rule)) => refuse(&format!("fields.{field}"), rule),
        }
    }
    match &sent.ticket {
        None => {}
        Some(_) if hook.kind != WebhookKind::HubSpot => refuse("ticket", OF_HUBSPOT),
        Some(TicketPlace { pipeline, stage }) if is_id(pipeline) && is_id(stage) => {
            crm.ticket.clone_from(&sent.ticket);
        }
        Some(_) => refuse("ticket", Rule::Format("the ids of a pipeline and a stage, as in 0 and 1")),
    }
    match sent.event.as_deref().map(str::trim) {
        None => {}
        Some(_) if hook.kind != WebhookKind::HubSpot => refuse("event", OF_HUBSPOT),
        Some("") => crm.event = None,
        Some(name) if is_name(name) => crm.event = Some(name.into()),
        Some(_) => refuse("event", Rule::Format("a name as in pe123_answered_survey")),
    }
    let is_of_answers =
        |occasion: &Occasion| matches!(occasion, Occasion::Created | Occasion::Updated | Occasion::Detractor);
    if !hook.occasions.iter().all(is_of_answers) {
        refuse("events", Rule::Contradiction("a CRM is told of answers alone"));
    }
    let wants_tickets = hook.kind == WebhookKind::HubSpot && hook.occasions.contains(&Occasion::Detractor);
    if wants_tickets && crm.ticket.is_none() && sent.ticket.is_none() {
        refuse("ticket", Rule::Missing);
    }
    hook.crm = Some(crm);
    found
}

fn checked_token(token: &str) -> Result<&str, Rule> {
    match token.trim() {
        "" => Err(Rule::Empty),
        token if token.len() > TOKEN_CHARS_MAX => Err(Rule::TooLong { max: TOKEN_CHARS_MAX }),
        // It comes into a header.
        token if !token.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Err(Rule::Format("a token as the CRM shows it"))
        }
        token => Ok(token),
    }
}

const OF_HUBSPOT: Rule = Rule::Contradiction("only a hook of the kind hubspot has it");

/// What only a CRM has, where there is none.
fn foreign(sent: &WebhookIn) -> Vec<Violation> {
    let fields = [
        ("token", sent.token.is_some()),
        ("contact", sent.contact.is_some()),
        ("fields", sent.fields.is_some()),
        ("ticket", sent.ticket.is_some()),
        ("event", sent.event.is_some()),
    ];
    let rule = || Rule::Contradiction("only a hook of the kind hubspot or klaviyo has it");
    fields
        .into_iter()
        .filter(|(_, is_sent)| *is_sent)
        .map(|(field, _)| Violation::new(field, rule()))
        .collect()
}

/// The usual names with those that are wished in their places; an empty one is written nowhere.
fn fields(wished: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, (String, Rule)> {
    let mut fields = usual_fields();
    for (field, name) in wished {
        let name = name.trim();
        if !CRM_FIELDS.contains(&field.as_str()) {
            return Err((
                field.clone(),
                Rule::Unknown("nps_score, nps_comment, nps_date, or the same of csat or ces"),
            ));
        }
        if name.is_empty() {
            fields.remove(field);
        } else if is_name(name) {
            fields.insert(field.clone(), name.into());
        } else {
            return Err((field.clone(), Rule::Format("small letters, digits and underscores")));
        }
    }
    Ok(fields)
}

/// A name as both CRMs take it, and as it can stand in a path.
fn is_name(name: &str) -> bool {
    (1..=CRM_NAME_CHARS_MAX).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn is_id(id: &str) -> bool {
    (1..=CRM_NAME_CHARS_MAX).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::wish;
    use super::*;
    use crate::config::Switch;
    use crate::store::WebhookState;

    fn hook() -> Webhook {
        Webhook {
            id: "a1".into(),
            name: "CRM".into(),
            kind: WebhookKind::Standard,
            url: String::new(),
            occasions: Vec::new(),
            digest_hour: 8,
            digest_day: 0,
            secret: [0; 32],
            crm: None,
            rests_until: 7,
            state: WebhookState::On,
            made_by: "anna@x".into(),
            created_at: 0,
        }
    }

    /// Name, kind, token and events, as they make a hook; `other` changes them.
    fn wished(other: &Value) -> Value {
        let mut whole =
            json!({"name": "a", "kind": "hubspot", "token": "pat-1", "events": ["response.created"]});
        whole.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        whole
    }

    fn broken(sent: &Value, hook: &mut Webhook, is_new: bool) -> Vec<String> {
        let read: WebhookIn = serde_json::from_value(sent.clone()).unwrap();
        let found = wish::apply(&read, hook, is_new, Switch::Off).err().unwrap_or_default();
        found.into_iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn a_crm_is_connected_or_every_mistake_is_named() {
        let long = "x".repeat(401);
        for (other, expected) in [
            (json!({}), vec![]),
            (json!({"kind": "klaviyo"}), vec![]),
            (json!({"token": null}), vec!["token"]),
            (json!({"token": " "}), vec!["token"]),
            (json!({"token": "pat 1"}), vec!["token"]),
            (json!({"token": "pat\r\nx: y"}), vec!["token"]),
            (json!({"token": long}), vec!["token"]),
            (json!({"contact": ""}), vec!["contact"]),
            (json!({"contact": "mail\u{7}"}), vec!["contact"]),
            (json!({"contact": "x".repeat(65)}), vec!["contact"]),
            (json!({"fields": {"nps_score": "our_nps", "ces_date": ""}}), vec![]),
            (json!({"fields": {"tts_score": "x"}}), vec!["fields.tts_score"]),
            (json!({"fields": {"nps_score": "Our NPS"}}), vec!["fields.nps_score"]),
            (json!({"fields": {"nps_score": "../x"}}), vec!["fields.nps_score"]),
            (json!({"ticket": {"pipeline": "0", "stage": "1"}}), vec![]),
            (json!({"ticket": {"pipeline": "0", "stage": "../1"}}), vec!["ticket"]),
            (json!({"events": ["response.detractor"]}), vec!["ticket"]),
            (json!({"events": ["response.detractor"], "ticket": {"pipeline": "0", "stage": "1"}}), vec![]),
            (json!({"events": ["response.detractor"], "kind": "klaviyo"}), vec![]),
            (json!({"events": ["digest.daily"]}), vec!["events"]),
            (json!({"events": ["response.created", "invitation.due"]}), vec!["events"]),
            (json!({"event": "pe1_answered"}), vec![]),
            (json!({"event": "Answered!"}), vec!["event"]),
            (json!({"event": "x", "kind": "klaviyo"}), vec!["event"]),
            (json!({"ticket": {"pipeline": "0", "stage": "1"}, "kind": "klaviyo"}), vec!["ticket"]),
            (json!({"kind": "slack", "url": "https://a.example/"}), vec!["token"]),
        ] {
            let sent = wished(&other);
            assert_eq!(broken(&sent, &mut hook(), true), expected, "{sent}");
        }
    }

    #[test]
    fn a_token_goes_nowhere_else() {
        let mut hook = hook();
        assert_eq!(broken(&wished(&json!({})), &mut hook, true), Vec::<String>::new());
        assert_eq!((&*hook.url, hook.rests_until), ("https://api.hubapi.com", 0));
        assert!(!format!("{:?}", hook.crm).contains("pat-1"));
        for (change, expected) in [
            (json!({"name": "b"}), vec![]),
            (json!({"url": "https://elsewhere.example"}), vec!["token"]),
            (json!({"kind": "klaviyo"}), vec!["token"]),
            (json!({"url": "https://elsewhere.example", "token": "pat-2"}), vec![]),
        ] {
            assert_eq!(broken(&change, &mut hook.clone(), false), expected, "{change}");
        }
        let mut other = hook.clone();
        assert_eq!(
            broken(&json!({"kind": "klaviyo", "token": "pk-1"}), &mut other, false),
            Vec::<String>::new()
        );
        assert_eq!(&*other.url, "https://a.klaviyo.com", "each to its own house");
        let change = json!({"kind": "standard", "url": "https://x.example/"});
        assert_eq!(broken(&change, &mut other, false), Vec::<String>::new());
        assert_eq!(other.crm, None, "the token is forgotten");
        let change = json!({"fields": {"nps_comment": "", "nps_score": "our_nps"}});
        assert_eq!(broken(&change, &mut hook, false), Vec::<String>::new());
        let fields = hook.crm.unwrap().fields;
        assert_eq!((fields.len(), fields.get("nps_comment"), &*fields["nps_score"]), (8, None, "our_nps"));
    }
}
