//! What a collector must know after what has happened to it: the contract once more, without a database.

use std::collections::{BTreeMap, BTreeSet};

use parere_shared::redact::redact;
use parere_shared::response::ResponseId;
use parere_shared::score::Band;
use parere_shared::survey::Survey;
use parere_shared::time::{self, Millis};
use serde_json::{Map, Value, json};

use super::step::{Decision, SURVEYS};

/// Flags in the order in which they are shown; those that keep an answer out of scores.
const FLAGS: [&str; 6] = ["clock", "instrument", "inclusion", "fast", "excluded", "included"];
const EXCLUDING: [&str; 2] = ["fast", "excluded"];

/// Everything that was stored, in the order of storing.
#[derive(Default)]
pub(super) struct Model {
    pub(super) answers: Vec<Answer>,
    surveys: BTreeMap<String, Survey>,
    /// Ids of what was erased.
    erased: BTreeSet<String>,
}

/// A stored answer.
pub(super) struct Answer {
    /// All that the sender said, in one form.
    said: Map<String, Value>,
    /// The row of the export, but for the flags.
    row: Value,
    flags: Vec<&'static str>,
    pub(super) received: Millis,
}

impl Model {
    pub(super) fn new(surveys: impl IntoIterator<Item = Survey>) -> Self {
        let surveys = surveys.into_iter().map(|survey| (survey.slug.clone(), survey)).collect();
        Self { surveys, ..Self::default() }
    }

    /// Id of the instrument that the survey shows now.
    pub(super) fn instrument(&self, survey: &str, locale: Option<&str>) -> String {
        self.surveys[survey].instrument(locale.unwrap_or_default()).id()
    }

    /// Takes an answer that breaks no rule, and says what is to be said about it.
    pub(super) fn take(&mut self, body: &Value, now: Millis) -> &'static str {
        let said = said(body);
        if said["id"].as_str().is_some_and(|id| self.erased.contains(id)) {
            return "superseded";
        }
        let place = self.answers.iter().position(|answer| answer.said["id"] == said["id"]);
        let standing = place.map(|place| &self.answers[place]);
        if let Some(standing) = standing {
            let (old, new) = (standing.said["revision"].as_u64(), said["revision"].as_u64());
            if new < old {
                return "superseded";
            }
            if new == old {
                return if standing.said == said { "duplicate" } else { "conflict" };
            }
        }
        let received = standing.map_or(now, |standing| standing.received);
        let kept = standing.map_or(&[][..], |standing| &standing.flags);
        let (occurred, mut flags) = occurred(body, now);
        flags.extend(kept.iter().filter(|flag| !["clock", "instrument", "inclusion"].contains(flag)));
        let (instrument, is_unknown) = self.shown(&said);
        flags.extend(is_unknown.then_some("instrument"));
        // Every survey of the demo shop asks everybody.
        let is_believed = said.get("inclusion").is_none_or(|inclusion| inclusion.as_f64() == Some(1.0));
        flags.extend((!is_believed).then_some("inclusion"));
        flags.extend(is_fast(body, now).then_some("fast"));
        let row = self.row(&said, &instrument, occurred, received);
        let answer = Answer { said, row, flags, received };
        match place {
            Some(place) => self.answers[place] = answer,
            None => self.answers.push(answer),
        }
        "stored"
    }

    /// Forgets an answer; `false` if it was never there.
    pub(super) fn erase(&mut self, id: &str) -> bool {
        if let Some(place) = self.answers.iter().position(|answer| answer.said["id"] == id) {
            self.answers.remove(place);
            self.erased.insert(id.to_owned());
        }
        self.erased.contains(id)
    }

    /// Takes a person's decision, and says how many answers it changed.
    pub(super) fn review(&mut self, decision: &Decision, now: Millis) -> usize {
        let mut changed = 0;
        for answer in self.answers.iter_mut().filter(|answer| answer.is_meant(decision, now)) {
            let before = answer.flag_names();
            answer.flags.retain(|flag| !["excluded", "included"].contains(flag));
            answer.flags.extend(match decision.review {
                "include" => Some("included"),
                "exclude" => Some("excluded"),
                _ => None,
            });
            changed += usize::from(answer.flag_names() != before);
        }
        changed
    }

    fn shown(&self, said: &Map<String, Value>) -> (String, bool) {
        let survey = said["survey"].as_str().unwrap();
        let named = said.get("instrument").and_then(Value::as_str);
        let known = |id: &str| {
            let survey = &self.surveys[survey];
            survey.languages.iter().any(|language| survey.instrument(language).id() == id)
        };
        match named {
            Some(id) if known(id) => (id.to_owned(), false),
            _ => (self.instrument(survey, said.get("locale").and_then(Value::as_str)), named.is_some()),
        }
    }

    fn row(&self, said: &Map<String, Value>, instrument: &str, occurred: Millis, received: Millis) -> Value {
        let survey = &self.surveys[said["survey"].as_str().unwrap()];
        let score = i32::try_from(said["score"].as_i64().unwrap()).unwrap();
        let of = |name: &str| said.get(name).cloned().unwrap_or(Value::Null);
        let or = |name: &str, otherwise: Value| said.get(name).cloned().unwrap_or(otherwise);
        json!({
            "id": of("id"), "survey": of("survey"), "metric": survey.metric.as_str(), "instrument": instrument,
            "revision": of("revision"), "score": score,
            "band": Band::of(survey.metric, &survey.scale, score).as_str(), "comment": of("comment"),
            "choices": or("choices", json!([])), "locale": of("locale"), "channel": of("channel"),
            "touchpoint": of("touchpoint"), "device": of("device"), "page": of("page"), "ref": of("ref"),
            "attributes": or("attributes", json!({})), "test": or("test", json!(false)),
            "inclusion": of("inclusion"), "occurred_at": time::format(occurred),
            "received_at": time::format(received),
        })
    }
}

