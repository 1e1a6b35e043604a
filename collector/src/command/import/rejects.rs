//! What was refused, as it stood in the file and with the reason, to be corrected and imported again.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Context as _;
use csv::{StringRecord, Terminator, Writer, WriterBuilder};

use crate::import::{Raw, with_reason};

/// The file of refused rows.
pub(in crate::command) struct Rejects {
    rows: Rows,
}

enum Rows {
    Csv(Box<Writer<File>>),
    Lines(BufWriter<File>),
}

impl Rejects {
    /// With the header of the file that is read, if it has one.
    pub(in crate::command) fn create(path: &Path, header: Option<&StringRecord>) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| format!("could not write to {}", path.display()))?;
        let Some(header) = header else { return Ok(Self { rows: Rows::Lines(BufWriter::new(file)) }) };
        let writer = WriterBuilder::new().terminator(Terminator::CRLF).flexible(true).from_writer(file);
        let mut rejects = Self { rows: Rows::Csv(Box::new(writer)) };
        let is_again = header.iter().any(|name| name == "refused");
        let header = Raw::Cells(header.clone());
        rejects.write(if is_again { header } else { with_reason(header, "refused") })?;
        Ok(rejects)
    }

    pub(in crate::command) fn write(&mut self, row: Raw) -> anyhow::Result<()> {
        match (&mut self.rows, row) {
            (Rows::Csv(writer), Raw::Cells(cells)) => writer.write_record(&cells)?,
            (Rows::Lines(writer), Raw::Text(text)) => writeln!(writer, "{text}")?,
            // A file has rows of one kind.
            _ => {}
        }
        Ok(())
    }

    pub(in crate::command) fn finish(self) -> anyhow::Result<()> {
        let file = match self.rows {
            Rows::Csv(writer) => writer.into_inner().context("could not write what was refused")?,
            Rows::Lines(writer) => writer.into_inner().context("could not write what was refused")?,
        };
        Ok(file.sync_all()?)
    }
}
