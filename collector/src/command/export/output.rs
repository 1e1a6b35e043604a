//! Where an export goes: a file that appears when it is complete, or a stream.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::NamedTempFile;

/// The place that bytes are written to.
pub(super) enum Output {
    /// Standard output, or a device or pipe that has a name.
    Stream(Box<dyn Write>),
    /// A file beside `path`, which takes its place in the end.
    File {
        /// What is written until then; removed when it is dropped.
        growing: NamedTempFile,
        /// The name it gets.
        path: PathBuf,
    },
}

impl Output {
    /// For a path; none and `-` are standard output.
    pub(super) fn create(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path.filter(|path| *path != "-") else {
            return Ok(Self::Stream(Box::new(io::stdout())));
        };
        let could_not = || format!("could not write to {}", path.display());
        match fs::metadata(path) {
            // /dev/null must not be replaced by a file.
            Ok(known) if !known.is_file() => {
                let device = File::options().write(true).open(path).with_context(could_not)?;
                Ok(Self::Stream(Box::new(device)))
            }
            // What a link points to is replaced, not the link.
            Ok(_) => Self::file(fs::canonicalize(path).with_context(could_not)?).with_context(could_not),
            Err(_) => Self::file(path.to_owned()).with_context(could_not),
        }
    }

    fn file(path: PathBuf) -> io::Result<Self> {
        Ok(Self::File { growing: NamedTempFile::with_prefix_in(".parere-export-", folder_of(&path))?, path })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Stream(stream) => stream.write_all(bytes),
            Self::File { growing, .. } => growing.write_all(bytes),
        }
    }

    /// Everything is on disk under its name when this returns.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Stream(mut stream) => match stream.flush() {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                flushed => flushed.context("could not write all of it"),
            },
            Self::File { growing, path } => {
                let could_not =
                    || format!("could not complete {}; an older file there is as it was", path.display());
                growing.as_file().sync_all().with_context(could_not)?;
                growing.persist(&path).with_context(could_not)?;
                // The name is on disk when its folder is.
                File::open(folder_of(&path)).and_then(|folder| folder.sync_all()).with_context(could_not)
            }
        }
    }

    /// What to say when the export broke off.
    pub(super) fn unfinished(&self) -> String {
        match self {
            Self::Stream(_) => "the export broke off; what was written is not complete".into(),
            Self::File { path, .. } => format!("the export broke off; {} was not touched", path.display()),
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_when_it_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.csv");
        fs::write(&path, "old").unwrap();
        let mut output = Output::create(Some(&path)).unwrap();
        output.write(b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        output.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let mut broken_off = Output::create(Some(&path)).unwrap();
        broken_off.write(b"half").unwrap();
        drop(broken_off);
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn devices_and_links_stay_what_they_are() {
        use std::os::unix::fs::FileTypeExt as _;
        let mut output = Output::create(Some(Path::new("/dev/null"))).unwrap();
        output.write(b"gone").unwrap();
        output.finish().unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());

        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let mut output = Output::create(Some(&link)).unwrap();
        output.write(b"new").unwrap();
        output.finish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&target).unwrap(), b"new");
    }

    #[test]
    fn a_missing_folder_is_said() {
        let error = Output::create(Some(Path::new("/nowhere/answers.csv"))).err().unwrap();
        assert!(format!("{error:#}").starts_with("could not write to /nowhere/answers.csv: "), "{error:#}");
    }
}
