//! What one may wish of a hook.

use std::collections::BTreeMap;

use parere_shared::text;
use parere_shared::violation::{Rule, Violation};
use serde::Deserialize;
use utoipa::ToSchema;

use super::crm;
use crate::auth::NAME_CHARS_MAX;
use crate::config::Switch;
use crate::delivery::{Target, crm_home};
use crate::store::{Occasion, TicketPlace, Webhook, WebhookKind, WebhookState};

/// A hook as it is sent: all of it to make one, what shall change to change one.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookIn {
    /// What it is called.
    pub name: Option<String>,
    /// `standard` for programs, which is the default; `slack` for people; `hubspot` and `klaviyo` for contacts there.
    pub kind: Option<String>,
    /// Where to: `https://…`; for HubSpot and Klaviyo their own address where absent.
    pub url: Option<String>,
    /// What it is told of.
    pub events: Option<Vec<String>>,
    /// From which hour of the day on, in the site's zone, it is told of the day before; 8 where absent.
    pub digest_hour: Option<u8>,
    /// `off` to stop it for a while, `on` to go on.
    pub state: Option<String>,
    /// Makes another secret, which holds at once; a CRM has none.
    pub rotate_secret: Option<bool>,
    /// What opens the account at the CRM; it is not shown again. Asked for anew with another `kind` or `url`.
    pub token: Option<String>,
    /// The attribute of an answer in which the e-mail address stands; `email` where absent.
    pub contact: Option<String>,
    /// Other names of the CRM's properties for `nps_score`, `nps_comment`, `nps_date` and the same of `csat` and `ces`;
    /// an empty one is not written.
    pub fields: Option<BTreeMap<String, String>>,
    /// Where HubSpot makes tickets for unhappy answers; `response.detractor` needs it.
    pub ticket: Option<TicketPlace>,
    /// The custom event that HubSpot gets for each answer; none where empty.
    pub event: Option<String>,
}

/// The hour of a digest where nobody wishes for another.
pub(super) const DIGEST_HOUR: u8 = 8;

