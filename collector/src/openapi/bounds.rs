//! What the macros cannot say: bounds from the constants that the handlers obey, patterns, and examples.
//!
//! Each entry names a place in the description; one that is not there is an error, so none is left behind.

use parere_shared::limit;
use serde_json::{Map, Value, json};

use self::tables::{SITE_KEY, SLUG};
use super::refusals;
use crate::routes::stored::{LAG_MAX_S, LIMIT_DEFAULT, LIMIT_MAX};
use crate::store::Flags;

mod tables;

/// Examples by schema; a test sends each of them.
const EXAMPLES: &str = include_str!("examples.json");

/// Completes the description.
pub(super) fn put_into(document: &mut Value) -> anyhow::Result<()> {
    let schemas = place(document, "/components/schemas")?;
    for (name, schema) in refusals::schemas() {
        schemas.entry(name).or_insert(serde_json::to_value(schema)?);
    }
    for (schema, bounds) in tables::all() {
        place(document, &format!("/components/schemas/{schema}"))?.extend(object(bounds));
    }
    let examples: Map<String, Value> = serde_json::from_str(EXAMPLES)?;
    for (name, examples) in examples {
        place(document, &format!("/components/schemas/{name}"))?.insert("examples".into(), examples);
    }
    tell_apart_what_is_sent_and_shown(document)?;
    for path in inside(document, "paths") {
        for operation in path.as_object_mut().into_iter().flat_map(Map::values_mut) {
            complete(operation)?;
        }
    }
    Ok(())
}

/// Two types that serve for more than one thing, each with a word more in one of them.
fn tell_apart_what_is_sent_and_shown(document: &mut Value) -> anyhow::Result<()> {
    // A survey is shown with a field more, and what is sent may have none that is not named.
    let warnings = place(document, "/components/schemas/Written/allOf/1/properties")?.clone();
    let shown = place(document, "/components/schemas/Survey")?.clone();
    *place(document, "/components/schemas/Written")? = shown;
    place(document, "/components/schemas/Written/properties")?.extend(warnings);
    // So is a rule.
    let mut shown = place(document, "/components/schemas/Rule")?.clone();
    let more = place(document, "/components/schemas/RuleOut/allOf/1")?.clone();
    for (name, value) in &more {
        match (shown.get_mut(name), value) {
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more.clone()),
            (Some(Value::Array(known)), Value::Array(more)) => known.extend(more.iter().cloned()),
            _ => {}
        }
    }
    shown.remove("examples");
    *place(document, "/components/schemas/RuleOut")? = shown;
    // What may be left out of a change to a site is needed to begin with.
    let new_site = "/paths/~1api~1v1~1sites/post/requestBody/content/application~1json/schema";
    place(document, new_site)?.insert("required".into(), json!(["name"]));
    let new_hook =
        "/paths/~1api~1v1~1sites~1{site}~1webhooks/post/requestBody/content/application~1json/schema";
    let new_hook = place(document, new_hook)?;
    new_hook.insert("required".into(), json!(["name", "events"]));
    // Where a CRM is reached is known, and how is not.
    let into_crm =
        json!({"properties": {"kind": {"enum": ["hubspot", "klaviyo"]}}, "required": ["kind", "token"]});
    new_hook.insert("anyOf".into(), json!([{"required": ["url"]}, into_crm]));
    Ok(())
}

fn complete(operation: &mut Value) -> anyhow::Result<()> {
    let summary = operation.get("summary").cloned().unwrap_or_default();
    for response in inside(operation, "responses") {
        if let Value::Object(response) = response {
            response.entry("description").or_insert_with(|| summary.clone());
        }
    }
    for parameter in inside(operation, "parameters") {
        bound_parameter(parameter)?;
    }
    Ok(())
}

/// What the object or list of this name holds; nothing where there is none.
fn inside<'a>(value: &'a mut Value, name: &str) -> Vec<&'a mut Value> {
    match value.get_mut(name) {
        Some(Value::Object(fields)) => fields.values_mut().collect(),
        Some(Value::Array(items)) => items.iter_mut().collect(),
        _ => Vec::new(),
    }
}

fn place<'a>(document: &'a mut Value, pointer: &str) -> anyhow::Result<&'a mut Map<String, Value>> {
    let found = document.pointer_mut(pointer).and_then(Value::as_object_mut);
    found.ok_or_else(|| anyhow::anyhow!("the description of the interfaces has no {pointer}"))
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(object) = value { object } else { Map::new() }
}

/// A parameter means the same wherever it is asked for.
fn bound_parameter(parameter: &mut Value) -> anyhow::Result<()> {
    let bounds = match parameter.get("name").and_then(Value::as_str).unwrap_or_default() {
        "site" => json!({"pattern": SITE_KEY}),
        "survey" => json!({"pattern": SLUG, "maxLength": limit::SLUG_CHARS_MAX}),
        "ref" => json!({"minLength": 1, "maxLength": limit::FIELD_CHARS_MAX}),
        "q" => json!({"maxLength": limit::TEXT_CHARS_MAX}),
        "order" => json!({"enum": ["newest", "oldest"], "default": "newest"}),
        "lag" => json!({"minimum": 0, "maximum": LAG_MAX_S, "default": 0}),
        "raw" => json!({"enum": ["0", "1"], "default": "0"}),
        "limit" => json!({"minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT_DEFAULT}),
        "state" => json!({"enum": ["waiting", "delivered", "failed"]}),
        "flag" => {
            let names = Flags::NAMED.iter().map(|(_, name)| *name).chain(["any"]);
            json!({"enum": names.collect::<Vec<_>>()})
        }
        "clock" => json!({"enum": ["calendar", "business"], "default": "calendar"}),
        "from" | "to" => json!({"anyOf": [{"format": "date"}, {"format": "date-time"}]}),
        _ => json!({}),
    };
    let is_optional = parameter.get("required") == Some(&Value::Bool(false));
    let schema = place(parameter, "/schema")?;
    // A query has no null: a parameter is there or it is not, and an empty one is as good as none.
    if let Some(Value::Array(types)) = schema.get("type") {
        schema.insert("type".into(), types.first().cloned().unwrap_or_default());
    }
    schema.extend(object(bounds));
    if is_optional {
        let said = std::mem::take(schema);
        schema.insert("anyOf".into(), json!([said, {"const": ""}]));
    }
    Ok(())
}
