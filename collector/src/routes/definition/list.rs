//! Lists where an object belongs: serde would take their entries for the fields of the object, one after the other.

use parere_shared::violation::{Rule, Violation};
use serde_json::Value;

/// Every field of a definition that is a list; none of them holds lists.
const LISTS: [&str; 25] = [
    "conditions",
    "days",
    "events",
    "follow_ups",
    "fri",
    "holidays",
    "hours",
    "languages",
    "mon",
    "options",
    "origins",
    "properties",
    "quiet_hours",
    "sat",
    "scopes",
    "sites",
    "sun",
    "tags",
    "thanks",
    "thu",
    "tue",
    "unless",
    "urls",
    "values",
    "wed",
];

/// The lists in `definition` that stand in the place of an object.
pub(super) fn misplaced(definition: &Value) -> Vec<Violation> {
    let mut found = Vec::new();
    look_into(definition, "", &mut found);
    found
}

fn look_into(value: &Value, path: &str, found: &mut Vec<Violation>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let field = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                // The words of a language are no list, whatever it is called.
                if value.is_array() && (path == "texts" || !LISTS.contains(&name.as_str())) {
                    found.push(no_list(field));
                } else {
                    look_into(value, &field, found);
                }
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                let field = format!("{path}[{i}]");
                if item.is_array() {
                    found.push(no_list(field));
                } else {
                    look_into(item, &field, found);
                }
            }
        }
        _ => {}
    }
}

fn no_list(field: String) -> Violation {
    Violation::new(field, Rule::Type("an object"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_stand_in_their_place_only() {
        for (definition, fields) in [
            (json!({"languages": ["it"], "follow_ups": [{"choices": {"options": []}}]}), vec![]),
            (json!({"scale": [0, 10, "high_is_good", "numbers"]}), vec!["scale"]),
            (
                json!({"targeting": {"quota": [], "urls": [["prefix", "/"]]}}),
                vec!["targeting.quota", "targeting.urls[0]"],
            ),
            (
                json!({"trigger": ["exit"], "texts": {"it": ["?"], "days": []}}),
                vec!["texts.days", "texts.it", "trigger"],
            ),
            (
                json!({"trigger": {"properties": [["attribute", "a", "is", ["b"]]]}}),
                vec!["trigger.properties[0]"],
            ),
        ] {
            let mut found: Vec<String> =
                misplaced(&definition).into_iter().map(|violation| violation.field).collect();
            found.sort();
            assert_eq!(found, fields, "{definition}");
        }
    }
}
