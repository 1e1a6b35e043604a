//! Anybody's table, row by row, for what is no answer and no list of people.

use std::fs::File;
use std::io;
use std::path::Path;

use anyhow::{Context as _, ensure};
use csv::StringRecord;

use super::lines::{Dialect, csv_reader, misfit, numbered};
use super::whole::{self, End};

/// A CSV file that has been looked at from its beginning to its end: it is text.
pub struct Table {
    /// Names of the columns.
    pub header: StringRecord,
    rows: Box<dyn Iterator<Item = io::Result<(u64, StringRecord)>>>,
}

impl Table {
    /// Opens a file; commas, semicolons or tabs between columns, whichever the first line has most of.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let could_not = || format!("could not read {shown}");
        let file = || File::open(path).with_context(could_not);
        ensure!(path.is_file(), "there is no file {shown}");
        whole::check(file()?, End::Any).with_context(could_not)?;
        let mut file = file()?;
        let dialect = Dialect::of(&mut file)?;
        let mut reader = csv_reader(file, dialect);
        let header = reader.headers().context("line 1")?.clone();
        Ok(Self { header, rows: Box::new(numbered(reader, dialect)) })
    }
}

/// A row: the line on which it begins, from 1, and its cells, or why it has none.
impl Iterator for Table {
    type Item = io::Result<(u64, Result<StringRecord, String>)>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        Some(row.map(|(number, cells)| match misfit(&cells, self.header.len()) {
            Some(why) => (number, Err(why)),
            None => (number, Ok(cells)),
        }))
    }
}
