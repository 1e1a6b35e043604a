//! A file, row by row, each with the line on which it begins.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _};
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use csv::StringRecord;
use serde_json::Value;

use super::own::{Columns, OwnRow, REFUSED};
use super::whole::{self, End};
use super::{delighted, own};
use crate::config::{Field, Mapping};

/// What kind of file it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// NDJSON of our own.
    OwnNdjson,
    /// CSV of our own, with the guard against formulas or without.
    OwnCsv {
        /// Without.
        is_raw: bool,
    },
    /// CSV of anybody, with what its columns mean.
    Mapped(Mapping),
    /// CSV of anybody that says something of people, and what its columns mean.
    Listed(Mapping),
    /// Of Delighted, with what is known of its columns beside what we know.
    Delighted(Mapping),
}

/// A row as it stands in the file.
#[derive(Debug)]
pub enum Raw {
    /// Of a CSV file.
    Cells(StringRecord),
    /// Of any other.
    Text(String),
}

/// What a row says.
#[derive(Debug)]
pub enum Said {
    /// Every column of our own.
    Own(Box<OwnRow>),
    /// What is known of the answer, or of a person.
    Foreign(Vec<(Field, String)>),
}

/// A row.
#[derive(Debug)]
pub struct Line {
    /// Where it begins, from 1.
    pub number: u64,
    /// As it stands there.
    pub raw: Raw,
    /// What it says, or why that cannot be understood.
    pub said: Result<Said, String>,
}

/// All rows of a file.
pub struct Lines {
    /// Names of the columns of a CSV file.
    pub header: Option<StringRecord>,
    /// Columns that nothing is made of.
    pub unused: Vec<String>,
    rows: Box<dyn Iterator<Item = io::Result<Line>>>,
}

impl Iterator for Lines {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next()
    }
}

/// Opens a file that has been looked at from its beginning to its end: it is text, and complete as far as can be known.
///
/// One of our own that is not is taken only if `is_incomplete` says so.
pub fn open(path: &Path, form: &Form, is_incomplete: bool) -> anyhow::Result<Lines> {
    let end = match form {
        _ if is_incomplete => End::Any,
        Form::OwnNdjson => End::Sealed,
        Form::OwnCsv { .. } => End::Newline,
        Form::Mapped(_) | Form::Listed(_) | Form::Delighted(_) => End::Any,
    };
    let shown = path.display();
    let could_not = || format!("could not read {shown}");
    let file = || File::open(path).with_context(could_not);
    ensure!(path.is_file(), "there is no file {shown}");
    whole::check(file()?, end).with_context(could_not)?;
    match form {
        Form::OwnNdjson => Ok(Lines::of(None, ndjson(file()?))),
        Form::OwnCsv { is_raw } => own_csv(file()?, *is_raw).with_context(could_not),
        Form::Mapped(mapping) => {
            mapped_csv(file()?, |header| of_answer(header, mapped(header, mapping)?), as_it_is)
                .with_context(could_not)
        }
        Form::Listed(mapping) => {
            mapped_csv(file()?, |header| mapped(header, mapping), as_it_is).with_context(could_not)
        }
        Form::Delighted(mapping) => match first_byte(file()?)? {
            Some(b'[') => Ok(Lines::of(None, json_list(file()?).with_context(could_not)?.into_iter())),
            Some(b'{') => Ok(Lines::of(None, text_lines(file()?).map(|line| line.map(delighted_line)))),
            _ => {
                let columns = |header: &StringRecord| {
                    let mut columns = mapped(header, mapping)?;
                    let known = delighted::columns(header.iter());
                    let is_new = |(field, _): &(Field, usize)| !columns.iter().any(|(own, _)| own == field);
                    let known: Vec<_> = known.into_iter().filter(is_new).collect();
                    columns.extend(known);
                    of_answer(header, columns)
                };
                mapped_csv(file()?, columns, delighted::cell).with_context(could_not)
            }
        },
    }
}

impl Lines {
    fn of(header: Option<StringRecord>, rows: impl Iterator<Item = io::Result<Line>> + 'static) -> Self {
        Self { header, unused: Vec::new(), rows: Box::new(rows) }
    }
}

