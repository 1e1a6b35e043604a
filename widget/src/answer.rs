//! An answer in the words of the wire, as the collector reads it (`shared/src/response.rs`).
//!
//! Why not that type itself: it owns every field and has maps and lists that we never fill; written out here as one
//! list of texts it costs the widget 3 kB less. A test holds both to the same JSON.

use parere_shared::gate::BUCKETS;
use parere_shared::response::{Channel, Device};
use parere_shared::text::cut;
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use wasm_bindgen::JsValue;

use crate::prompt::Answer;
use crate::transport;

/// What stays the same in every revision of a response.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) site: &'static str,
    pub(crate) survey: &'static str,
    pub(crate) id: String,
    pub(crate) instrument: &'static str,
    pub(crate) locale: &'static str,
    /// Path of the page.
    pub(crate) page: String,
    pub(crate) touchpoint: &'static str,
    pub(crate) device: Device,
    pub(crate) channel: Channel,
    /// Empty where there is none.
    pub(crate) order_ref: String,
    /// Empty where there is none.
    pub(crate) subject: String,
    /// What the page said of the shopper: name and value by turns, each ended by NUL.
    pub(crate) attributes: &'static str,
    /// Probability of having been asked, in thousandths.
    pub(crate) per_mille: u16,
    pub(crate) occurred_at: String,
}

/// A value of a plain JavaScript object.
enum Field<'a> {
    /// Left out where it is empty.
    Text(&'a str),
    /// A list of texts, one a line; left out where it is empty.
    Lines(&'a str),
    Number(f64),
    Object(&'a [(&'a str, Field<'a>)]),
    /// Names and values by turns, each ended by NUL; left out where it is empty.
    Pairs(&'a str),
}

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Lines(lines) => {
                let mut rest = *lines;
                let mut list = serializer.serialize_seq(None)?;
                while !rest.is_empty() {
                    list.serialize_element(&Self::Text(cut(&mut rest, b'\n')))?;
                }
                list.end()
            }
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Pairs(pairs) => {
                let mut rest = *pairs;
                let mut map = serializer.serialize_map(None)?;
                while !rest.is_empty() {
                    map.serialize_entry(cut(&mut rest, 0), &Self::Text(cut(&mut rest, 0)))?;
                }
                map.end()
            }
            Self::Object(fields) => {
                let mut map = serializer.serialize_map(None)?;
                for (name, field) in *fields {
                    if !matches!(field, Self::Text("") | Self::Lines("") | Self::Pairs("")) {
                        map.serialize_entry(name, field)?;
                    }
                }
                map.end()
            }
        }
    }
}

/// One revision as it is sent.
fn outgoing<'a>(context: &'a Context, answer: &'a Answer) -> [(&'static str, Field<'a>); 18] {
    [
        ("site", Field::Text(context.site)),
        ("survey", Field::Text(context.survey)),
        ("id", Field::Text(&context.id)),
        ("revision", Field::Number(answer.revision.into())),
        ("score", Field::Number(answer.score.into())),
        ("comment", Field::Text(&answer.comment)),
        ("choices", Field::Lines(&answer.choices)),
        ("instrument", Field::Text(context.instrument)),
        ("locale", Field::Text(context.locale)),
        ("page", Field::Text(&context.page)),
        ("channel", Field::Text(context.channel.as_str())),
        ("touchpoint", Field::Text(context.touchpoint)),
        ("device", Field::Text(context.device.as_str())),
        ("ref", Field::Text(&context.order_ref)),
        ("subject", Field::Text(&context.subject)),
        ("attributes", Field::Pairs(context.attributes)),
        ("inclusion", Field::Number(f64::from(context.per_mille) / f64::from(BUCKETS))),
        ("occurred_at", Field::Text(&context.occurred_at)),
    ]
}

/// What an event tells the page: the survey, and the answer where there is one.
pub(crate) fn detail(context: &Context, answer: Option<&Answer>) -> JsValue {
    let survey = ("survey", Field::Text(context.survey));
    let Some(answer) = answer else { return js(&[survey]) };
    js(&[
        survey,
        ("id", Field::Text(&context.id)),
        ("score", Field::Number(answer.score.into())),
        ("revision", Field::Number(answer.revision.into())),
        ("comment", Field::Text(&answer.comment)),
        ("choices", Field::Lines(&answer.choices)),
    ])
}

/// As a plain JavaScript object.
#[inline(never)]
fn js(fields: &[(&str, Field<'_>)]) -> JsValue {
    Field::Object(fields).serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or_default()
}

/// One revision as JSON.
pub(crate) fn json(context: &Context, answer: &Answer) -> String {
    transport::json(&js(&outgoing(context, answer)))
}

#[cfg(test)]
mod tests {
    use parere_shared::response::Response;

    use super::*;

    #[test]
    fn the_collectors_type_writes_the_same() {
        for (comment, choices, order_ref, touchpoint) in
            [(None, "", None, ""), (Some("ottime"), "fit\nother", Some("1001"), "product")]
        {
            let (comment, choices) = (comment.map(str::to_owned), choices.to_owned());
            let own = (comment.clone().unwrap_or_default(), choices.clone());
            let answer = Answer { score: 9, revision: 2, comment: own.0, choices: own.1 };
            let context = Context {
                site: "pk_demo",
                survey: "nps",
                id: "019a".into(),
                instrument: "ad10",
                locale: "it",
                page: "/p".into(),
                touchpoint,
                device: Device::Phone,
                channel: Channel::Popover,
                order_ref: order_ref.unwrap_or_default().into(),
                subject: String::new(),
                attributes: "plan\0gold\0",
                per_mille: 250,
                occurred_at: "2026-11-21T10:00:00Z".into(),
            };
            let theirs = Response {
                site: "pk_demo".into(),
                survey: "nps".into(),
                id: "019a".into(),
                revision: 2,
                score: 9,
                comment,
                choices: choices.lines().map(Into::into).collect(),
                instrument: Some("ad10".into()),
                locale: Some("it".into()),
                page: Some("/p".into()),
                channel: Some(Channel::Popover),
                touchpoint: Some(touchpoint.to_owned()).filter(|text| !text.is_empty()),
                device: Some(Device::Phone),
                order_ref: order_ref.map(Into::into),
                attributes: [("plan".to_owned(), "gold".to_owned())].into(),
                inclusion: Some(0.25),
                occurred_at: Some("2026-11-21T10:00:00Z".into()),
                ..Response::default()
            };
            let mut ours = serde_json::to_value(Field::Object(&outgoing(&context, &answer))).unwrap();
            // JavaScript writes 9.0 as 9.
            for (name, value) in [("score", answer.score), ("revision", 2)] {
                assert_eq!(ours[name].as_f64(), Some(f64::from(value)));
                ours[name] = value.into();
            }
            assert_eq!(ours, serde_json::to_value(theirs).unwrap());
        }
    }
}
