//! A folder with a Parquet file for each day, as `DuckDB`, Spark and pyarrow read them together.
//!
//! Answers come in the order of storing, which is nearly that of receipt: some days are open at a time.
//! A day that gets an answer after its file was closed gets a second file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;

use jiff::tz::TimeZone;
use serde::Serialize;

use super::book::hash;
use super::column::{COLUMNS, Kind};
use super::manifest::Manifest;
use super::parquet::ParquetFile;
use super::{Export, ExportError};
use crate::catalogue::{date_of, day_of, zone};
use crate::store::{Row, StoredRow};

/// Most files that are open at once.
const OPEN_MAX: usize = 64;

/// Most bytes that gather in all of them together; then the fullest writes a row group.
const GATHERED_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What is in the folder.
#[derive(Debug, Serialize)]
pub struct Folder {
    /// Of all files together.
    #[serde(flatten)]
    pub manifest: Manifest,
    /// Each of them.
    pub files: Vec<Piece>,
}

/// One file.
#[derive(Debug, Serialize)]
pub struct Piece {
    /// Its path in the folder.
    pub path: String,
    /// Answers in it.
    pub rows: u64,
    /// Of all its bytes.
    pub sha256: String,
}

/// What is being written.
struct Days {
    folder: PathBuf,
    zone: TimeZone,
    manifest: Manifest,
    open: BTreeMap<i32, Day>,
    /// Files that each day has had.
    files: BTreeMap<i32, usize>,
    written: Vec<Piece>,
    /// Rows so far: tells which day was written to last.
    rows: u64,
}

struct Day {
    parquet: ParquetFile,
    file: File,
    path: String,
    rows: u64,
    /// When it got its last row, in rows of all.
    last: u64,
}

impl Export {
    /// Writes files into `folder`, which is empty; each is on disk when this returns.
    pub async fn build_days(
        self,
        folder: PathBuf,
        mut taken: impl FnMut(usize) + Send + 'static,
    ) -> Result<Folder, ExportError> {
        let zone = zone(&self.site.zone);
        self.feed(move |pages| {
            let mut days = Days {
                folder,
                zone,
                manifest: pages.manifest().clone(),
                open: BTreeMap::new(),
                files: BTreeMap::new(),
                written: Vec::new(),
                rows: 0,
            };
            let manifest = pages.each(|rows| {
                days.take(rows).map_err(ExportError::Encode)?;
                taken(rows.len());
                Ok(())
            })?;
            while let Some(day) = days.open.keys().next().copied() {
                days.close(day).map_err(ExportError::Encode)?;
            }
            days.written.sort_by(|one, other| one.path.cmp(&other.path));
            Ok(Folder { manifest, files: days.written })
        })
        .await
    }
}

impl Days {
    /// Rows of one day that follow each other go into its file together.
    fn take(&mut self, rows: &[StoredRow]) -> anyhow::Result<()> {
        let day_of = |stored: &StoredRow| day_of(stored.row.received_at, &self.zone);
        let days: Vec<i32> = rows.iter().map(day_of).collect();
        let mut at = 0;
        for run in days.chunk_by(PartialEq::eq) {
            let (of_day, day) = (rows.get(at..at + run.len()).unwrap_or_default(), run.first());
            at += run.len();
            if let Some(day) = day {
                self.add(*day, of_day.iter().map(|stored| &stored.row), run.len() as u64)?;
            }
        }
        Ok(())
    }

    fn add<'r>(&mut self, day: i32, rows: impl Iterator<Item = &'r Row>, n: u64) -> anyhow::Result<()> {
        self.rows += n;
        if !self.open.contains_key(&day) {
            if self.open.len() >= OPEN_MAX
                && let Some(oldest) = self.open.iter().min_by_key(|(_, open)| open.last).map(|(day, _)| *day)
            {
                self.close(oldest)?;
            }
            let opened = self.open_day(day)?;
            self.open.insert(day, opened);
        }
        if let Some(open) = self.open.get_mut(&day) {
            open.parquet.rows(rows)?;
            (open.rows, open.last) = (open.rows + n, self.rows);
        }
        let gathered: usize = self.open.values().map(|open| open.parquet.bytes()).sum();
        if gathered >= GATHERED_BYTES_MAX
            && let Some(fullest) = self.open.values_mut().max_by_key(|open| open.parquet.bytes())
        {
            fullest.parquet.write_group()?;
        }
        Ok(())
    }

    fn open_day(&mut self, day: i32) -> anyhow::Result<Day> {
        let n = self.files.entry(day).or_default();
        *n += 1;
        let end = if *n == 1 { String::new() } else { format!("-{n}") };
        let path = format!("day={}/responses{end}.parquet", date_of(day));
        let whole = self.folder.join(&path);
        fs::create_dir_all(whole.parent().unwrap_or(&self.folder))?;
        let file = File::options().read(true).write(true).create_new(true).open(&whole)?;
        Ok(Day { parquet: ParquetFile::create(file.try_clone()?)?, file, path, rows: 0, last: 0 })
    }

    fn close(&mut self, day: i32) -> anyhow::Result<()> {
        let Some(Day { parquet, file, path, rows, .. }) = self.open.remove(&day) else { return Ok(()) };
        parquet.end(&Manifest { rows, erased: None, ..self.manifest.clone() })?;
        file.sync_all()?;
        let whole = self.folder.join(&path);
        File::open(whole.parent().unwrap_or(&self.folder))?.sync_all()?;
        let (sha256, _) = hash(&file)?;
        self.written.push(Piece { path, rows, sha256 });
        Ok(())
    }
}

/// The columns for people, as a table in Markdown.
pub fn dictionary() -> String {
    let line =
        |name: &str, kind: Kind, meaning: &str| format!("| `{name}` | {} | {meaning} |\n", typed(kind));
    let lines = COLUMNS.iter().map(|column| line(column.name, column.kind, column.meaning));
    let day = "| `day` | date | Local day of receipt in the site's time zone: the name of the folder. |\n";
    let head = "# Columns\n\n| column | type | meaning |\n|---|---|---|\n";
    [head.to_owned()].into_iter().chain(lines).chain([day.to_owned()]).collect()
}

fn typed(kind: Kind) -> &'static str {
    match kind {
        Kind::Id => "UUID",
        Kind::Name => "text",
        Kind::NameOrAbsent | Kind::TextOrAbsent => "text or null",
        Kind::Whole => "32-bit integer",
        Kind::RealOrAbsent => "number or null",
        Kind::Truth => "boolean",
        Kind::Moment => "timestamp in milliseconds, UTC",
        Kind::List => "list of texts",
        Kind::Facts => "map from text to text",
    }
}
