//! Parquet and XLSX: built as a whole in a file, since their ends say where everything is.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc::{self, Receiver};

use super::manifest::Manifest;
use super::pages::{self, Page};
use super::parquet::ParquetFile;
use super::xlsx::{SHEET_ROWS_MAX, XlsxFile};
use super::{Export, ExportError};
use crate::behind;
use crate::config::ExportFormat;
use crate::random::hex;
use crate::store::StoredRow;

/// Bytes of a file that are read at once.
pub const PIECE_LEN: usize = 128 * 1024;

/// Where an export is built.
pub struct Place {
    /// Empty.
    pub file: File,
    /// For what waits beside it; nothing there has a name, so nothing outlives the process.
    pub folder: PathBuf,
    /// What must stay free on that disk, in bytes: an export never takes the room that answers need.
    pub free_bytes_min: u64,
}

/// A file that is complete.
pub struct Built {
    /// Its bytes.
    pub file: File,
    /// How many.
    pub len: u64,
    /// What is in it, with the hash of all bytes.
    pub manifest: Manifest,
}

/// A file that is being written.
enum Book {
    Parquet(Box<ParquetFile>),
    Xlsx(Box<XlsxFile>),
}

impl Export {
    /// Builds the file; `taken` hears of rows as they are written. Dropping the future ends it.
    pub async fn build(
        self,
        place: Place,
        mut taken: impl FnMut(usize) + Send + 'static,
    ) -> Result<Built, ExportError> {
        let format = self.format;
        self.feed(move |pages| {
            let Place { file, folder, free_bytes_min } = place;
            let mut book = Book::create(format, &file, &folder).map_err(ExportError::Encode)?;
            let mut manifest = pages.each(|rows| {
                if free_bytes(&file).map_err(encode)? < free_bytes_min {
                    return Err(ExportError::NoRoom);
                }
                book.rows(rows).map_err(ExportError::Encode)?;
                taken(rows.len());
                Ok(())
            })?;
            book.end(&manifest).map_err(ExportError::Encode)?;
            let (sha256, len) = hash(&file).map_err(encode)?;
            manifest.sha256 = Some(sha256);
            Ok(Built { file, len, manifest })
        })
        .await
    }

    /// Gives every page of the set to `sink`, which has a thread of its own.
    pub(super) async fn feed<T: Send + 'static>(
        self,
        sink: impl FnOnce(Pages) -> Result<T, ExportError> + Send + 'static,
    ) -> Result<T, ExportError> {
        let (to_sink, pages) = mpsc::channel(pages::WAITING_MAX);
        let pages = Pages { coming: pages, manifest: self.manifest(0), expected: self.expected() };
        let sinking = behind::run(move || sink(pages));
        let (read, written) = tokio::join!(self.read(None, to_sink), sinking);
        let written = written.map_err(|error| ExportError::Encode(error.into()))?;
        match read {
            // Nobody took the pages any more: why, says the one who should have.
            Err(ExportError::CutShort) | Ok(()) => written,
            Err(error) => Err(error),
        }
    }
}

/// Pages for one who takes them on a thread.
pub(super) struct Pages {
    coming: Receiver<Page>,
    manifest: Manifest,
    expected: Option<u64>,
}

impl Pages {
    /// What the whole holds, rows aside.
    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Every page in its order; what they held together.
    pub(super) fn each(
        mut self,
        mut take: impl FnMut(&[StoredRow]) -> Result<(), ExportError>,
    ) -> Result<Manifest, ExportError> {
        loop {
            let Page { rows, is_last } = self.coming.blocking_recv().ok_or(ExportError::CutShort)?;
            take(&rows)?;
            self.manifest.rows += rows.len() as u64;
            if is_last {
                let rows = self.manifest.rows;
                self.manifest.erased = self.expected.map(|expected| expected.saturating_sub(rows));
                return Ok(self.manifest);
            }
        }
    }
}

fn encode(error: io::Error) -> ExportError {
    ExportError::Encode(error.into())
}

impl Book {
    fn create(format: ExportFormat, file: &File, folder: &Path) -> anyhow::Result<Self> {
        let file = file.try_clone()?;
        match format {
            ExportFormat::Xlsx => Ok(Self::Xlsx(Box::new(XlsxFile::create(file, folder, SHEET_ROWS_MAX)?))),
            ExportFormat::Parquet => Ok(Self::Parquet(Box::new(ParquetFile::create(file)?))),
            ExportFormat::Csv | ExportFormat::Ndjson => anyhow::bail!("lines are streamed, not built"),
        }
    }

    fn rows(&mut self, rows: &[StoredRow]) -> anyhow::Result<()> {
        let rows = rows.iter().map(|stored| &stored.row);
        match self {
            Self::Parquet(file) => file.rows(rows),
            Self::Xlsx(file) => file.rows(rows),
        }
    }

    fn end(self, manifest: &Manifest) -> anyhow::Result<()> {
        match self {
            Self::Parquet(file) => file.end(manifest),
            Self::Xlsx(file) => file.end(manifest),
        }
    }
}

/// SHA-256 and number of all bytes, read back from the file.
pub fn hash(file: &File) -> io::Result<(String, u64)> {
    let (mut seal, mut at, mut piece) = (Sha256::new(), 0, vec![0; PIECE_LEN]);
    loop {
        let n = file.read_at(&mut piece, at)?;
        if n == 0 {
            return Ok((hex(&seal.finalize()), at));
        }
        seal.update(piece.get(..n).unwrap_or_default());
        at += n as u64;
    }
}

fn free_bytes(file: &File) -> io::Result<u64> {
    let disk = rustix::fs::fstatvfs(file)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}
