//! CSV after RFC 4180: UTF-8 without a mark, CRLF, always a header, quotes where they are needed.

use std::borrow::Cow;

use csv::{Terminator, Writer, WriterBuilder};
use parere_shared::time;

use super::column::{COLUMNS, Cell};
use super::guard::guarded;
use crate::store::Row;

/// How texts are written.
#[derive(Clone, Copy)]
pub(super) enum Texts {
    /// Behind an apostrophe where a spreadsheet would run them.
    Guarded,
    /// As they are.
    Raw,
}

/// Appends the header.
pub(super) fn head(texts: Texts, out: &mut Vec<u8>) -> anyhow::Result<()> {
    let mut lines = lines_into(out);
    for column in &COLUMNS {
        lines.write_field(texts.field(column.name).as_bytes())?;
    }
    lines.write_record(None::<&[u8]>)?;
    Ok(lines.flush()?)
}

/// Appends a line for each row.
pub(super) fn rows<'r>(
    texts: Texts,
    rows: impl Iterator<Item = &'r Row>,
    out: &mut Vec<u8>,
) -> anyhow::Result<()> {
    let mut lines = lines_into(out);
    for row in rows {
        for column in &COLUMNS {
            lines.write_field(texts.cell((column.cell)(row)).as_bytes())?;
        }
        lines.write_record(None::<&[u8]>)?;
    }
    Ok(lines.flush()?)
}

impl Texts {
    fn field(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Guarded => guarded(text),
            Self::Raw => Cow::Borrowed(text),
        }
    }

    /// Numbers stay numbers: a score of -2 is no formula.
    pub(super) fn cell(self, cell: Cell<'_>) -> Cow<'_, str> {
        match cell {
            Cell::Absent => Cow::Borrowed(""),
            Cell::Id(id) => id.encode().into(),
            Cell::Text(text) => self.field(text),
            // Begin with a bracket or a brace, which no spreadsheet runs.
            Cell::List(json) => json,
            Cell::Facts(json) => Cow::Borrowed(json),
            Cell::Whole(number) => number.to_string().into(),
            Cell::Real(number) => number.to_string().into(),
            Cell::Truth(truth) => Cow::Borrowed(if truth { "true" } else { "false" }),
            Cell::Moment(moment) => time::format(moment).into(),
        }
    }
}

/// Lines as the RFC has them, appended to `out`.
pub(super) fn lines_into(out: &mut Vec<u8>) -> Writer<&mut Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out)
}

#[cfg(test)]
mod tests {
    use super::super::column::examples;
    use super::*;

    fn encode(texts: Texts, answers: &[Row]) -> String {
        let mut out = Vec::new();
        head(texts, &mut out).unwrap();
        rows(texts, answers.iter(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn rows_are_written_as_the_rfc_says() {
        assert_eq!(
            encode(Texts::Guarded, &examples()),
            "id,survey,metric,instrument,revision,score,band,comment,choices,locale,channel,touchpoint,device,page,\
             ref,attributes,test,flags,inclusion,occurred_at,received_at\r\n\
             019aa5a0-0000-7000-8000-000000000001,nps,nps,ad1088563eb0e7d5,2,9,promoter,\
             \"Ottime scarpe, \"\"davvero\"\"\r\nمريح 👟\",\"[\"\"fit\"\",\"\"price\"\"]\",it,inline,product,phone,\
             /products/scarpe,1001,\"{\"\"plan\"\":\"\"gold\"\"}\",true,\"[\"\"clock\"\",\"\"instrument\"\"]\",0.25,\
             2026-11-21T10:00:00.000Z,2026-11-21T10:00:02.250Z\r\n\
             019aa5a0-0000-7000-8000-000000000001,nps,nps,ad1088563eb0e7d5,2,-2,promoter,,[],,,,,,,{},false,[],,\
             2026-11-21T10:00:00.000Z,2026-11-21T10:00:02.250Z\r\n"
        );
        assert!(
            encode(Texts::Guarded, &[]).ends_with("received_at\r\n"),
            "the header stands without rows, too"
        );
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
            for (texts, expected) in
                [(Texts::Raw, comment.to_owned()), (Texts::Guarded, guarded(comment).into_owned())]
            {
                let text = encode(texts, std::slice::from_ref(&row));
                let mut reader = csv::Reader::from_reader(text.as_bytes());
                let read = reader.records().next().unwrap().unwrap();
                assert_eq!(read.get(7), Some(expected.as_str()), "{comment:?}");
            }
        }
    }
}