/// Lines that are not empty, with their numbers.
fn text_lines(file: File) -> impl Iterator<Item = io::Result<(u64, String)>> {
    let numbered =
        BufReader::new(file).lines().zip(1..).map(|(line, number)| line.map(|line| (number, line)));
    numbered.filter(|line| !line.as_ref().is_ok_and(|(_, line)| line.trim().is_empty()))
}

fn ndjson(file: File) -> impl Iterator<Item = io::Result<Line>> {
    let is_row =
        |line: &io::Result<(u64, String)>| !line.as_ref().is_ok_and(|(_, line)| whole::is_seal(line));
    text_lines(file).take_while(is_row).map(|line| {
        line.map(|(number, text)| {
            let said = serde_json::from_str::<OwnRow>(&text);
            let said =
                said.map_err(|error| format!("it is no answer as parere exports it: {}", in_line(&error)));
            Line { number, raw: Raw::Text(text), said: said.map(|row| Said::Own(Box::new(row))) }
        })
    })
}

/// What serde says, without the line: it was shown one line alone.
fn in_line(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column", ", at column")
}

fn own_csv(mut file: File, is_raw: bool) -> anyhow::Result<Lines> {
    let dialect = Dialect { delimiter: b',', ..Dialect::of(&mut file)? };
    let mut reader = csv_reader(file, dialect);
    let header = reader.headers().context("line 1")?.clone();
    let columns = Columns::of(&header, is_raw).map_err(|why| anyhow::anyhow!("line 1: {why}"))?;
    let read = move |cells: &StringRecord| columns.row(cells).map(|row| Said::Own(Box::new(row)));
    Ok(Lines::of(Some(header.clone()), csv_lines(reader, dialect, header.len(), read)))
}

fn mapped_csv(
    mut file: File,
    columns: impl Fn(&StringRecord) -> anyhow::Result<Vec<(Field, usize)>>,
    kept: fn(&Field, &str) -> String,
) -> anyhow::Result<Lines> {
    let dialect = Dialect::of(&mut file)?;
    let mut reader = csv_reader(file, dialect);
    let header = reader.headers().context("line 1")?.clone();
    let columns = columns(&header).context("line 1")?;
    let unused = header
        .iter()
        .enumerate()
        .filter(|(place, name)| *name != REFUSED && !columns.iter().any(|(_, used)| used == place));
    let unused: Vec<String> = unused.map(|(_, name)| name.to_owned()).collect();
    let read = move |cells: &StringRecord| {
        let cell = |place: usize| cells.get(place).filter(|cell| !cell.trim().is_empty());
        let said =
            columns.iter().filter_map(|(field, place)| Some((field.clone(), kept(field, cell(*place)?))));
        Ok(Said::Foreign(said.collect()))
    };
    let lines = Lines::of(Some(header.clone()), csv_lines(reader, dialect, header.len(), read));
    Ok(Lines { unused, ..lines })
}

/// A cell as it stands there.
fn as_it_is(_: &Field, text: &str) -> String {
    text.to_owned()
}

/// Columns without which there is no answer are among `columns`.
fn of_answer(header: &StringRecord, columns: Vec<(Field, usize)>) -> anyhow::Result<Vec<(Field, usize)>> {
    for (field, name) in [(Field::Score, "score"), (Field::OccurredAt, "occurred_at")] {
        ensure!(
            columns.iter().any(|(own, _)| *own == field),
            "it is not known which column is the {name}; say --map {name}=COLUMN (there are {})",
            listed(header)
        );
    }
    Ok(columns)
}

/// Where the columns of a mapping are, by their names in any case.
fn mapped(header: &StringRecord, mapping: &Mapping) -> anyhow::Result<Vec<(Field, usize)>> {
    let place = |column: &str| {
        let same = |name: &str| name == column;
        let alike = |name: &str| name.trim().to_lowercase() == column.to_lowercase();
        header.iter().position(same).or_else(|| header.iter().position(alike))
    };
    let mut found = Vec::new();
    for (field, column) in &mapping.0 {
        let Some(place) = place(column) else {
            bail!("there is no column {column}; there are {}", listed(header));
        };
        ensure!(
            !found.iter().any(|(own, _)| own == field),
            "{column} stands for what another column says already"
        );
        found.push((field.clone(), place));
    }
    Ok(found)
}

