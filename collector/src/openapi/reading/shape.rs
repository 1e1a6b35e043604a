//! What is sent and shown: each shape with its fields, or with the values that it may have.

use serde_json::Value;

use super::items;
use super::kind::{Field, Piece, fields, kind, plain, said, shape_of};

/// A named shape of values.
#[derive(Debug)]
pub struct Shape {
    /// Its name in the description.
    pub name: String,
    /// What it is.
    pub says: Vec<Piece>,
    /// What it may be, in words, where it has no fields of its own.
    pub kind: Vec<Piece>,
    /// One of these; together with each other where the shape is put together of parts.
    pub parts: Vec<Part>,
}

/// One of several forms of a shape, or a part of it.
#[derive(Debug)]
pub struct Part {
    /// What it is, or which other shape it has the fields of.
    pub says: Vec<Piece>,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A shape as it is described.
pub(super) fn shape(name: &str, schema: &Value) -> Shape {
    let inner = ["allOf", "oneOf"].into_iter().find_map(|word| schema.get(word));
    let parts: Vec<Part> = match inner {
        Some(parts) => items(Some(parts)).map(part).collect(),
        None => vec![Part { says: Vec::new(), fields: fields(schema) }],
    };
    let has_fields = parts.iter().any(|part| !part.fields.is_empty());
    Shape {
        name: name.into(),
        says: said(schema),
        kind: if has_fields { Vec::new() } else { kind(schema) },
        parts: if has_fields { parts } else { Vec::new() },
    }
}

fn part(schema: &Value) -> Part {
    let says = match shape_of(schema) {
        Some(_) => [vec![plain("The fields of ")], kind(schema)].concat(),
        None => said(schema),
    };
    Part { says, fields: fields(schema) }
}
