//! A file on its way: written beside its name, and renamed when all of it is on disk.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use flate2::write::GzEncoder;

/// zstd's own default.
const ZSTD_LEVEL: i32 = 3;

/// What bytes become on their way into the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    /// By the end of a file's name; and the name without it.
    pub(super) fn of(path: &Path) -> (PathBuf, Self) {
        match path.extension().and_then(|end| end.to_str()) {
            Some("gz") => (path.with_extension(""), Self::Gzip),
            Some("zst") => (path.with_extension(""), Self::Zstd),
            _ => (path.to_owned(), Self::None),
        }
    }
}

/// `FILE.part`, which becomes `FILE`; one process writes it at a time.
pub(super) struct PartFile {
    part: PathBuf,
    path: PathBuf,
    /// Locked for as long as it is open.
    file: File,
    sink: Sink,
    compression: Compression,
    /// Bytes given to the sink, and those that were there.
    len: u64,
}

enum Sink {
    Plain(BufWriter<File>),
    Gzip(GzEncoder<BufWriter<File>>),
    Zstd(zstd::Encoder<'static, BufWriter<File>>),
}

impl PartFile {
    /// Takes the place beside `path`; what an earlier export left there stays until [`Self::start_anew`].
    pub(super) fn create(path: PathBuf, compression: Compression) -> anyhow::Result<Self> {
        let part = beside(&path, ".part");
        let file = File::options().read(true).write(true).create(true).truncate(false).open(&part)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!("another export is writing {}", part.display()),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let writer = BufWriter::new(file.try_clone()?);
        let sink = match compression {
            Compression::None => Sink::Plain(writer),
            Compression::Gzip => Sink::Gzip(GzEncoder::new(writer, flate2::Compression::default())),
            Compression::Zstd => {
                let mut encoder = zstd::Encoder::new(writer, ZSTD_LEVEL)?;
                encoder.include_checksum(true)?;
                Sink::Zstd(encoder)
            }
        };
        Ok(Self { part, path, file, sink, compression, len: 0 })
    }

    /// The name it gets.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where it is.
    pub(super) fn folder(&self) -> &Path {
        folder_of(&self.path)
    }

    /// Where the state of an export is that is not finished.
    pub(super) fn state_path(&self) -> PathBuf {
        beside(&self.path, ".part.json")
    }

    /// Can another export go on with what this one leaves?
    pub(super) fn can_go_on(&self) -> bool {
        self.compression == Compression::None
    }

    /// Bytes so far.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// The part as it lies there, for reading.
    pub(super) fn found(&self) -> &File {
        &self.file
    }

    /// Throws away what an earlier export left.
    pub(super) fn start_anew(&mut self) -> io::Result<()> {
        remove_if_there(&self.state_path())?;
        self.start_behind(0)
    }

    /// Keeps the first `len` bytes of what an earlier export left.
    pub(super) fn start_behind(&mut self, len: u64) -> io::Result<()> {
        self.file.set_len(len)?;
        // The writer's descriptor is a copy of this one and shares its place.
        self.file.seek(io::SeekFrom::Start(len))?;
        self.len = len;
        Ok(())
    }

    /// An empty file, for who writes it as a whole.
    pub(super) fn plain(&self) -> io::Result<File> {
        self.file.set_len(0)?;
        self.file.try_clone()
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.len += bytes.len() as u64;
        match &mut self.sink {
            // What is noted as written has to be in the file.
            Sink::Plain(sink) => sink.write_all(bytes).and_then(|()| sink.flush()),
            Sink::Gzip(sink) => sink.write_all(bytes),
            Sink::Zstd(sink) => sink.write_all(bytes),
        }
    }

    /// Everything is on disk under its name when this returns; the file, for reading.
    pub(super) fn finish(self) -> anyhow::Result<File> {
        let Self { part, path, file, sink, .. } = self;
        let could_not = || format!("could not complete {}; an older file there is as it was", path.display());
        let end = || -> io::Result<()> {
            match sink {
                Sink::Plain(mut sink) => sink.flush()?,
                Sink::Gzip(sink) => sink.finish()?.flush()?,
                Sink::Zstd(sink) => sink.finish()?.flush()?,
            }
            file.sync_all()?;
            fs::rename(&part, &path)?;
            remove_if_there(&beside(&path, ".part.json"))?;
            // The name is on disk when its folder is.
            File::open(folder_of(&path))?.sync_all()
        };
        end().with_context(could_not)?;
        Ok(file)
    }

    /// Removes what nobody can go on with.
    pub(super) fn discard(self) {
        // If it stays, the next export writes over it.
        fs::remove_file(&self.part).ok();
    }
}

/// The path with something behind its name.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
