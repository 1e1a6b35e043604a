//! A shop as a file: its site and its surveys as JSON, to be kept under version control and carried elsewhere.
//!
//! Nothing secret is in it, and nothing of any shopper.

use std::collections::BTreeMap;

use parere_shared::instrument::Instrument;
use parere_shared::survey::Survey;
use parere_shared::violation::{Rule, Violation};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::routes::definition;
use crate::routes::sites::SiteIn;
use crate::store::Site;

/// What a file says.
#[derive(Debug, Default, Serialize)]
pub struct ShopFile {
    /// The site; absent where only surveys are meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) site: Option<SiteIn>,
    /// Definitions of surveys, in the order they were made.
    pub(crate) surveys: Vec<Survey>,
    /// What surveys asked before, by slug: answers name it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) asked_before: BTreeMap<String, Vec<Instrument>>,
}

impl ShopFile {
    /// Of a site, if it shall be in it, with surveys and everything they ever asked.
    pub(crate) fn of(
        site: Option<&Site>,
        surveys: Vec<Survey>,
        mut asked: BTreeMap<String, Vec<Instrument>>,
    ) -> Self {
        for survey in &surveys {
            // What is asked today follows from the definition.
            let today: Vec<_> = survey.languages.iter().map(|language| survey.instrument(language)).collect();
            if let Some(asked) = asked.get_mut(&survey.slug) {
                asked.retain(|asked| !today.contains(asked));
                asked.sort_by_key(Instrument::id);
            }
        }
        asked.retain(|slug, asked| !asked.is_empty() && surveys.iter().any(|survey| survey.slug == *slug));
        Self { site: site.map(SiteIn::from), surveys, asked_before: asked }
    }

    /// The text of the file: a line for each thing, so that changes can be seen.
    pub(crate) fn written(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Reads a file; every field that cannot be taken is named. What surveys say is still to be checked.
    pub(crate) fn read(text: &str) -> Result<Self, Vec<Violation>> {
        let value: Value = serde_json::from_str(text).map_err(|_| vec![wrong("the file", "JSON")])?;
        let Value::Object(mut fields) = value else { return Err(vec![wrong("the file", "a JSON object")]) };
        fields.remove("$schema");
        let mut found = Vec::new();
        let site = fields.remove("site").and_then(|site| taken("site", &site, &mut found));
        let surveys = match fields.remove("surveys") {
            Some(Value::Array(surveys)) => surveys
                .iter()
                .enumerate()
                .filter_map(|(i, survey)| taken(&format!("surveys[{i}]"), survey, &mut found))
                .collect(),
            Some(_) => {
                found.push(wrong("surveys", "an array"));
                Vec::new()
            }
            None => {
                found.push(Violation::new("surveys", Rule::Missing));
                Vec::new()
            }
        };
        let asked_before = asked_before(&mut fields, &mut found);
        found.extend(
            fields.keys().map(|name| Violation::new(name, Rule::Unknown("a field that exists here"))),
        );
        if found.is_empty() { Ok(Self { site, surveys, asked_before }) } else { Err(found) }
    }

    /// Every rule that the surveys break.
    pub(crate) fn violations(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        for (i, survey) in self.surveys.iter().enumerate() {
            let place = format!("surveys[{i}]");
            found.extend(survey.violations().into_iter().map(|violation| inside(&place, violation)));
            if self.surveys.iter().take(i).any(|earlier| earlier.slug == survey.slug) {
                let rule = Rule::Contradiction("must be the slug of no other survey");
                found.push(Violation::new(format!("{place}.slug"), rule));
            }
        }
        for slug in self.asked_before.keys() {
            if !self.surveys.iter().any(|survey| survey.slug == *slug) {
                let rule = Rule::Unknown("the slug of a survey of this file");
                found.push(Violation::new(format!("asked_before.{slug}"), rule));
            }
        }
        found
    }
}

fn asked_before(
    fields: &mut Map<String, Value>,
    found: &mut Vec<Violation>,
) -> BTreeMap<String, Vec<Instrument>> {
    let Some(asked) = fields.remove("asked_before") else { return BTreeMap::new() };
    serde_path_to_error::deserialize(asked).unwrap_or_else(|error| {
        let field = format!("asked_before.{}", error.path());
        found.push(wrong(&field, "what a survey asked, as parere survey export writes it"));
        BTreeMap::new()
    })
}

/// A definition as the interface takes it.
fn taken<T: serde::de::DeserializeOwned>(
    place: &str,
    value: &Value,
    found: &mut Vec<Violation>,
) -> Option<T> {
    match definition::parse(value.to_string().as_bytes()) {
        Ok(read) => Some(read),
        Err(ApiError::Invalid(broken) | ApiError::Malformed(broken)) => {
            found.extend(broken.into_iter().map(|violation| inside(place, violation)));
            None
        }
        Err(_) => {
            found.push(wrong(place, "a definition"));
            None
        }
    }
}

fn inside(place: &str, violation: Violation) -> Violation {
    let field = match violation.field.as_str() {
        "body" => place.to_owned(),
        field => format!("{place}.{field}"),
    };
    Violation::new(field, violation.rule)
}

fn wrong(field: &str, expected: &'static str) -> Violation {
    Violation::new(field, Rule::Type(expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_taken_is_named_by_its_field() {
        let survey = r#"{"slug":"a","metric":"nps","languages":["en"],"scale":{"min":0,"max":10,"polarity":"high_is_good","look":"numbers"}}"#;
        for (text, expected) in [
            ("[]", "the file type"),
            ("{", "the file type"),
            ("{}", "surveys missing"),
            (r#"{"surveys":{}}"#, "surveys type"),
            (r#"{"surveys":[7]}"#, "surveys[0] type"),
            (r#"{"surveys":[{"slug":"a"}]}"#, "surveys[0].metric missing"),
            (r#"{"surveys":[],"site":{"nmae":"x"}}"#, "site.nmae unknown"),
            (r#"{"surveys":[],"sites":[]}"#, "sites unknown"),
            (r#"{"surveys":[],"asked_before":{"nps":[{}]}}"#, "asked_before.nps[0] type"),
            (r#"{"surveys":[],"$schema":"x"}"#, ""),
            (&format!(r#"{{"surveys":[{survey}]}}"#), ""),
        ] {
            let found = ShopFile::read(text).err().unwrap_or_default();
            let found: Vec<_> = found.iter().map(|v| format!("{} {}", v.field, v.rule.code())).collect();
            assert_eq!(found.join(", "), expected, "{text}");
        }
        let twice = ShopFile::read(&format!(r#"{{"surveys":[{survey},{survey}]}}"#)).unwrap();
        assert_eq!(twice.violations()[0].field, "surveys[1].slug");
    }
}
