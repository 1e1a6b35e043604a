//! CSV after RFC 4180: UTF-8 without a mark, CRLF, always a header, quotes where they are needed.

use std::borrow::Cow;

use csv::{Terminator, Writer, WriterBuilder};
use parere_shared::time;

use super::Encoder;
use super::column::{COLUMNS, Cell};
use super::guard::guarded;
use crate::store::Row;

/// Writes CSV, with or without the formula guard.
pub(super) struct CsvEncoder {
    pub(super) raw: bool,
}

impl Encoder for CsvEncoder {
    fn start(&mut self, out: &mut Vec<u8>) -> anyhow::Result<()> {
        let mut lines = lines_into(out);
        let names = COLUMNS.iter().map(|column| self.text(column.name));
        for name in names {
            lines.write_field(name.as_bytes())?;
        }
        lines.write_record(None::<&[u8]>)?;
        Ok(lines.flush()?)
    }

    fn rows(&mut self, rows: &mut dyn Iterator<Item = &Row>, out: &mut Vec<u8>) -> anyhow::Result<()> {
        let mut lines = lines_into(out);
        for row in rows {
            for column in &COLUMNS {
                let field = self.field((column.cell)(row));
                lines.write_field(field.as_bytes())?;
            }
            lines.write_record(None::<&[u8]>)?;
        }
        Ok(lines.flush()?)
    }

    fn end(&mut self, _out: &mut Vec<u8>) -> anyhow::Result<()> {
        Ok(())
    }
}

impl CsvEncoder {
    fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.raw { Cow::Borrowed(text) } else { guarded(text) }
    }

    /// Numbers stay numbers: a score of -2 is no formula.
    fn field<'a>(&self, cell: Cell<'a>) -> Cow<'a, str> {
        match cell {
            Cell::Absent => Cow::Borrowed(""),
            Cell::Text(Cow::Borrowed(text)) | Cell::Json(text) => self.text(text),
            Cell::Text(Cow::Owned(text)) => Cow::Owned(self.text(&text).into_owned()),
            Cell::Whole(number) => number.to_string().into(),
            Cell::Real(number) => number.to_string().into(),
            Cell::Truth(truth) => Cow::Borrowed(if truth { "true" } else { "false" }),
            Cell::Moment(moment) => time::format(moment).into(),
        }
    }
}

fn lines_into(out: &mut Vec<u8>) -> Writer<&mut Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out)
}

#[cfg(test)]
mod tests {
    use super::super::column::examples;
    use super::*;

    fn encode(raw: bool, rows: &[Row]) -> String {
        let mut encoder = CsvEncoder { raw };
        let mut out = Vec::new();
        encoder.start(&mut out).unwrap();
        encoder.rows(&mut rows.iter(), &mut out).unwrap();
        encoder.end(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn rows_are_written_as_the_rfc_says() {
        assert_eq!(
            encode(false, &examples()),
            "id,survey,metric,instrument,revision,score,band,comment,choices,locale,channel,touchpoint,device,page,\
             ref,attributes,test,flags,inclusion,occurred_at,received_at\r\n\
             019aa5a0-0000-7000-8000-000000000001,nps,nps,ad1088563eb0e7d5,2,9,promoter,\
             \"Ottime scarpe, \"\"davvero\"\"\r\nمريح 👟\",\"[\"\"fit\"\",\"\"price\"\"]\",it,inline,product,phone,\
             /products/scarpe,1001,\"{\"\"plan\"\":\"\"gold\"\"}\",true,clock instrument,0.25,\
             2026-11-21T10:00:00.000Z,2026-11-21T10:00:02.250Z\r\n\
             019aa5a0-0000-7000-8000-000000000001,nps,nps,ad1088563eb0e7d5,2,-2,promoter,,[],,,,,,,{},false,,,\
             2026-11-21T10:00:00.000Z,2026-11-21T10:00:02.250Z\r\n"
        );
        assert!(encode(false, &[]).ends_with("received_at\r\n"), "the header stands without rows, too");
    }

    #[test]
    fn text_comes_back_byte_for_byte() {
        let [full, _] = examples();
        for comment in [
            "",
            " ",
            "a,b",
            "\"",
            "\"\"",
            "a\nb",
            "a\rb",
            "a\r\nb\n",
            "مرحبا\u{200f}",
            "👟🏽",
            "=1+1",
            "  @x ",
            "a\tb",
            ";",
        ] {
            let row = Row { comment: Some(comment.into()), ..full.clone() };
            for (raw, expected) in [(true, comment.to_owned()), (false, guarded(comment).into_owned())] {
                let text = encode(raw, std::slice::from_ref(&row));
                let mut reader = csv::Reader::from_reader(text.as_bytes());
                let read = reader.records().next().unwrap().unwrap();
                assert_eq!(read.get(7), Some(expected.as_str()), "{comment:?} raw={raw}");
            }
        }
    }
}