impl Answer {
    /// The row of the export.
    pub(super) fn row(&self) -> Value {
        let mut row = self.row.clone();
        row["flags"] = json!(self.flag_names().split_whitespace().collect::<Vec<_>>());
        row
    }

    fn flag_names(&self) -> String {
        let set: Vec<&str> = FLAGS.into_iter().filter(|flag| self.flags.contains(flag)).collect();
        set.join(" ")
    }

    /// Why it does not count, if it does not.
    pub(super) fn excluded(&self) -> Option<&'static str> {
        if self.row["test"] == true {
            return Some("test");
        }
        let is_doubted = self.flags.iter().any(|flag| EXCLUDING.contains(flag));
        (is_doubted && !self.flags.contains(&"included")).then_some("flagged")
    }

    fn is_meant(&self, decision: &Decision, now: Millis) -> bool {
        let has = |flag: &str| match flag {
            "any" => self.flags.iter().any(|flag| EXCLUDING.contains(flag)),
            flag => self.flags.contains(&flag),
        };
        let says = |word: &str| {
            let comment = self.row["comment"].as_str().unwrap_or_default().to_ascii_lowercase();
            comment.contains(&word.to_ascii_lowercase())
        };
        decision.survey.is_none_or(|survey| self.row["survey"] == SURVEYS[survey].0)
            && decision.within.is_none_or(|within| self.received >= now - within)
            && decision.flag.is_none_or(has)
            && decision.word.is_none_or(says)
    }
}

/// What two bodies have in common that say the same.
fn said(body: &Value) -> Map<String, Value> {
    let mut said = body.as_object().unwrap().clone();
    said.remove("sent_at");
    said.retain(|_, value| !matches!(value, Value::Null | Value::Bool(false)));
    said.retain(|_, value| *value != json!([]) && *value != json!({}));
    if let Some(comment) = said.get_mut("comment") {
        *comment = json!(redact(comment.as_str().unwrap()));
    }
    said
}

/// When the answer was given, by our clock, and a doubt about the shopper's.
fn occurred(body: &Value, now: Millis) -> (Millis, Vec<&'static str>) {
    let moment = |name: &str| body[name].as_str().map(|text| time::parse(text).unwrap());
    match (moment("occurred_at"), moment("sent_at")) {
        (None, _) => (now, vec![]),
        (Some(occurred), Some(sent)) if sent >= occurred => (now - (sent - occurred), vec![]),
        _ => (now, vec!["clock"]),
    }
}

fn is_fast(body: &Value, now: Millis) -> bool {
    let answered = body["occurred_at"].as_str().map_or(now, |text| time::parse(text).unwrap());
    let drawn = ResponseId::parse(body["id"].as_str().unwrap()).unwrap().made_ms();
    let is_seen = body["channel"].is_string() && body["channel"] != "api";
    is_seen && body["revision"] == 1 && (0..300).contains(&(answered - drawn))
}
