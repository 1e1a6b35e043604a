//! NDJSON: one object a line; the last line counts the rows and seals everything before it.

use parere_shared::time::{self, Millis};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::Encoder;
use super::column::{COLUMNS, Cell};
use crate::random::hex;
use crate::store::Row;

/// Writes NDJSON.
pub(super) struct NdjsonEncoder {
    as_of: Millis,
    rows: u64,
    seal: Sha256,
}

impl NdjsonEncoder {
    /// For the answers as they were at the moment `as_of`.
    pub(super) fn new(as_of: Millis) -> Self {
        Self { as_of, rows: 0, seal: Sha256::new() }
    }
}

/// The last line.
#[derive(Serialize)]
struct Last {
    #[serde(rename = "_end")]
    end: End,
}

#[derive(Serialize)]
struct End {
    rows: u64,
    sha256: String,
    as_of: String,
}

impl Encoder for NdjsonEncoder {
    fn start(&mut self, _out: &mut Vec<u8>) -> anyhow::Result<()> {
        Ok(())
    }

    fn rows(&mut self, rows: &mut dyn Iterator<Item = &Row>, out: &mut Vec<u8>) -> anyhow::Result<()> {
        let start = out.len();
        for row in rows {
            write_object(row, out)?;
            out.push(b'\n');
            self.rows += 1;
        }
        self.seal.update(out.get(start..).unwrap_or_default());
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>) -> anyhow::Result<()> {
        let sha256 = hex(&self.seal.finalize_reset());
        let end = End { rows: self.rows, sha256, as_of: time::format(self.as_of) };
        serde_json::to_writer(&mut *out, &Last { end })?;
        out.push(b'\n');
        Ok(())
    }
}

/// Appends one answer as a JSON object with all columns; absent values are null.
pub fn write_object(row: &Row, out: &mut Vec<u8>) -> serde_json::Result<()> {
    for (i, column) in COLUMNS.iter().enumerate() {
        out.push(if i == 0 { b'{' } else { b',' });
        serde_json::to_writer(&mut *out, column.name)?;
        out.push(b':');
        match (column.cell)(row) {
            Cell::Absent => out.extend_from_slice(b"null"),
            Cell::Text(text) => serde_json::to_writer(&mut *out, &text)?,
            Cell::Whole(number) => serde_json::to_writer(&mut *out, &number)?,
            Cell::Real(number) => serde_json::to_writer(&mut *out, &number)?,
            Cell::Truth(truth) => serde_json::to_writer(&mut *out, &truth)?,
            Cell::Moment(moment) => serde_json::to_writer(&mut *out, &time::format(moment))?,
            // The store takes valid JSON only, on one line as serde_json writes it.
            Cell::Json(json) => out.extend_from_slice(json.as_bytes()),
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
    fn lines_are_objects_and_the_last_one_seals_them() {
        let mut encoder = NdjsonEncoder::new(1_795_255_200_000);
        let mut out = Vec::new();
        encoder.start(&mut out).unwrap();
        let [full, bare] = examples();
        // Two pages: the seal runs over both.
        encoder.rows(&mut [full].iter(), &mut out).unwrap();
        encoder.rows(&mut [bare].iter(), &mut out).unwrap();
        encoder.end(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let [first, second, end] = lines[..] else { panic!("{text}") };
        assert_eq!(
            first.trim_end(),
            r#"{"id":"019aa5a0-0000-7000-8000-000000000001","survey":"nps","metric":"nps","instrument":"ad1088563eb0e7d5","revision":2,"score":9,"band":"promoter","comment":"Ottime scarpe, \"davvero\"\r\nمريح 👟","choices":["fit","price"],"locale":"it","channel":"inline","touchpoint":"product","device":"phone","page":"/products/scarpe","ref":"1001","attributes":{"plan":"gold"},"test":true,"flags":"clock instrument","inclusion":0.25,"occurred_at":"2026-11-21T10:00:00.000Z","received_at":"2026-11-21T10:00:02.250Z"}"#
        );
        let bare: serde_json::Value = serde_json::from_str(second).unwrap();
        assert_eq!(
            (&bare["score"], &bare["comment"], &bare["inclusion"]),
            (&json!(-2), &json!(null), &json!(null))
        );
        let sealed = hex(&Sha256::digest(format!("{first}{second}")));
        let expected =
            format!(r#"{{"_end":{{"rows":2,"sha256":"{sealed}","as_of":"2026-11-21T10:00:00.000Z"}}}}"#);
        assert_eq!(end, expected + "\n");
    }
}
