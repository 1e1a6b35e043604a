//! What became of a question, from the bytes of a beacon to the events that are counted.
//!
//! Nothing here names a shopper or a device, and no event becomes a row: see `ledger.rs`.

use std::collections::BTreeSet;

use parere_shared::event::EventKind;
use parere_shared::limit::FIELD_CHARS_MAX;
use parere_shared::response::{Channel, Device};
use parere_shared::time::Millis;
use parere_shared::violation::{Rule, Violation};
use parere_shared::{instrument, text};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::admission::{Sender, check_sender};
use super::fields::Fields;
use super::{doubt, record};
use crate::app::App;
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::error::ApiError;
use crate::store::{Event, Row};

/// What became of one question on one page; no field says whose it was.
#[derive(Debug, Default, PartialEq, Eq, ToSchema)]
pub struct EventReport {
    /// Site key.
    site: String,
    /// Slug of the survey.
    survey: String,
    /// What happened; a kind that is named twice counts once.
    #[schema(value_type = Vec<EventKind>)]
    events: BTreeSet<EventKind>,
    /// The wording, scale and look that stood there.
    #[schema(required = false)]
    instrument: Option<String>,
    /// How the question came.
    #[schema(required = false)]
    channel: Option<Channel>,
    /// Language of the prompt.
    #[schema(required = false)]
    locale: Option<String>,
    /// Class of device.
    #[schema(required = false)]
    device: Option<Device>,
    /// Where in the customer journey.
    #[schema(required = false)]
    touchpoint: Option<String>,
}

/// The events that are to be counted, or the reason why none is; what a program that reads pages met is not counted.
///
/// The rules on origins and amounts are those of answers; the amounts are counted apart, so that events never cost an
/// answer its place.
pub fn admit(app: &App, sender: &Sender<'_>, value: &Value) -> Result<Vec<Event>, ApiError> {
    let (said, found) = read(value);
    if !found.is_empty() {
        return Err(ApiError::Invalid(found));
    }
    let site = app.catalogue.site(&said.site).ok_or(ApiError::NotFound("There is no site with this key."))?;
    check_sender(&app.event_limiter, sender, &site)?;
    let entry =
        site.survey(&said.survey).ok_or(ApiError::NotFound("The site has no survey of this name."))?;
    if !entry.survey.accepts(false) {
        return Err(ApiError::Closed);
    }
    if doubt::is_bot(sender.agent) {
        return Ok(Vec::new());
    }
    let day = site.day_of(sender.now);
    Ok(said.events.iter().map(|kind| event(&said, *kind, &site, entry, day)).collect())
}

/// May what this sender does on the hosted page of a site be counted? Not if it is a program that reads pages, or sends
/// too much; the amounts are those of beacons.
pub fn may_count(app: &App, sender: &Sender<'_>, site: &SiteEntry) -> bool {
    !doubt::is_bot(sender.agent) && check_sender(&app.event_limiter, sender, site).is_ok()
}

/// The link under the thanks was followed at `now`, after this answer.
pub fn followed(site: &SiteEntry, entry: &SurveyEntry, row: &Row, now: Millis) -> Event {
    let said = EventReport {
        instrument: Some(row.instrument.clone()),
        channel: row.channel,
        locale: row.locale.clone(),
        device: row.device,
        touchpoint: row.touchpoint.clone(),
        ..EventReport::default()
    };
    event(&said, EventKind::Clicked, site, entry, site.day_of(now))
}

/// Every word that is a key is one of ours: what a sender makes up is nothing, or `other`.
fn event(said: &EventReport, kind: EventKind, site: &SiteEntry, entry: &SurveyEntry, day: i32) -> Event {
    let known = said.instrument.clone().filter(|id| entry.instruments.contains_key(id));
    Event {
        site: site.site.key.clone(),
        survey: entry.survey.slug.clone(),
        day,
        kind,
        instrument: known.unwrap_or_default(),
        channel: said.channel.map_or("", Channel::as_str),
        locale: record::counted_locale(said.locale.as_deref(), entry),
        device: said.device.map_or("", Device::as_str),
        touchpoint: record::counted_touchpoint(said.touchpoint.as_deref(), entry),
    }
}

fn read(value: &Value) -> (EventReport, Vec<Violation>) {
    let empty = Map::new();
    let mut fields = Fields::of(value.as_object().unwrap_or(&empty));
    let mut said = EventReport {
        site: fields.required_text("site"),
        survey: fields.required_text("survey"),
        events: BTreeSet::new(),
        instrument: fields.text("instrument"),
        channel: fields.known("channel", Channel::parse, "a known channel"),
        locale: fields.text("locale"),
        device: fields.known("device", Device::parse, "a known device class"),
        touchpoint: fields.text("touchpoint"),
    };
    let kinds = fields.texts("events");
    let mut found = fields.found;
    let mut broken = |field, rule| found.push(Violation::new(field, rule));
    if kinds.is_empty() {
        broken("events", Rule::Missing);
    }
    for kind in kinds {
        match EventKind::parse(&kind) {
            Some(kind) => _ = said.events.insert(kind),
            None => broken("events", Rule::Unknown("eligible, shown, started, dismissed or clicked")),
        }
    }
    if said.instrument.as_deref().is_some_and(|id| !instrument::is_id(id)) {
        broken("instrument", Rule::Format("16 hexadecimal digits"));
    }
    if let Some(touchpoint) = said.touchpoint.as_deref() {
        if touchpoint.chars().count() > FIELD_CHARS_MAX {
            broken("touchpoint", Rule::TooLong { max: FIELD_CHARS_MAX });
        }
        if text::has_control(touchpoint) {
            broken("touchpoint", Rule::ControlCharacter);
        }
    }
    if said.locale.as_deref().is_some_and(|locale| !text::is_language(locale)) {
        broken("locale", Rule::Format("a language tag such as it or pt-BR"));
    }
    (said, found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_wrong_field_is_named() {
        for (value, expected) in [
            (json!({"site": "pk_demo", "survey": "nps", "events": ["shown", "shown"]}), vec![]),
            (json!([]), vec!["site", "survey", "events"]),
            (json!({"site": 1, "survey": "nps", "events": "shown"}), vec!["site", "events", "events"]),
            (
                json!({"site": "a", "survey": "b", "events": ["shown", "bought"], "instrument": "x", "locale": "?",
                    "channel": "pigeon", "device": 3, "touchpoint": []}),
                vec!["channel", "device", "touchpoint", "events", "instrument", "locale"],
            ),
        ] {
            let (_, found) = read(&value);
            let fields: Vec<_> = found.iter().map(|violation| violation.field.as_str()).collect();
            assert_eq!(fields, expected, "{value}");
        }
    }
}
