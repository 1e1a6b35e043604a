//! The description as people read it: operations in groups, each with what it takes, what it replies and a call to copy.
//!
//! Made from the document that programs get, so that neither says more than the other.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

mod call;
mod kind;
mod shape;

use call::{call, example};
use kind::{Field, Piece, field, name_of, prose};
use shape::Shape;

/// Paths whose operations stand first, and those that stand last: from pages, and about the process.
const FIRST: &str = "From pages";
/// See [`FIRST`].
const LAST: &str = "The process";

/// Everything that there is to read.
#[derive(Debug)]
pub struct Reading {
    /// Operations, put together by what they are about.
    pub groups: Vec<Group>,
    /// What is sent and shown, by name.
    pub shapes: Vec<Shape>,
}

/// Operations on one kind of things.
#[derive(Debug)]
pub struct Group {
    /// What it is called.
    pub name: String,
    /// Its operations.
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// Its name for programs, unique.
    pub id: String,
    /// `GET`
    pub method: String,
    /// With names in braces.
    pub path: String,
    /// What it does.
    pub says: Vec<Piece>,
    /// Of path and query.
    pub parameters: Vec<Field>,
    /// What is sent; none where nothing is.
    pub body: Option<Vec<Piece>>,
    /// An example of it, written out.
    pub example: Option<String>,
    /// What may come back.
    pub replies: Vec<Reply>,
    /// A command that makes it.
    pub call: String,
}

/// What may come back.
#[derive(Debug)]
pub struct Reply {
    /// `200`
    pub status: String,
    /// What it means.
    pub says: Vec<Piece>,
    /// What it holds; empty where it has no body.
    pub holds: Vec<Piece>,
}

/// Reads the whole document; `base` is the address at which the collector is reached.
pub fn reading(document: &Value, base: &str) -> Reading {
    let mut groups: BTreeMap<(u8, String), Vec<Operation>> = BTreeMap::new();
    for (path, operations) in entries(document.get("paths")) {
        for (method, described) in entries(Some(operations)) {
            let operation = operation(document, base, [method, path], described);
            groups.entry(group(path)).or_default().push(operation);
        }
    }
    let groups = groups.into_iter().map(|((_, name), operations)| Group { name, operations });
    let shapes = entries(document.pointer("/components/schemas"));
    Reading {
        groups: groups.collect(),
        shapes: shapes.map(|(name, schema)| shape::shape(name, schema)).collect(),
    }
}

/// The place and name of the group of a path: what comes after the version, or after the site.
fn group(path: &str) -> (u8, String) {
    if path.starts_with("/v1/") {
        return (0, FIRST.into());
    }
    let Some(rest) = path.strip_prefix("/api/v1/") else { return (2, LAST.into()) };
    let below = rest.strip_prefix("sites/{site}/").unwrap_or(rest);
    let name = below.split(['/', '.']).next().unwrap_or_default();
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    (1, first.into_iter().chain(letters).collect())
}

fn operation(document: &Value, base: &str, [method, path]: [&str; 2], described: &Value) -> Operation {
    let text = |name: &str| described.get(name).and_then(Value::as_str).unwrap_or_default();
    let parameters: Vec<Field> = items(described.get("parameters")).map(field).collect();
    let sent = content(described.get("requestBody"));
    let example = sent.and_then(|(_, schema)| example(document, schema));
    let needs_token = described.get("security").is_none();
    Operation {
        id: text("operationId").into(),
        method: method.to_uppercase(),
        path: path.into(),
        says: prose(text("summary")),
        body: sent.map(|(media, schema)| name_of(media, schema)),
        replies: entries(described.get("responses")).map(reply).collect(),
        call: call(base, [method, path], &parameters, example.as_ref(), needs_token),
        example: example.and_then(|example| serde_json::to_string_pretty(&example).ok()),
        parameters,
    }
}

fn reply((status, described): (&str, &Value)) -> Reply {
    let says = described.get("description").and_then(Value::as_str).unwrap_or_default();
    let holds = content(Some(described)).map(|(media, schema)| name_of(media, schema));
    Reply { status: status.into(), says: prose(says), holds: holds.unwrap_or_default() }
}

/// The first kind of content that a body may have, and what it looks like.
fn content(body: Option<&Value>) -> Option<(&str, &Value)> {
    let (media, described) = entries(body?.get("content")).next()?;
    Some((media, described.get("schema")?))
}

/// What an object holds, by name; nothing where there is none.
fn entries(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
        .map(|(name, value)| (name.as_str(), value))
}

/// What a list holds; nothing where there is none.
fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests;
