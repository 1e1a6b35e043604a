//! Hooks and deliveries in words.

use parere_shared::time::Millis;

use crate::catalogue::date_of;
use crate::config::Switch;
use crate::delivery::Target;
use crate::routes::dashboard::connect::crm_name;
use crate::routes::dashboard::words::Moment;
use crate::store::{About, Attempt, Delivery, DeliveryState, Occasion, Webhook, WebhookKind, WebhookState};

pub(super) struct HookRow {
    pub(super) id: String,
    pub(super) name: String,
    /// What it is told of, and where.
    pub(super) summary: String,
    pub(super) made_by: String,
    pub(super) made: Moment,
    /// Said only of what is not as it should be.
    pub(super) state: String,
    pub(super) is_on: bool,
    pub(super) is_crm: bool,
}

pub(super) struct DeliveryRow {
    pub(super) id: String,
    pub(super) what: &'static str,
    /// Which answer, as an id, where it tells of one.
    pub(super) response: Option<String>,
    pub(super) day: String,
    pub(super) state: &'static str,
    pub(super) made: Moment,
    /// When it is tried next.
    pub(super) due: Option<Moment>,
    pub(super) attempts: Vec<AttemptRow>,
    pub(super) is_waiting: bool,
}

pub(super) struct AttemptRow {
    pub(super) at: Moment,
    pub(super) said: String,
}

/// What an occasion is called.
pub(in crate::routes::dashboard) fn called(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Created => "every answer",
        Occasion::Updated => "every later change of an answer",
        Occasion::Detractor => "unhappy answers, at once",
        Occasion::Digest => "a digest of the day before",
        Occasion::Invitation => "customers to invite by text message or another way, with their addresses",
        Occasion::Test => "a test",
    }
}

impl HookRow {
    /// As it is `now`, with its latest deliveries, the newest first.
    pub(super) fn of(hook: &Webhook, log: &[Delivery], now: Millis) -> Self {
        let told: Vec<_> = hook.occasions.iter().map(|occasion| called(*occasion)).collect();
        // Slack's addresses are secrets; a host says enough.
        let place = match hook.kind {
            WebhookKind::Standard => hook.url.clone(),
            WebhookKind::Slack => format!("Slack message to {}", host(hook)),
            WebhookKind::HubSpot => format!("contacts in HubSpot ({})", host(hook)),
            WebhookKind::Klaviyo => format!("profiles in Klaviyo ({})", host(hook)),
        };
        Self {
            id: hook.id.clone(),
            name: hook.name.clone(),
            summary: format!("{} · {place}", told.join(", ")),
            made_by: hook.made_by.clone(),
            made: Moment::new(hook.created_at),
            state: match hook.state {
                WebhookState::On => trouble(hook, log, now),
                WebhookState::Gone => "Switched off: the receiver said that it is gone.".into(),
                WebhookState::Off | WebhookState::Removed => "Switched off.".into(),
            },
            is_on: hook.state == WebhookState::On,
            is_crm: hook.kind.is_crm(),
        }
    }
}

/// What a CRM needs or wants of somebody.
fn trouble(hook: &Webhook, log: &[Delivery], now: Millis) -> String {
    if !hook.kind.is_crm() {
        return String::new();
    }
    if hook.rests_until > now {
        let until = Moment::new(hook.rests_until).text;
        return format!("{} wants to be left alone until {until}.", crm_name(hook.kind));
    }
    let last = log.iter().find_map(|delivery| delivery.attempts.last());
    let refused = last.filter(|last| matches!(last.status, Some(401 | 403)));
    refused.map(|last| last.said.clone()).unwrap_or_default()
}

fn host(hook: &Webhook) -> String {
    Target::parse(&hook.url, Switch::On).map_or_else(|_| String::new(), |to| to.host)
}

impl DeliveryRow {
    pub(super) fn of(delivery: Delivery) -> Self {
        let (response, day) = match delivery.about {
            About::Response(id, _) => (Some(id.encode()), String::new()),
            About::Day(day) => (None, date_of(day).strftime("%-d %B %Y").to_string()),
            About::Invitation(_) | About::Nothing => (None, String::new()),
        };
        let is_waiting = delivery.state == DeliveryState::Waiting;
        Self {
            id: delivery.id,
            what: match delivery.occasion {
                Occasion::Created => "New answer",
                Occasion::Updated => "Changed answer",
                Occasion::Detractor => "Unhappy answer",
                Occasion::Digest => "Digest",
                Occasion::Invitation => "Invitation",
                Occasion::Test => "Test",
            },
            response,
            day,
            state: match delivery.state {
                DeliveryState::Waiting => "waiting",
                DeliveryState::Delivered => "delivered",
                DeliveryState::Failed => "given up",
            },
            made: Moment::new(delivery.created_at),
            due: is_waiting.then(|| Moment::new(delivery.due_at)),
            attempts: delivery.attempts.into_iter().map(attempt_row).collect(),
            is_waiting,
        }
    }
}

fn attempt_row(attempt: Attempt) -> AttemptRow {
    let status = attempt.status.map(|status| status.to_string());
    let said = [status, Some(format!("{} ms", attempt.latency_ms)), Some(attempt.said)];
    let said: Vec<_> = said.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    AttemptRow { at: Moment::new(attempt.at), said: said.join(" · ") }
}
