//! Where an export goes: a file that appears when it is complete, or a stream.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::Context as _;

use super::part::{Compression, PartFile};

/// The place that bytes are written to.
pub(super) enum Output {
    /// Standard output, or a device or pipe that has a name.
    Stream(Box<dyn Write>),
    /// A file.
    File(Box<PartFile>),
}

/// Writes a file as a whole: it appears when it is complete.
pub(in crate::command) fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let could_not = || format!("could not write to {}", path.display());
    match Output::create(path, Compression::None)? {
        Output::Stream(mut device) => device.write_all(bytes).with_context(could_not),
        Output::File(mut file) => {
            file.start_anew().and_then(|()| file.write(bytes)).with_context(could_not)?;
            file.finish().map(|_| ())
        }
    }
}

impl Output {
    /// For a path that is no `-`.
    pub(super) fn create(path: &Path, compression: Compression) -> anyhow::Result<Self> {
        let could_not = || format!("could not write to {}", path.display());
        let path = match fs::metadata(path) {
            // /dev/null must not be replaced by a file.
            Ok(known) if !known.is_file() => {
                let device = File::options().write(true).open(path).with_context(could_not)?;
                return Ok(Self::Stream(Box::new(device)));
            }
            // What a link points to is replaced, not the link.
            Ok(_) => fs::canonicalize(path).with_context(could_not)?,
            Err(_) => path.to_owned(),
        };
        let file = PartFile::create(path, compression).with_context(could_not)?;
        Ok(Self::File(Box::new(file)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &Path) -> Box<PartFile> {
        let Output::File(mut file) = Output::create(path, Compression::None).unwrap() else {
            panic!("a file")
        };
        file.start_anew().unwrap();
        file
    }

    #[test]
    fn a_file_appears_when_it_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.csv");
        fs::write(&path, "old").unwrap();
        let mut output = file(&path);
        output.write(b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        let second = Output::create(&path, Compression::None).err().unwrap();
        assert!(format!("{second:#}").contains("another export"), "{second:#}");
        output.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let mut broken_off = file(&path);
        broken_off.write(b"half").unwrap();
        drop(broken_off);
        assert_eq!(fs::read(&path).unwrap(), b"new");
        file(&path).finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"", "what was left is not continued unasked");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_whole_file_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.json");
        for text in ["a longer one", "short"] {
            write_whole(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        write_whole(Path::new("/dev/null"), b"gone").unwrap();
        let error = write_whole(Path::new("/nowhere/shop.json"), b"").unwrap_err();
        assert!(format!("{error:#}").starts_with("could not write to /nowhere/shop.json: "), "{error:#}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn devices_and_links_stay_what_they_are() {
        use std::os::unix::fs::FileTypeExt as _;
        let Output::Stream(mut stream) = Output::create(Path::new("/dev/null"), Compression::None).unwrap()
        else {
            panic!("a device")
        };
        stream.write_all(b"gone").unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());

        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let mut output = file(&link);
        output.write(b"new").unwrap();
        output.finish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&target).unwrap(), b"new");
    }

    #[test]
    fn a_missing_folder_is_said() {
        let error = Output::create(Path::new("/nowhere/answers.csv"), Compression::None).err().unwrap();
        assert!(format!("{error:#}").starts_with("could not write to /nowhere/answers.csv: "), "{error:#}");
    }
}
