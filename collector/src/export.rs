//! Answers as files: every one that matches, complete or visibly broken.
//!
//! The set is fixed when an export begins: nothing stored later is in it, however long it takes. Rows are read
//! in pages by their place in the store, so memory does not grow with the number of rows, no read blocks a
//! write for long, and a slow client holds nothing but its own channel.
//! CSV and NDJSON are streamed; Parquet and XLSX are built in a file first.

use std::sync::Arc;

mod book;
mod cases;
mod column;
mod csv;
pub mod cursor;
mod days;
mod guard;
mod manifest;
mod ndjson;
mod pages;
mod parquet;
mod shelf;
mod stream;
mod turn;
mod xlsx;

pub use book::{Built, PIECE_LEN, Place, hash};
pub use cases::CaseTable;
pub(crate) use column::names as column_names;
pub use days::{Folder, dictionary};
pub(crate) use guard::unguarded;
pub use manifest::Manifest;
pub use ndjson::write_object;
pub use pages::Set;
pub use shelf::Shelf;
pub use stream::{Chunk, Chunks, Mark};
pub use turn::{Turn, Turns};

use self::csv::Texts;
use self::stream::Lines;
use crate::auth::SiteScope;
use crate::config::ExportFormat;
use crate::store::{Filter, Site, Store, StoreError};

/// Everything that decides what is in an export.
#[derive(Clone)]
pub struct Export {
    /// Where the answers are.
    pub store: Arc<dyn Store>,
    /// Whose they are.
    pub site: Site,
    /// The right to them.
    pub scope: SiteScope,
    /// Which of them.
    pub filter: Filter,
    /// Those that are there now.
    pub set: Set,
    /// What kind of file.
    pub format: ExportFormat,
    /// CSV without the formula guard.
    pub raw: bool,
}

/// Why an export broke off.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store failed.
    #[error("the answers could not be read any further")]
    Store(#[from] StoreError),
    /// A row could not be written in this format, or the file could not be written.
    #[error("an answer could not be written")]
    Encode(#[source] anyhow::Error),
    /// The disk on which it is built is nearly full.
    #[error("there is too little room on the disk to build the file")]
    NoRoom,
    /// The end never came: the task that reads was stopped.
    #[error("the export was cut short")]
    CutShort,
}

/// How the file of an export comes to be.
pub enum Making {
    /// Piece by piece.
    Streamed(Chunks),
    /// As a whole: [`Export::build`].
    Built(Box<Export>),
}

impl Export {
    /// Begins with it, behind `mark` where a part of lines is there already.
    pub fn start(self, mark: Mark) -> Making {
        let texts = if self.raw { Texts::Raw } else { Texts::Guarded };
        match self.format {
            ExportFormat::Csv => Making::Streamed(self.lines(Lines::Csv(texts), mark)),
            ExportFormat::Ndjson => Making::Streamed(self.lines(Lines::Ndjson, mark)),
            ExportFormat::Parquet | ExportFormat::Xlsx => Making::Built(Box::new(self)),
        }
    }

    /// What it holds with so many rows.
    pub(crate) fn manifest(&self, rows: u64) -> Manifest {
        let erased = self.expected().map(|expected| expected.saturating_sub(rows));
        Manifest { rows, erased, ..Manifest::of(self) }
    }

    /// Rows that there must be unless some are erased; unknown where answers can come to match, or cease to, by a
    /// revision or a decision.
    fn expected(&self) -> Option<u64> {
        let Filter { flags, text, band, locale, channel, page, .. } = &self.filter;
        let is_lasting = flags.is_none() && text.is_none() && band.is_none();
        let is_lasting = is_lasting && locale.is_none() && channel.is_none() && page.is_none();
        self.set.rows.filter(|_| is_lasting)
    }
}

impl ExportFormat {
    /// How the names of such files end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Parquet => "parquet",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type of such files.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}
