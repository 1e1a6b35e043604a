//! The place of a database: may it be there, is there room, and does nobody else serve it?
//!
//! Every refusal is one sentence that says what to do.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use rustix::fs::{Access, access, statfs, statvfs};
use rustix::io::Errno;

/// Least free space, in bytes, with which answers are taken: twice what the write-ahead log may hold while it is
/// moved into the database file, and as much again for the operator who has to clean up.
const FREE_BYTES_MIN: u64 = 256 * 1024 * 1024;

/// File systems on which another machine, or another program, decides what a lock and an fsync mean.
const FOREIGN: [(u32, &str); 14] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xfe53_4d42, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0x6573_5546, "FUSE"),
    (0x0102_1997, "9P"),
    (0x00c3_6400, "Ceph"),
    (0x5346_414f, "AFS"),
    (0x7375_7245, "Coda"),
    (0x0bd0_0bd0, "Lustre"),
    (0x4750_4653, "GPFS"),
    (0x7461_636f, "OCFS2"),
    (0x0116_1970, "GFS2"),
    (0x786f_4256, "a shared folder of VirtualBox"),
];

/// Where a database is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The file, with no link left in the way to it.
    pub(super) path: PathBuf,
    folder: PathBuf,
}

/// Says to other collectors that this file is served; the system takes it back however the process ends.
///
/// To be dropped after the last connection: closing any descriptor of a file ends the locks of SQLite on it.
#[derive(Debug)]
pub(super) struct Claim(
    #[expect(dead_code, reason = "held, not read: the lock lasts as long as the file")] File,
);

impl Place {
    /// Looks at the place without opening the database.
    pub(super) fn of(path: &Path) -> anyhow::Result<Self> {
        // Two names of one file are one place.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        ensure!(
            !path.is_dir(),
            "it is a directory; name a file in it, for example sqlite:{}",
            path.join("parere.db").display()
        );
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        ensure!(folder.is_dir(), "there is no directory {}; create it first", folder.display());
        let place = Self { folder: folder.to_owned(), path };
        place.refuse_foreign()?;
        place.refuse_closed()?;
        Ok(place)
    }

    fn refuse_foreign(&self) -> anyhow::Result<()> {
        let found = statfs(&self.folder).context("its file system cannot be looked at")?;
        // The kernel's magic numbers have 32 bits; their type has more, and a sign on some machines.
        let magic = u32::try_from(i128::from(found.f_type) & 0xffff_ffff).unwrap_or_default();
        if let Some((_, name)) = FOREIGN.iter().find(|(foreign, _)| *foreign == magic) {
            bail!("it is on {name}, where fsync and locks cannot be relied on; put it on a local disk");
        }
        Ok(())
    }

    /// Asks by name and does not open: closing a second descriptor would take away the locks of the first.
    fn refuse_closed(&self) -> anyhow::Result<()> {
        let both = Access::READ_OK | Access::WRITE_OK;
        let file = if self.path.exists() { access(&self.path, both) } else { Ok(()) };
        match file.and_then(|()| access(&self.folder, both | Access::EXEC_OK)) {
            Ok(()) => Ok(()),
            Err(Errno::ROFS) => {
                bail!("its file system is mounted read-only; mount it for writing, or choose another place")
            }
            Err(Errno::ACCESS | Errno::PERM) => bail!(
                "this user may not read and write it and the directory around it; change their owner or mode"
            ),
            Err(error) => Err(error).context("it cannot be reached"),
        }
    }

    /// Takes the file, which is created if it is absent, for one serving collector.
    ///
    /// The lock is one of `flock`, which those of SQLite do not see and do not mind: others may read beside it.
    pub(super) fn claim(&self) -> anyhow::Result<Claim> {
        let mut options = File::options();
        let options = options.read(true).write(true).create(true).truncate(false);
        let file = options.open(&self.path).context("it cannot be opened")?;
        match file.try_lock() {
            Ok(()) => Ok(Claim(file)),
            Err(TryLockError::WouldBlock) => {
                bail!("another parere serves it already; stop that one, or choose another file")
            }
            Err(TryLockError::Error(error)) => Err(error).context("it cannot be locked"),
        }
    }

    /// Bytes that are left for us. Costs one system call.
    pub(super) fn free_bytes(&self) -> io::Result<u64> {
        let found = statvfs(&self.folder)?;
        Ok(found.f_bavail.saturating_mul(found.f_frsize))
    }

    /// Is there less than [`FREE_BYTES_MIN`] left?
    pub(super) fn is_nearly_full(&self) -> io::Result<bool> {
        Ok(self.free_bytes()? < FREE_BYTES_MIN)
    }
}
