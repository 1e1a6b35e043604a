//! An answer in the words of the wire, as the collector reads it (`shared/src/response.rs`).
//!
//! Why not that type itself: it owns every field and has maps and lists that we never fill; written out here as one
//! list of texts it costs the widget 3 kB less. A test holds both to the same JSON.

use parere_shared::gate::BUCKETS;
use parere_shared::response::{Channel, Device};
use serde::ser::{Serialize, SerializeMap, Serializer};
use wasm_bindgen::JsValue;

use crate::prompt::Answer;

/// What stays the same in every revision of a response.
#[derive(Debug, Default)]
pub(crate) struct Context {
    pub(crate) site: String,
    pub(crate) survey: String,
    pub(crate) id: String,
    pub(crate) instrument: String,
    pub(crate) locale: String,
    /// Path of the page.
    pub(crate) page: String,
    pub(crate) touchpoint: String,
    pub(crate) device: Option<Device>,
    pub(crate) order_ref: Option<String>,
    pub(crate) subject: Option<String>,
    /// Probability of having been asked, in thousandths.
    pub(crate) per_mille: u16,
    pub(crate) occurred_at: String,
}

/// One revision as it is sent.
pub(crate) struct Outgoing<'a> {
    pub(crate) context: &'a Context,
    pub(crate) answer: &'a Answer,
}

/// What the page is told of a moment; an answer only where there is one.
pub(crate) struct Detail<'a> {
    pub(crate) survey: &'a str,
    pub(crate) id: &'a str,
    pub(crate) answer: Option<&'a Answer>,
}

impl Serialize for Outgoing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let context = self.context;
        let mut map = serializer.serialize_map(None)?;
        for (name, text) in [
            ("site", context.site.as_str()),
            ("survey", &context.survey),
            ("id", &context.id),
            ("comment", self.answer.comment.as_deref().unwrap_or_default()),
            ("instrument", &context.instrument),
            ("locale", &context.locale),
            ("page", &context.page),
            ("channel", Channel::Inline.as_str()),
            ("touchpoint", &context.touchpoint),
            ("device", context.device.map_or("", Device::as_str)),
            ("ref", context.order_ref.as_deref().unwrap_or_default()),
            ("subject", context.subject.as_deref().unwrap_or_default()),
            ("occurred_at", &context.occurred_at),
        ] {
            if !text.is_empty() {
                map.serialize_entry(name, text)?;
            }
        }
        map.serialize_entry("inclusion", &(f64::from(context.per_mille) / f64::from(BUCKETS)))?;
        serialize_numbers(self.answer, &mut map)?;
        map.end()
    }
}

impl Serialize for Detail<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("survey", self.survey)?;
        if let Some(answer) = self.answer {
            map.serialize_entry("id", self.id)?;
            serialize_numbers(answer, &mut map)?;
            if let Some(comment) = &answer.comment {
                map.serialize_entry("comment", comment.as_str())?;
            }
        }
        map.end()
    }
}

/// All numbers are of JavaScript's one type: one copy of the code for all.
fn serialize_numbers<M: SerializeMap>(answer: &Answer, map: &mut M) -> Result<(), M::Error> {
    map.serialize_entry("score", &f64::from(answer.score))?;
    map.serialize_entry("revision", &f64::from(answer.revision))
}

/// As a plain JavaScript object.
pub(crate) fn js(value: &impl Serialize) -> Option<JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).ok()
}

/// As JSON.
pub(crate) fn json(value: &impl Serialize) -> Option<String> {
    js_sys::JSON::stringify(&js(value)?).ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use parere_shared::response::Response;

    use super::*;

    #[test]
    fn the_collectors_type_writes_the_same() {
        for (comment, order_ref, touchpoint) in [(None, None, ""), (Some("ottime"), Some("1001"), "product")]
        {
            let answer = Answer { score: 9, revision: 2, comment: comment.map(Into::into) };
            let context = Context {
                site: "pk_demo".into(),
                survey: "nps".into(),
                id: "019a".into(),
                instrument: "ad10".into(),
                locale: "it".into(),
                page: "/p".into(),
                touchpoint: touchpoint.into(),
                device: Some(Device::Phone),
                order_ref: order_ref.map(Into::into),
                subject: None,
                per_mille: 250,
                occurred_at: "2026-11-21T10:00:00Z".into(),
            };
            let theirs = Response {
                site: "pk_demo".into(),
                survey: "nps".into(),
                id: "019a".into(),
                revision: 2,
                score: 9,
                comment: comment.map(Into::into),
                instrument: Some("ad10".into()),
                locale: Some("it".into()),
                page: Some("/p".into()),
                channel: Some(Channel::Inline),
                touchpoint: Some(touchpoint.to_owned()).filter(|text| !text.is_empty()),
                device: Some(Device::Phone),
                order_ref: order_ref.map(Into::into),
                inclusion: Some(0.25),
                occurred_at: Some("2026-11-21T10:00:00Z".into()),
                ..Response::default()
            };
            let mut ours = serde_json::to_value(Outgoing { context: &context, answer: &answer }).unwrap();
            // JavaScript writes 9.0 as 9.
            for (name, value) in [("score", answer.score), ("revision", 2)] {
                assert_eq!(ours[name].as_f64(), Some(f64::from(value)));
                ours[name] = value.into();
            }
            assert_eq!(ours, serde_json::to_value(theirs).unwrap());
        }
    }
}
