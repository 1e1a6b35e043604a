//! A response: one shopper's answer to one survey, with its context.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::limit;
use crate::survey::Survey;
use crate::text;
use crate::violation::{Rule, Violation};

mod id;
mod kind;
#[cfg(test)]
mod tests;

pub use id::ResponseId;
pub use kind::{Channel, Device};

/// An answer as it crosses the wire; absent fields are left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Response {
    /// Site key.
    pub site: String,
    /// Slug of the survey.
    pub survey: String,
    /// `UUIDv7`, made once in the browser and kept for every retry and revision.
    pub id: String,
    /// 1 for the score alone; higher when a comment or another score follows.
    pub revision: u32,
    /// The chosen point of the scale.
    pub score: i32,
    /// What the shopper wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What the shopper ticked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// The wording, scale and look the shopper saw: 16 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instrument: Option<String>,
    /// Language of the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Path of the page, without query and fragment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// How the question reached the shopper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Where in the customer journey.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touchpoint: Option<String>,
    /// Class of device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
    /// The merchant's order reference.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub order_ref: Option<String>,
    /// The merchant's reference for the person; the collector stores only a keyed hash of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The merchant's own facts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Probability of having been asked, above 0 and at most 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inclusion: Option<f64>,
    /// A try-out that never counts.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
    /// When the score was chosen, RFC 3339, by the shopper's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<String>,
    /// When this copy was sent, RFC 3339, by the same clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<String>,
}

/// Every rule of the wire that `response` breaks, whatever the survey.
pub fn check(response: &Response) -> Vec<Violation> {
    let mut found = Vec::new();
    if ResponseId::parse(&response.id).is_none() {
        found.push(Violation::new("id", Rule::Format("a UUID of version 7")));
    }
    if !(1..=limit::REVISION_MAX).contains(&response.revision) {
        let rule = Rule::OutOfRange { min: 1, max: i64::from(limit::REVISION_MAX) };
        found.push(Violation::new("revision", rule));
    }
    if let Some(comment) = &response.comment {
        check_text("comment", comment, limit::COMMENT_CHARS_MAX, &mut found);
    }
    check_context(response, &mut found);
    check_attributes(&response.attributes, &mut found);
    if response.inclusion.is_some_and(|p| !(p > 0.0 && p <= 1.0)) {
        found.push(Violation::new("inclusion", Rule::Format("a number above 0 and at most 1")));
    }
    for (field, moment) in [("occurred_at", &response.occurred_at), ("sent_at", &response.sent_at)] {
        if moment.as_deref().is_some_and(|moment| crate::time::parse(moment).is_none()) {
            found.push(Violation::new(field, Rule::Format("an RFC 3339 date and time with an offset")));
        }
    }
    found
}

/// Every rule of its survey that `response` breaks.
pub fn check_against(response: &Response, survey: &Survey) -> Vec<Violation> {
    let mut found = Vec::new();
    let scale = &survey.scale;
    if !scale.contains(response.score) {
        let rule = Rule::OutOfRange { min: scale.min.into(), max: scale.max.into() };
        found.push(Violation::new("score", rule));
    }
    // Any choice is taken where there are choices: the list may have changed while the question stood.
    let offers = survey.follow_ups.iter().any(|follow_up| follow_up.choices.is_some());
    if !response.choices.is_empty() && !offers {
        found.push(Violation::new("choices", Rule::Unknown("offered by this survey")));
    }
    if offers && response.choices.iter().any(|choice| !text::is_slug(choice)) {
        found.push(Violation::new("choices", Rule::Format("values of choices, such as fit or other")));
    }
    found
}

fn check_context(response: &Response, found: &mut Vec<Violation>) {
    if response.choices.len() > limit::CHOICES_MAX {
        found.push(Violation::new("choices", Rule::TooMany { max: limit::CHOICES_MAX }));
    }
    for choice in response.choices.iter().take(limit::CHOICES_MAX) {
        check_text("choices", choice, limit::FIELD_CHARS_MAX, found);
    }
    let instrument = response.instrument.as_deref();
    if instrument.is_some_and(|id| !crate::instrument::is_id(id)) {
        found.push(Violation::new("instrument", Rule::Format("16 hexadecimal digits")));
    }
    if response.locale.as_deref().is_some_and(|locale| !text::is_language(locale)) {
        found.push(Violation::new("locale", Rule::Format("a language tag such as it or pt-BR")));
    }
    for (field, value, chars_max) in [
        ("page", &response.page, limit::PAGE_CHARS_MAX),
        ("touchpoint", &response.touchpoint, limit::FIELD_CHARS_MAX),
        ("ref", &response.order_ref, limit::FIELD_CHARS_MAX),
        ("subject", &response.subject, limit::FIELD_CHARS_MAX),
    ] {
        if let Some(value) = value {
            check_text(field, value, chars_max, found);
        }
    }
}

/// Every rule of the wire that `attributes` break, added to `found`.
pub fn check_attributes(attributes: &BTreeMap<String, String>, found: &mut Vec<Violation>) {
    if attributes.len() > limit::ATTRIBUTES_MAX {
        found.push(Violation::new("attributes", Rule::TooMany { max: limit::ATTRIBUTES_MAX }));
    }
    for (name, value) in attributes.iter().take(limit::ATTRIBUTES_MAX) {
        if name.is_empty()
            || name.chars().count() > limit::ATTRIBUTE_NAME_CHARS_MAX
            || text::has_control(name)
        {
            let rule = Rule::Format("names of 1 to 64 characters without control characters");
            found.push(Violation::new("attributes", rule));
            continue;
        }
        let mut field = String::from("attributes.");
        field.push_str(name);
        check_text(&field, value, limit::ATTRIBUTE_VALUE_CHARS_MAX, found);
    }
}

fn check_text(field: &str, value: &str, chars_max: usize, found: &mut Vec<Violation>) {
    if value.chars().count() > chars_max {
        found.push(Violation::new(field, Rule::TooLong { max: chars_max }));
    }
    if text::has_control(value) {
        found.push(Violation::new(field, Rule::ControlCharacter));
    }
}
