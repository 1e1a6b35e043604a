//! A database file that is being made: `NAME.part` until it is complete, then under its name at once.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

/// Only its owner reads it: there is what shoppers wrote in it.
const MODE: u32 = 0o600;

/// The file while it grows; removed when it is dropped before it has its name.
///
/// Locked against others who would write the same one; what a killed run left is taken over.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    file: File,
    is_named: bool,
}

impl Part {
    /// An empty file beside `target`.
    pub(super) fn beside(target: &Path) -> anyhow::Result<Self> {
        let path = with_end(target, ".part");
        let could_not = || format!("could not write {}", path.display());
        let mut options = File::options();
        let options = options.write(true).create(true).truncate(false).mode(MODE);
        let file = options.open(&path).with_context(could_not)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!("another parere is writing {}", path.display()),
            Err(TryLockError::Error(error)) => return Err(error).with_context(could_not),
        }
        // Whoever had it before may have given it its name between our opening and our lock.
        let is_still_there = fs::symlink_metadata(&path).is_ok_and(|there| {
            file.metadata().is_ok_and(|own| (own.dev(), own.ino()) == (there.dev(), there.ino()))
        });
        ensure!(is_still_there, "another parere has just finished {}", target.display());
        file.set_len(0).with_context(could_not)?;
        let part = Self { path, file, is_named: false };
        part.remove_journal();
        Ok(part)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Belongs to whom `model` belongs, and may be read by the same.
    pub(super) fn look_like(&self, model: &Path) -> io::Result<()> {
        let (own, model) = (self.file.metadata()?, fs::metadata(model)?);
        if (own.uid(), own.gid()) != (model.uid(), model.gid()) {
            fchown(&self.file, Some(model.uid()), Some(model.gid()))?;
        }
        self.file.set_permissions(fs::Permissions::from_mode(model.mode() & 0o777))
    }

    /// On disk, but not under its name.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    /// Gives it its name, which must be free: on disk when this returns.
    pub(super) fn take_free_name(mut self, name: &Path) -> io::Result<()> {
        self.sync()?;
        match renameat_with(CWD, &self.path, CWD, name, RenameFlags::NOREPLACE) {
            Ok(()) => self.is_named = true,
            // File systems that cannot do it in one step: a second name, which must be free, too.
            Err(Errno::INVAL | Errno::NOSYS) => fs::hard_link(&self.path, name)?,
            Err(error) => return Err(error.into()),
        }
        sync_folder_of(name)
    }

    /// Takes the place of the file of this name in one step: on disk when this returns.
    pub(super) fn take_place_of(mut self, name: &Path) -> io::Result<()> {
        self.sync()?;
        fs::rename(&self.path, name)?;
        self.is_named = true;
        sync_folder_of(name)
    }

    /// Best done, not needed: what is left is taken over by the next one.
    fn remove_journal(&self) {
        fs::remove_file(with_end(&self.path, "-journal")).ok();
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_named {
            fs::remove_file(&self.path).ok();
        }
        self.remove_journal();
    }
}

/// `path` with something behind its name.
pub(super) fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

/// A name is on disk when its folder is.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
