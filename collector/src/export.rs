//! Answers as files: every one that matches, streamed, complete or visibly broken.
//!
//! The set is fixed when an export begins: nothing stored later is in it, however long it takes. Rows are read
//! in pages by their place in the store, so memory does not grow with the number of rows, no read blocks a
//! write for long, and a slow client holds nothing but its own channel.

mod column;
mod csv;
mod guard;
mod ndjson;
mod stream;

pub use ndjson::write_object;
pub use stream::{Chunk, Chunks, Export, ExportError};

use crate::config::ExportFormat;
use crate::store::Row;

/// Turns rows into the bytes of one format.
///
/// Pieces are appended to `out`; all of them one after the other are the file.
trait Encoder: Send {
    /// What stands before the first row.
    fn start(&mut self, out: &mut Vec<u8>) -> anyhow::Result<()>;
    /// One page of rows.
    fn rows(&mut self, rows: &mut dyn Iterator<Item = &Row>, out: &mut Vec<u8>) -> anyhow::Result<()>;
    /// What stands after the last row.
    fn end(&mut self, out: &mut Vec<u8>) -> anyhow::Result<()>;
}

impl ExportFormat {
    /// How the names of such files end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    /// The media type of such files.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
        }
    }
}