fn listed(header: &StringRecord) -> String {
    header.iter().collect::<Vec<_>>().join(", ")
}

pub(super) fn csv_reader(file: File, dialect: Dialect) -> csv::Reader<File> {
    csv::ReaderBuilder::new().delimiter(dialect.delimiter).flexible(true).from_reader(file)
}

fn csv_lines(
    reader: csv::Reader<File>,
    dialect: Dialect,
    columns: usize,
    read: impl Fn(&StringRecord) -> Result<Said, String> + 'static,
) -> impl Iterator<Item = io::Result<Line>> {
    numbered(reader, dialect).map(move |row| {
        let (number, cells) = row?;
        let said = misfit(&cells, columns).map_or_else(|| read(&cells), Err);
        Ok(Line { number, raw: Raw::Cells(cells), said })
    })
}

/// Rows with the lines on which they begin.
pub(super) fn numbered(
    reader: csv::Reader<File>,
    dialect: Dialect,
) -> impl Iterator<Item = io::Result<(u64, StringRecord)>> {
    reader.into_records().map(move |cells| {
        let cells = cells.map_err(io::Error::from)?;
        let number = cells.position().map_or(0, csv::Position::line) + u64::from(dialect.is_crlf);
        Ok((number, cells))
    })
}

/// Why these are not the cells of a row.
pub(super) fn misfit(cells: &StringRecord, columns: usize) -> Option<String> {
    (cells.len() != columns).then(|| format!("it has {} cells where the header has {columns}", cells.len()))
}

/// How a CSV file is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    /// The sign between the columns: of comma, semicolon and tab, what the header has most of.
    delimiter: u8,
    /// Lines end with two signs. The reader stops between them, on the line before.
    is_crlf: bool,
}

impl Dialect {
    pub(super) fn of(file: &mut File) -> io::Result<Self> {
        let mut header = String::new();
        BufReader::new(&mut *file).read_line(&mut header)?;
        file.rewind()?;
        let count = |sign: u8| header.bytes().filter(|byte| *byte == sign).count();
        let delimiter = [b'\t', b';', b','].into_iter().max_by_key(|sign| count(*sign));
        Ok(Self { delimiter: delimiter.unwrap_or(b','), is_crlf: header.ends_with("\r\n") })
    }
}

fn first_byte(file: File) -> io::Result<Option<u8>> {
    BufReader::new(file).bytes().find(|byte| !byte.as_ref().is_ok_and(u8::is_ascii_whitespace)).transpose()
}

/// A list of answers; each is told by its place in it.
fn json_list(file: File) -> anyhow::Result<Vec<io::Result<Line>>> {
    let list: Vec<Value> =
        serde_json::from_reader(BufReader::new(file)).context("it is no list of answers")?;
    Ok(list
        .into_iter()
        .zip(1..)
        .map(|(value, number)| Ok(delighted_line((number, value.to_string()))))
        .collect())
}

fn delighted_line((number, text): (u64, String)) -> Line {
    let said = match serde_json::from_str(&text) {
        Ok(Value::Object(answer)) => Ok(Said::Foreign(delighted::fields(&answer))),
        Ok(_) => Err("it is no object".into()),
        Err(error) => Err(format!("it is no JSON: {}", in_line(&error))),
    };
    Line { number, raw: Raw::Text(text), said }
}

/// A refused row as it is written down, to be corrected and imported again.
pub fn with_reason(raw: Raw, why: &str) -> Raw {
    match raw {
        Raw::Cells(mut cells) => {
            cells.push_field(why);
            Raw::Cells(cells)
        }
        Raw::Text(text) => {
            let mut value =
                serde_json::from_str(&text).unwrap_or_else(|_| serde_json::json!({ "text": text }));
            if let Value::Object(fields) = &mut value {
                fields.insert(own::REFUSED.into(), why.into());
            }
            Raw::Text(value.to_string())
        }
    }
}
