//! Exports of Delighted, which is gone: what is known of their columns.
//!
//! The names in JSON are those of its interface (`GET /v1/survey_responses.json`). Those of its CSV files could not be
//! verified, so several spellings are understood, and `--map` adds to them.

use parere_shared::limit::{ATTRIBUTE_NAME_CHARS_MAX, ATTRIBUTE_VALUE_CHARS_MAX};
use parere_shared::survey::Metric;
use serde_json::{Map, Value};

use crate::config::Field;

/// Columns by their names in small letters, other signs as underscores; the first that is there is taken.
const NAMES: [(Field, &[&str]); 8] = [
    (Field::Id, &["id", "response_id", "survey_response_id"]),
    (Field::Score, &["score", "rating", "response_score"]),
    (Field::Comment, &["comment", "comments", "response_comment"]),
    (
        Field::OccurredAt,
        &[
            "created_at",
            "response_created_at",
            "survey_response_created_at",
            "responded_at",
            "response_date",
            "date",
        ],
    ),
    (Field::Subject, &["person_email", "email", "customer_email", "person_id", "person"]),
    (Field::Kind, &["survey_type", "response_type", "survey"]),
    (Field::Locale, &["locale", "language", "person_locale", "properties_locale"]),
    (Field::Device, &["device_type", "device"]),
];

/// What the columns of a CSV file mean, by their place.
pub(super) fn columns<'a>(header: impl Iterator<Item = &'a str>) -> Vec<(Field, usize)> {
    let names: Vec<String> = header.map(plain).collect();
    let place = |known: &[&str]| known.iter().find_map(|known| names.iter().position(|name| name == known));
    let mut found: Vec<_> =
        NAMES.into_iter().filter_map(|(field, known)| Some((field, place(known)?))).collect();
    for (place, name) in names.iter().enumerate() {
        let is_taken = found.iter().any(|(_, taken)| *taken == place);
        let property = name.strip_prefix("person_properties_").or_else(|| name.strip_prefix("properties_"));
        if let Some(property) = property.or((name == "tags").then_some("tags")).filter(|_| !is_taken) {
            found.push((Field::Attribute(cut(property, ATTRIBUTE_NAME_CHARS_MAX)), place));
        }
    }
    found
}

/// What is kept of a cell of a CSV file: as much of a property as of its interface.
pub(super) fn cell(field: &Field, text: &str) -> String {
    match field {
        Field::Attribute(_) => cut(text, ATTRIBUTE_VALUE_CHARS_MAX),
        _ => text.to_owned(),
    }
}

/// What an answer of its interface says.
pub(super) fn fields(answer: &Map<String, Value>) -> Vec<(Field, String)> {
    let mut found = Vec::new();
    for (field, name) in [
        (Field::Id, "id"),
        (Field::Score, "score"),
        (Field::Comment, "comment"),
        (Field::OccurredAt, "created_at"),
        (Field::Kind, "survey_type"),
    ] {
        found.extend(answer.get(name).and_then(text).map(|text| (field, text)));
    }
    let person = answer.get("person");
    let email = person.and_then(|person| person.get("email").or_else(|| person.get("id")).or(Some(person)));
    found.extend(email.and_then(text).map(|text| (Field::Subject, text)));
    let tags = answer.get("tags").and_then(Value::as_array);
    let tags: Vec<String> = tags.into_iter().flatten().filter_map(text).collect();
    if !tags.is_empty() {
        found.push((Field::Attribute("tags".into()), cut(&tags.join(", "), ATTRIBUTE_VALUE_CHARS_MAX)));
    }
    for (name, value) in answer.get("person_properties").and_then(Value::as_object).into_iter().flatten() {
        if let Some(value) = text(value).filter(|_| !name.is_empty()) {
            found.push((
                Field::Attribute(cut(name, ATTRIBUTE_NAME_CHARS_MAX)),
                cut(&value, ATTRIBUTE_VALUE_CHARS_MAX),
            ));
        }
    }
    found
}

/// What each of its kinds of survey measures.
pub(super) fn metric_of(kind: &str) -> Option<Metric> {
    match plain(kind).as_str() {
        "nps" | "enps" => Some(Metric::Nps),
        "ces" => Some(Metric::Ces),
        "csat" | "smileys" | "stars" | "five_star" | "5_star" | "stars_five" | "thumbs" => Some(Metric::Csat),
        _ => None,
    }
}

/// Words alone: `Survey Type` and `survey_type` are the same.
fn plain(name: &str) -> String {
    let signs = name.trim().chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    let name: String = signs.collect();
    name.split('_').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}

/// Texts, numbers and truths; nothing for what is empty or has parts.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.is_empty()).then(|| text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// Longer names and values would keep the whole answer out.
fn cut(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn columns_are_found_under_several_names() {
        for (header, expected) in [
            (
                vec![
                    "ID",
                    "Survey Type",
                    "Score",
                    "Comment",
                    "Created At",
                    "Person Email",
                    "Properties: Plan",
                    "Notes",
                ],
                vec![
                    "Id 0",
                    "Score 2",
                    "Comment 3",
                    "OccurredAt 4",
                    "Subject 5",
                    "Kind 1",
                    "Attribute(\"plan\") 6",
                ],
            ),
            (
                vec!["rating", "responded_at", "Tags"],
                vec!["Score 0", "OccurredAt 1", "Attribute(\"tags\") 2"],
            ),
            (vec!["nothing", "of it"], vec![]),
        ] {
            let found = columns(header.iter().copied());
            let found: Vec<_> = found.iter().map(|(field, place)| format!("{field:?} {place}")).collect();
            assert_eq!(found, expected, "{header:?}");
        }
    }

    #[test]
    fn an_answer_of_its_interface_is_read() {
        let answer = json!({
            "id": "64", "person": {"id": "7", "email": "a@b.example"}, "survey_type": "nps", "score": 9,
            "comment": "Fine", "permalink": "https://delighted.com/r/x", "created_at": 1_795_255_200,
            "person_properties": {"plan": "gold", "since": 2019, "nothing": null}, "tags": ["late", "vip"], "notes": [],
        });
        let found: Vec<_> = fields(answer.as_object().unwrap())
            .into_iter()
            .map(|(field, text)| format!("{field:?}={text}"))
            .collect();
        assert_eq!(
            found.join(" "),
            "Id=64 Score=9 Comment=Fine OccurredAt=1795255200 Kind=nps Subject=a@b.example \
             Attribute(\"tags\")=late, vip Attribute(\"plan\")=gold Attribute(\"since\")=2019"
        );
        let plain = json!({"person": "7", "score": 0});
        assert_eq!(fields(plain.as_object().unwrap()).len(), 2);
    }
}
