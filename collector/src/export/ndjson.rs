//! NDJSON: one object a line; the last line counts the rows and seals everything before it.

use parere_shared::time;
use serde::Serialize;

use super::column::{COLUMNS, Cell};
use super::manifest::Manifest;
use crate::store::Row;

/// The last line.
#[derive(Serialize)]
struct Last<'a> {
    #[serde(rename = "_end")]
    end: &'a Manifest,
}

/// Appends a line for each row.
pub(super) fn rows<'r>(rows: impl Iterator<Item = &'r Row>, out: &mut Vec<u8>) -> anyhow::Result<()> {
    for row in rows {
        write_object(row, out)?;
        out.push(b'\n');
    }
    Ok(())
}

/// Appends the last line.
pub(super) fn end(manifest: &Manifest, out: &mut Vec<u8>) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, &Last { end: manifest })?;
    out.push(b'\n');
    Ok(())
}

/// Appends one answer as a JSON object with all columns; absent values are null.
pub fn write_object(row: &Row, out: &mut Vec<u8>) -> serde_json::Result<()> {
    for (i, column) in COLUMNS.iter().enumerate() {
        out.push(if i == 0 { b'{' } else { b',' });
        out.push(b'"');
        out.extend_from_slice(column.name.as_bytes());
        out.extend_from_slice(b"\":");
        match (column.cell)(row) {
            Cell::Absent => out.extend_from_slice(b"null"),
            Cell::Id(id) => serde_json::to_writer(&mut *out, &id.encode())?,
            Cell::Text(text) => serde_json::to_writer(&mut *out, text)?,
            Cell::Whole(number) => serde_json::to_writer(&mut *out, &number)?,
            Cell::Real(number) => serde_json::to_writer(&mut *out, &number)?,
            Cell::Truth(truth) => serde_json::to_writer(&mut *out, &truth)?,
            Cell::Moment(moment) => serde_json::to_writer(&mut *out, &time::format(moment))?,
            Cell::List(json) => out.extend_from_slice(json.as_bytes()),
            Cell::Facts(json) => out.extend_from_slice(json.as_bytes()),
        }
    }
    out.push(b'}');
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::column::examples;
    use super::*;

    #[test]
    fn lines_are_objects() {
        let mut out = Vec::new();
        rows(examples().iter(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let [first, second] = lines[..] else { panic!("{text}") };
        assert_eq!(
            first,
            r#"{"id":"019aa5a0-0000-7000-8000-000000000001","survey":"nps","metric":"nps","instrument":"ad1088563eb0e7d5","revision":2,"score":9,"band":"promoter","comment":"Ottime scarpe, \"davvero\"\r\nمريح 👟","choices":["fit","price"],"locale":"it","channel":"inline","touchpoint":"product","device":"phone","page":"/products/scarpe","ref":"1001","attributes":{"plan":"gold"},"test":true,"flags":["clock","instrument"],"inclusion":0.25,"occurred_at":"2026-11-21T10:00:00.000Z","received_at":"2026-11-21T10:00:02.250Z"}"#
        );
        let bare: serde_json::Value = serde_json::from_str(second).unwrap();
        assert_eq!(
            (&bare["score"], &bare["comment"], &bare["inclusion"], &bare["flags"]),
            (&json!(-2), &json!(null), &json!(null), &json!([]))
        );
    }
}
