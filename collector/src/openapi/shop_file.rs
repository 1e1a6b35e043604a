//! The JSON Schema of a shop as a file, at `/api/v1/survey.schema.json`: made of the same schemas as the interfaces.

use std::collections::BTreeMap;

use parere_shared::instrument::Instrument;
use serde_json::{Map, Value, json};
use utoipa::PartialSchema as _;

/// Where schemas are in the description of the interfaces; in a schema of its own they are elsewhere.
const IN_DESCRIPTION: &str = "#/components/schemas/";
/// See [`IN_DESCRIPTION`].
const IN_SCHEMA: &str = "#/$defs/";

/// The schema of what `parere site export` and `parere survey export` write.
pub fn shop_file(document: &Value) -> anyhow::Result<Value> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let schemas =
        schemas.ok_or_else(|| anyhow::anyhow!("the description of the interfaces has no schemas"))?;
    let mut parts = BTreeMap::from([("Instrument".to_owned(), serde_json::to_value(Instrument::schema())?)]);
    let mut wanted = vec!["SiteIn".to_owned(), "Survey".to_owned()];
    wanted.extend(parts.values().flat_map(named));
    while let Some(name) = wanted.pop() {
        if parts.contains_key(&name) {
            continue;
        }
        let part = schemas.get(&name).ok_or_else(|| anyhow::anyhow!("there is no schema {name}"))?.clone();
        wanted.extend(named(&part));
        parts.insert(name, part);
    }
    let parts: Map<String, Value> = parts.into_iter().collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A shop of parere as a file",
        "type": "object",
        "properties": {
            "$schema": {"type": "string"},
            "site": {"$ref": "#/components/schemas/SiteIn"},
            "surveys": {"type": "array", "items": {"$ref": "#/components/schemas/Survey"}},
            "asked_before": {
                "description": "What surveys asked before, by their slug: answers name it.",
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"$ref": "#/components/schemas/Instrument"}},
            },
        },
        "required": ["surveys"],
        "additionalProperties": false,
        "$defs": parts,
    });
    Ok(serde_json::from_str(&schema.to_string().replace(IN_DESCRIPTION, IN_SCHEMA))?)
}

/// Names of the schemas that `schema` refers to.
fn named(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(fields) => {
            let own =
                fields.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix(IN_DESCRIPTION));
            own.map(str::to_owned).into_iter().chain(fields.values().flat_map(named)).collect()
        }
        Value::Array(items) => items.iter().flat_map(named).collect(),
        _ => Vec::new(),
    }
}