/// Writes what is wished into `hook`; lists every rule that is broken.
///
/// `is_new` wants name, address (but for a CRM) and events; `private` is what the operator allows of addresses.
pub(super) fn apply(
    sent: &WebhookIn,
    hook: &mut Webhook,
    is_new: bool,
    private: Switch,
) -> Result<(), Vec<Violation>> {
    let was = hook.clone();
    let mut found = Vec::new();
    let mut refuse = |field: &str, rule| found.push(Violation::new(field, rule));
    match sent.name.as_deref().map(str::trim) {
        None if is_new => refuse("name", Rule::Missing),
        None => {}
        Some("") => refuse("name", Rule::Empty),
        Some(name) if name.chars().count() > NAME_CHARS_MAX => {
            refuse("name", Rule::TooLong { max: NAME_CHARS_MAX });
        }
        Some(name) if text::has_control(name) => refuse("name", Rule::ControlCharacter),
        Some(name) => hook.name = name.into(),
    }
    match sent.kind.as_deref().map(WebhookKind::parse) {
        None => {}
        Some(Some(kind)) => hook.kind = kind,
        Some(None) => refuse("kind", Rule::Unknown("standard, slack, hubspot or klaviyo")),
    }
    match sent.url.as_deref().map(str::trim).map(|url| (url, Target::parse(url, private))) {
        None if is_new || hook.kind != was.kind => match crm_home(hook.kind) {
            Some(home) => hook.url = home.into(),
            // What was a letter stays one, in other words.
            None if !is_new && !was.kind.is_crm() => {}
            None => refuse("url", Rule::Missing),
        },
        None => {}
        Some((url, Ok(_))) => hook.url = url.into(),
        Some((_, Err(form))) => refuse("url", Rule::Format(form)),
    }
    match sent.events.as_deref().map(occasions) {
        None if is_new => refuse("events", Rule::Missing),
        None => {}
        Some(Some(occasions)) if occasions.is_empty() => refuse("events", Rule::Empty),
        Some(Some(occasions)) => hook.occasions = occasions,
        Some(None) => refuse(
            "events",
            Rule::Unknown(
                "response.created, response.updated, response.detractor, digest.daily or invitation.due",
            ),
        ),
    }
    match sent.digest_hour {
        None => {}
        Some(hour @ 0..=23) => hook.digest_hour = hour,
        Some(_) => refuse("digest_hour", Rule::OutOfRange { min: 0, max: 23 }),
    }
    match sent.state.as_deref() {
        None => {}
        Some("on") => hook.state = WebhookState::On,
        Some("off") => hook.state = WebhookState::Off,
        Some(_) => refuse("state", Rule::Unknown("on or off")),
    }
    found.extend(crm::apply(sent, hook, &was));
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// Those of these names, each once; `None` if one cannot be wished for.
fn occasions(names: &[String]) -> Option<Vec<Occasion>> {
    let known = |name: &String| Occasion::parse(name).filter(|known| Occasion::WISHED.contains(known));
    let mut occasions = names.iter().map(known).collect::<Option<Vec<_>>>()?;
    occasions.sort_unstable();
    occasions.dedup();
    Some(occasions)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn hook() -> Webhook {
        Webhook {
            id: "a1".into(),
            name: "CRM".into(),
            kind: WebhookKind::Standard,
            url: "https://crm.example/".into(),
            occasions: vec![Occasion::Created],
            digest_hour: DIGEST_HOUR,
            digest_day: 0,
            secret: [0; 32],
            crm: None,
            rests_until: 0,
            state: WebhookState::On,
            made_by: "anna@x".into(),
            created_at: 0,
        }
    }

    #[test]
    fn a_wish_is_taken_or_every_mistake_is_named() {
        let whole = json!({"name": "a", "url": "https://a.example/", "events": ["digest.daily"]});
        let with = |other: Value| {
            let mut whole = whole.clone();
            whole.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
            whole
        };
        for (sent, is_new, broken) in [
            (whole.clone(), true, vec![]),
            (json!({}), true, vec!["name", "url", "events"]),
            (json!({}), false, vec![]),
            (with(json!({"name": " "})), true, vec!["name"]),
            (with(json!({"name": "x".repeat(101)})), true, vec!["name"]),
            (with(json!({"name": "a\u{7}b"})), true, vec!["name"]),
            (with(json!({"kind": "teams"})), true, vec!["kind"]),
            (with(json!({"url": "http://a.example/"})), true, vec!["url"]),
            (with(json!({"url": "nonsense"})), true, vec!["url"]),
            (with(json!({"events": []})), true, vec!["events"]),
            (with(json!({"events": ["response.created", "webhook.test"]})), true, vec!["events"]),
            (with(json!({"digest_hour": 24})), true, vec!["digest_hour"]),
            (json!({"state": "gone"}), false, vec!["state"]),
            (json!({"state": "off", "digest_hour": 0}), false, vec![]),
        ] {
            let read: WebhookIn = serde_json::from_value(sent.clone()).unwrap();
            let found = apply(&read, &mut hook(), is_new, Switch::Off).err().unwrap_or_default();
            let fields: Vec<_> = found.iter().map(|violation| &*violation.field).collect();
            assert_eq!(fields, broken, "{sent}");
        }
        let change = WebhookIn {
            events: Some(["digest.daily", "response.created", "digest.daily"].map(Into::into).into()),
            ..WebhookIn::default()
        };
        let mut changed = hook();
        apply(&change, &mut changed, false, Switch::Off).unwrap();
        assert_eq!(changed.occasions, [Occasion::Created, Occasion::Digest]);
        assert_eq!((changed.name, changed.url), (hook().name, hook().url), "the rest stays");
    }
}
