//! The fields of a response, read from JSON; every field of the wrong type is named, not only the first.
//!
//! Unknown fields are ignored, so that a newer widget can speak to an older collector.

use std::collections::BTreeMap;

use parere_shared::response::{Channel, Device, Response};
use parere_shared::violation::{Rule, Violation};
use serde_json::{Map, Value};

/// Reads a response; what cannot be read is in the list, and its field is left at its default.
pub(super) fn read(value: &Value) -> (Response, Vec<Violation>) {
    let empty = Map::new();
    let object = value.as_object();
    let mut fields = Fields::of(object.unwrap_or(&empty));
    if object.is_none() {
        fields.found.push(Violation::new("body", Rule::Type("a JSON object")));
        return (Response::default(), fields.found);
    }
    let response = Response {
        site: fields.required_text("site"),
        survey: fields.required_text("survey"),
        id: fields.required_text("id"),
        revision: u32::try_from(fields.required_number("revision")).unwrap_or(0),
        score: fields.score(),
        comment: fields.text("comment"),
        choices: fields.choices(),
        instrument: fields.text("instrument"),
        locale: fields.text("locale"),
        page: fields.text("page"),
        channel: fields.known("channel", Channel::parse, "a known channel"),
        touchpoint: fields.text("touchpoint"),
        device: fields.known("device", Device::parse, "a known device class"),
        order_ref: fields.text("ref"),
        subject: fields.text("subject"),
        attributes: fields.attributes(),
        inclusion: fields.inclusion(),
        test: fields.flag("test"),
        occurred_at: fields.text("occurred_at"),
        sent_at: fields.text("sent_at"),
    };
    (response, fields.found)
}

/// The fields of an object, and what is wrong with them.
pub(super) struct Fields<'a> {
    object: &'a Map<String, Value>,
    pub(super) found: Vec<Violation>,
}

impl<'a> Fields<'a> {
    /// Nothing is wrong yet.
    pub(super) fn of(object: &'a Map<String, Value>) -> Self {
        Self { object, found: Vec::new() }
    }

    /// The value of a field; `null` is the same as absent.
    fn get(&self, field: &str) -> Option<&'a Value> {
        self.object.get(field).filter(|value| !value.is_null())
    }

    fn wrong(&mut self, field: &str, expected: &'static str) {
        self.found.push(Violation::new(field, Rule::Type(expected)));
    }

    pub(super) fn text(&mut self, field: &str) -> Option<String> {
        let value = self.get(field)?;
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong(field, "a string");
        }
        text
    }

    pub(super) fn required_text(&mut self, field: &str) -> String {
        if self.get(field).is_none() {
            self.found.push(Violation::new(field, Rule::Missing));
        }
        self.text(field).unwrap_or_default()
    }

    fn required_number(&mut self, field: &str) -> i64 {
        let value = self.get(field);
        let number = value.and_then(Value::as_i64);
        match value {
            None => self.found.push(Violation::new(field, Rule::Missing)),
            Some(_) if number.is_none() => self.wrong(field, "a whole number"),
            Some(_) => {}
        }
        number.unwrap_or(0)
    }

    /// A number beyond every scale stays beyond it.
    fn score(&mut self) -> i32 {
        let score = self.required_number("score");
        i32::try_from(score).unwrap_or(if score < 0 { i32::MIN } else { i32::MAX })
    }

    fn flag(&mut self, field: &str) -> bool {
        let Some(value) = self.get(field) else { return false };
        value.as_bool().unwrap_or_else(|| {
            self.wrong(field, "true or false");
            false
        })
    }

    fn inclusion(&mut self) -> Option<f64> {
        let number = self.get("inclusion")?.as_f64();
        if number.is_none() {
            self.wrong("inclusion", "a number");
        }
        number
    }

    pub(super) fn known<T>(
        &mut self,
        field: &str,
        parse: fn(&str) -> Option<T>,
        what: &'static str,
    ) -> Option<T> {
        let text = self.text(field)?;
        let known = parse(&text);
        if known.is_none() {
            self.found.push(Violation::new(field, Rule::Unknown(what)));
        }
        known
    }

    fn choices(&mut self) -> Vec<String> {
        self.texts("choices")
    }

    pub(super) fn texts(&mut self, field: &str) -> Vec<String> {
        let Some(value) = self.get(field) else { return Vec::new() };
        let texts = value
            .as_array()
            .and_then(|items| items.iter().map(|item| item.as_str()).collect::<Option<Vec<_>>>());
        let Some(texts) = texts else {
            self.wrong(field, "an array of strings");
            return Vec::new();
        };
        texts.into_iter().map(str::to_owned).collect()
    }

    fn attributes(&mut self) -> BTreeMap<String, String> {
        let Some(value) = self.get("attributes") else { return BTreeMap::new() };
        let Some(object) = value.as_object() else {
            self.wrong("attributes", "an object of strings");
            return BTreeMap::new();
        };
        let mut attributes = BTreeMap::new();
        for (name, value) in object {
            match value.as_str() {
                Some(text) => {
                    attributes.insert(name.clone(), text.to_owned());
                }
                None => self.wrong(&format!("attributes.{name}"), "a string"),
            }
        }
        attributes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_wrong_field_is_named() {
        let (_, found) = read(&json!({
            "site": 7, "id": null, "revision": "1", "score": 9.5, "comment": [], "choices": "all",
            "channel": "pigeon", "device": 3, "attributes": {"plan": 1}, "inclusion": "x", "test": "no",
        }));
        let broken: Vec<_> = found.iter().map(|v| (v.field.as_str(), v.rule.code())).collect();
        assert_eq!(
            broken,
            [
                ("site", "type"),
                ("survey", "missing"),
                ("id", "missing"),
                ("revision", "type"),
                ("score", "type"),
                ("comment", "type"),
                ("choices", "type"),
                ("channel", "unknown"),
                ("device", "type"),
                ("attributes.plan", "type"),
                ("inclusion", "type"),
                ("test", "type"),
            ]
        );
        assert_eq!(read(&json!(7)).1[0].field, "body");
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let json = json!({
            "site": "pk_demo", "survey": "nps", "id": "019aa2b4-7c00-7abc-8def-0123456789ab", "revision": 2,
            "score": 9, "comment": "sì", "choices": ["fit"], "instrument": "0123456789abcdef", "locale": "it",
            "page": "/x", "channel": "inline", "touchpoint": "product", "device": "phone", "ref": "1001",
            "subject": "c-77", "attributes": {"plan": "gold"}, "inclusion": 0.25, "test": true,
            "occurred_at": "2026-11-21T10:00:00Z", "sent_at": "2026-11-21T10:00:02Z",
        });
        let (response, found) = read(&json);
        assert_eq!(found, []);
        assert_eq!(serde_json::to_value(&response).unwrap(), json);
    }
}
