//! A command that makes an operation, and an example of what is sent with it.

use serde_json::{Map, Value, json};

use super::kind::{Field, shape_of};
use super::{entries, items};

/// What stands for a name in a path or query.
const NAMED: [(&str, &str); 3] = [("site", "pk_demo"), ("survey", "nps"), ("token", "0123456789ab")];

/// Shapes within shapes beyond this are left out of an example.
const DEPTH_MAX: usize = 4;

/// One line for the address, one for the token, one for what is sent.
pub(super) fn call(
    base: &str,
    [method, path]: [&str; 2],
    parameters: &[Field],
    body: Option<&Value>,
    needs_token: bool,
) -> String {
    let mut address = format!("{base}{path}");
    for (name, value) in NAMED {
        address = address.replace(&format!("{{{name}}}"), value);
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    for parameter in parameters.iter().filter(|parameter| parameter.place == "query" && parameter.is_needed) {
        let value = NAMED.iter().find(|(name, _)| *name == parameter.name).map_or("…", |(_, value)| value);
        query.append_pair(&parameter.name, value);
    }
    let query = query.finish();
    if !query.is_empty() {
        address = format!("{address}?{query}");
    }
    let implied = if body.is_some() { "post" } else { "get" };
    let verb = if method == implied { String::new() } else { format!("-X {} ", method.to_uppercase()) };
    let mut lines = vec![format!("curl {verb}{}", quoted(&address))];
    if needs_token {
        lines.push("-H \"Authorization: Bearer $PARERE_TOKEN\"".into());
    }
    if let Some(body) = body {
        lines.push("-H 'Content-Type: application/json'".into());
        lines.push(format!("-d {}", quoted(&body.to_string())));
    }
    lines.join(" \\\n  ")
}

/// As a shell takes it, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The example of a schema's own, or one of what must be there.
pub(super) fn example(document: &Value, schema: &Value) -> Option<Value> {
    example_within(document, schema, 0)
}

fn example_within(document: &Value, schema: &Value, depth: usize) -> Option<Value> {
    if depth > DEPTH_MAX {
        return None;
    }
    if let Some(name) = shape_of(schema) {
        let shape = document.get("components")?.get("schemas")?.get(name)?;
        return example_within(document, shape, depth + 1);
    }
    if let Some(example) = items(schema.get("examples")).next() {
        return Some(example.clone());
    }
    for word in ["oneOf", "anyOf"] {
        if let Some(one) = items(schema.get(word)).next() {
            return example_within(document, one, depth + 1);
        }
    }
    if let Some(value) = items(schema.get("enum")).next() {
        return Some(value.clone());
    }
    let types = schema.get("type");
    let first = items(types).next().or(types).and_then(Value::as_str)?;
    Some(match first {
        "object" => {
            let needed: Vec<&Value> = items(schema.get("required")).collect();
            let properties = entries(schema.get("properties"));
            let properties = properties.filter(|(name, _)| needed.iter().any(|needed| **needed == **name));
            let filled = properties.filter_map(|(name, property)| {
                let named = NAMED.iter().find(|(known, _)| *known == name).map(|(_, value)| json!(value));
                Some((name.to_owned(), named.or_else(|| example_within(document, property, depth + 1))?))
            });
            Value::Object(filled.collect::<Map<_, _>>())
        }
        "array" => {
            let item = schema.get("items").and_then(|items| example_within(document, items, depth + 1));
            Value::Array(item.into_iter().collect())
        }
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        "boolean" => json!(true),
        _ => json!("…"),
    })
}
