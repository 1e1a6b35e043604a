//! What a value may be, in words; names of other shapes lead there.

use serde_json::Value;

use super::{entries, items};

/// A piece of a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Is it a word of the wire?
    pub is_code: bool,
    /// Is it the name of a shape?
    pub is_shape: bool,
}

/// One named value: a parameter, or a field of a shape.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// `path` or `query`; empty for a field of a shape.
    pub place: String,
    /// Must it be there?
    pub is_needed: bool,
    /// What it may be.
    pub kind: Vec<Piece>,
    /// What it means.
    pub says: Vec<Piece>,
}

/// A parameter as it is described.
pub(super) fn field(described: &Value) -> Field {
    let text = |name: &str| described.get(name).and_then(Value::as_str).unwrap_or_default();
    Field {
        name: text("name").into(),
        place: text("in").into(),
        is_needed: described.get("required") == Some(&Value::Bool(true)),
        kind: described.get("schema").map(kind).unwrap_or_default(),
        says: prose(text("description")),
    }
}

/// A sentence in which words between backquotes are words of the wire.
pub(super) fn prose(text: &str) -> Vec<Piece> {
    let pieces = text.split('`').enumerate().filter(|(_, text)| !text.is_empty());
    pieces.map(|(at, text)| Piece { is_code: at % 2 == 1, ..plain(text) }).collect()
}

/// A body: its shape, or the kind of its content where it has none.
pub(super) fn name_of(media: &str, schema: &Value) -> Vec<Piece> {
    let kind = kind(schema);
    if kind.iter().any(|piece| piece.is_shape) { kind } else { vec![code(media)] }
}

/// What a value may be.
pub(super) fn kind(schema: &Value) -> Vec<Piece> {
    if let Some(name) = shape_of(schema) {
        return vec![Piece { is_shape: true, ..plain(name) }];
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        if schema.get(word).is_some() {
            // An empty parameter is as good as none.
            let said = items(schema.get(word)).filter(|one| one.get("const").is_none());
            return one_of(&said.map(kind).collect::<Vec<_>>());
        }
    }
    if schema.get("enum").is_some() {
        let values: Vec<_> = items(schema.get("enum")).map(|value| vec![code(&bare(value))]).collect();
        return one_of(&values);
    }
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
        other => other.and_then(Value::as_str).into_iter().collect(),
    };
    let format = schema.get("format").and_then(Value::as_str);
    match &*types {
        [] => vec![plain(format.map_or("any value", |format| format))],
        types => one_of(&types.iter().map(|name| of_type(name, schema, format)).collect::<Vec<_>>()),
    }
}

fn of_type(name: &str, schema: &Value, format: Option<&str>) -> Vec<Piece> {
    let number = |name: &str| schema.get(name).and_then(Value::as_i64);
    match name {
        "array" => {
            let items = schema.get("items").map(kind).unwrap_or_default();
            let most = number("maxItems").map(|most| plain(&format!(", at most {most}")));
            [vec![plain("list of ")], items, most.into_iter().collect()].concat()
        }
        "object" => match schema.get("additionalProperties").filter(|of| of.is_object()) {
            Some(of) => [vec![plain("by name: ")], kind(of)].concat(),
            None => vec![plain("object")],
        },
        "string" => {
            let what = match format {
                Some("date-time") => "moment",
                Some("date") => "date",
                Some("uuid") => "UUID",
                _ => "text",
            };
            let most =
                number("maxLength").map_or_else(String::new, |most| format!(", at most {most} characters"));
            vec![plain(&format!("{what}{most}"))]
        }
        "integer" | "number" => {
            let what = if name == "integer" { "whole number" } else { "number" };
            // The bounds of the machine's own numbers are no bounds of ours.
            let bound = |name: &str| number(name).filter(|bound| bound.abs() < i64::from(i32::MAX));
            let range = match (bound("minimum"), bound("maximum")) {
                (Some(least), Some(most)) => format!(", {least} to {most}"),
                (Some(least), None) => format!(", {least} or more"),
                (None, Some(most)) => format!(", at most {most}"),
                (None, None) => String::new(),
            };
            vec![plain(&format!("{what}{range}"))]
        }
        "boolean" => one_of(&[vec![code("true")], vec![code("false")]]),
        "null" => vec![code("null")],
        other => vec![plain(other)],
    }
}

/// `a, b or c`; what is the same is said once.
fn one_of(kinds: &[Vec<Piece>]) -> Vec<Piece> {
    let mut told: Vec<&Vec<Piece>> = Vec::new();
    for kind in kinds {
        if !told.contains(&kind) {
            told.push(kind);
        }
    }
    let last = told.len().saturating_sub(1);
    let joined = told.iter().enumerate().map(|(at, kind)| {
        let between = match at {
            0 => None,
            at if at == last => Some(plain(" or ")),
            _ => Some(plain(", ")),
        };
        between.into_iter().chain((*kind).clone()).collect::<Vec<_>>()
    });
    joined.flatten().collect()
}

/// The name of the shape that a schema refers to, by itself or beside a word about it.
pub(super) fn shape_of(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.rsplit('/').next()
}

/// The fields of an object, in the order in which they are described.
pub(super) fn fields(schema: &Value) -> Vec<Field> {
    let needed: Vec<&str> = items(schema.get("required")).filter_map(Value::as_str).collect();
    let fields = entries(schema.get("properties")).map(|(name, described)| Field {
        name: name.into(),
        place: String::new(),
        is_needed: needed.contains(&name),
        kind: kind(described),
        says: said(described),
    });
    fields.collect()
}

/// What is said of a value: by itself, or by the one of several that says something.
pub(super) fn said(schema: &Value) -> Vec<Piece> {
    let own = schema.get("description");
    let inner = items(schema.get("oneOf")).find_map(|one| one.get("description"));
    prose(own.or(inner).and_then(Value::as_str).unwrap_or_default())
}

pub(super) fn plain(text: &str) -> Piece {
    Piece { text: text.into(), ..Piece::default() }
}

fn code(text: &str) -> Piece {
    Piece { is_code: true, ..plain(text) }
}

fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), Into::into)
}
