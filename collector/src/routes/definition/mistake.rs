//! From what serde says about a wrong body to the field and the rule it broke.

use parere_shared::violation::{Rule, Violation};

/// The field that could not be read, and what it must be.
pub(super) fn of(error: &serde_path_to_error::Error<serde_json::Error>) -> Violation {
    let message = error.inner().to_string();
    let path = error.path().to_string();
    let quoted = message.split('`').nth(1).unwrap_or_default();
    let inside = |name: &str| match path.as_str() {
        "." => name.to_owned(),
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        path => format!("{path}.{name}"),
    };
    if message.starts_with("missing field") {
        return Violation::new(inside(quoted), Rule::Missing);
    }
    if message.starts_with("unknown field") {
        return Violation::new(inside(quoted), Rule::Unknown("a field that exists here"));
    }
    let field = if path == "." { "body".into() } else { path };
    let rule = if message.starts_with("unknown variant") { name(&field) } else { kind(&message) };
    Violation::new(field, rule)
}

/// What a field with a closed list of names takes.
fn name(field: &str) -> Rule {
    let last = field.rsplit('.').next().unwrap_or(field);
    Rule::Format(match last.split('[').next().unwrap_or(last) {
        "event" => {
            "created, outbound, customer_replied, agent_replied, reopened, solved, merged, spam or deleted"
        }
        "state" => "draft, live, paused or archived",
        "metric" => "nps, ces or csat",
        "polarity" => "high_is_good or low_is_good",
        "look" => "numbers, stars, faces or thumbs",
        "placement" => "inline, popover, bar or tab",
        "position" => "bottom_end, bottom_start, top_end, top_start, bottom, top, end or start",
        "topic" => "recommendation, agreement, ease, effort or satisfaction",
        "pick" => "one or many",
        "days" => "mon, tue, wed, thu, fri, sat or sun",
        "on" | "trigger" => "immediately, seconds, scroll, exit, click, in_view, event or purchase",
        "fact" => "language, device, referrer, visitor, views or attribute",
        "op" if field.contains("urls") => "contains, equals, prefix or glob",
        "op" => "is, contains, prefix, glob, less or greater",
        _ => "one of the names that exist here",
    })
}

/// What a field of another JSON type takes, in the words of JSON and not of Rust.
fn kind(message: &str) -> Rule {
    let expected = message.rsplit("expected ").next().unwrap_or_default();
    Rule::Type(match expected {
        "a string" => "a string",
        "a boolean" => "true or false",
        "a sequence" => "an array",
        "i32" => "a whole number",
        "u16" => "a whole number from 0 to 65535",
        _ if expected.starts_with("a map") || expected.starts_with("struct") => "an object",
        _ if expected.contains("string") => "a string",
        _ => "of another type",
    })
}

#[cfg(test)]
mod tests {
    use parere_shared::survey::Survey;
    use serde_json::{Value, json};

    use super::*;

    fn survey() -> Value {
        json!({
            "slug": "nps", "metric": "nps", "state": "live", "placement": "inline", "languages": ["en"],
            "scale": {"min": 0, "max": 10, "polarity": "high_is_good", "look": "numbers"},
            "follow_ups": [{"from": 0, "to": 6, "choices": {"pick": "one", "options": []}}],
            "targeting": {"urls": [{"op": "prefix", "value": "/"}], "sample_per_mille": 1000,
                "conditions": [{"fact": "device", "op": "is", "values": ["phone"]}]},
            "topic": "recommendation", "position": "top", "schedule": {"days": ["mon"]},
            "trigger": {"on": "exit"},
        })
    }

    fn refused(value: Value) -> serde_path_to_error::Error<serde_json::Error> {
        serde_path_to_error::deserialize::<_, Survey>(value).unwrap_err()
    }

    #[test]
    fn mistakes_are_named_by_field() {
        for (pointer, value, field, message) in [
            ("/slug", json!(7), "slug", "slug must be a string"),
            ("/languages", json!("en"), "languages", "languages must be an array"),
            ("/languages/0", json!(null), "languages[0]", "languages[0] must be a string"),
            ("/scale", json!(5), "scale", "scale must be an object"),
            ("/scale/min", json!("0"), "scale.min", "scale.min must be a whole number"),
            ("/scale/max", json!(10.5), "scale.max", "scale.max must be a whole number"),
            ("/metric", json!("sus"), "metric", "metric must be nps, ces or csat"),
            ("/metric", json!(1), "metric", "metric must be a string"),
            (
                "/follow_ups/0/from",
                json!("x"),
                "follow_ups[0].from",
                "follow_ups[0].from must be a whole number",
            ),
            (
                "/targeting/sample_per_mille",
                json!(-1),
                "targeting.sample_per_mille",
                "targeting.sample_per_mille must be a whole number from 0 to 65535",
            ),
        ] {
            let mut survey = survey();
            *survey.pointer_mut(pointer).unwrap() = value;
            let violation = of(&refused(survey));
            assert_eq!((violation.field.as_str(), written(&violation).as_str()), (field, message));
        }
    }

    #[test]
    fn absent_and_unknown_fields_are_named() {
        for (pointer, remove, add, field, code) in [
            ("", "slug", "", "slug", "missing"),
            ("/scale", "min", "", "scale.min", "missing"),
            ("/targeting/urls/0", "value", "", "targeting.urls[0].value", "missing"),
            ("", "", "sorvey", "sorvey", "unknown"),
            ("/scale", "", "mid", "scale.mid", "unknown"),
        ] {
            let mut survey = survey();
            let object = survey.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap();
            object.remove(remove);
            if !add.is_empty() {
                object.insert(add.into(), json!(1));
            }
            let violation = of(&refused(survey));
            assert_eq!((violation.field.as_str(), violation.rule.code()), (field, code));
        }
    }

    #[test]
    fn our_lists_of_names_are_those_of_the_types() {
        for pointer in [
            "/state",
            "/metric",
            "/topic",
            "/scale/polarity",
            "/scale/look",
            "/placement",
            "/position",
            "/follow_ups/0/choices/pick",
            "/targeting/urls/0/op",
            "/targeting/conditions/0/fact",
            "/targeting/conditions/0/op",
            "/schedule/days/0",
            "/trigger/on",
        ] {
            let mut survey = survey();
            *survey.pointer_mut(pointer).unwrap() = json!("nonsense");
            let error = refused(survey);
            let said = error.inner().to_string();
            let names: Vec<&str> = said.split('`').skip(3).step_by(2).collect();
            let written = written(&of(&error));
            assert!(!names.is_empty(), "{said}");
            assert!(
                names.iter().all(|name| written.contains(name)),
                "{written} does not name all of {names:?}"
            );
        }
    }

    fn written(violation: &Violation) -> String {
        format!("{} {}", violation.field, violation.rule)
    }
}
