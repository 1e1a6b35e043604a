//! The shim between a collector and its disk (`shim.c`): compiled once, loaded before the C library, told what to do.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

/// What a test can set while the program runs; the places are those of `shim.c`.
#[derive(Debug, Clone, Copy)]
#[repr(u64)]
pub(crate) enum Control {
    /// The process dies before this change from now, counted in those that [`Control::DieOn`] and `DieIn` mean.
    DieAt,
    /// Kind of change, [`SYNC`] say; 0 for any.
    DieOn,
    /// Kind of file, [`LOG`] say; 0 for any.
    DieIn,
    /// Every write fails with this error number.
    WriteErrno,
    /// Every write beyond a file's end fails with it.
    GrowErrno,
    /// An fsync fails with it, as often as [`Control::SyncFails`] says.
    SyncErrno,
    /// How often; -1 for always.
    SyncFails,
    /// Files cannot be opened: for writing (`EROFS`), or at all (any other number).
    OpenErrno,
    /// Free bytes of the disk, as the program sees it.
    FreeBytes,
    /// Kind of file system, as the program sees it.
    FsType,
    /// Seconds that the wall clock is ahead.
    ClockS,
    /// How many there are.
    End,
}

/// [`Control::DieOn`]: an fsync of a file.
pub(crate) const SYNC: i64 = 6;

/// [`Control::DieIn`]: the database file, or anything else that is not the log.
pub(crate) const DATABASE_FILE: i64 = 1;

/// [`Control::DieIn`]: the write-ahead log.
pub(crate) const LOG: i64 = 2;

/// The file in `folder` that every test opens.
pub(crate) const DATABASE: &str = "parere.db";

/// A folder whose disk is under control.
#[derive(Debug)]
pub(crate) struct Shim {
    /// Where the database is.
    pub(crate) folder: PathBuf,
    journal: PathBuf,
    control: PathBuf,
    values: File,
    _place: TempDir,
}

impl Shim {
    pub(crate) fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let [folder, journal, control] = ["data", "journal", "control"].map(|name| place.path().join(name));
        fs::create_dir(&folder).unwrap();
        let values = OpenOptions::new().read(true).write(true).create_new(true).open(&control).unwrap();
        values.set_len(Control::End as u64 * 8).unwrap();
        Self { folder, journal, control, values, _place: place }
    }

    pub(crate) fn set(&self, control: Control, value: i64) {
        self.values.write_all_at(&value.to_ne_bytes(), control as u64 * 8).unwrap();
    }

    pub(crate) fn get(&self, control: Control) -> i64 {
        let mut bytes = [0; 8];
        self.values.read_exact_at(&mut bytes, control as u64 * 8).unwrap();
        i64::from_ne_bytes(bytes)
    }

    /// Everything as on a healthy disk again.
    pub(crate) fn heal(&self) {
        self.values.write_all_at(&[0; Control::End as usize * 8], 0).unwrap();
    }

    /// Puts the shim before `command`.
    pub(crate) fn before<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("LD_PRELOAD", library())
            .env("SHIM_FOLDER", &self.folder)
            .env("SHIM_JOURNAL", &self.journal)
            .env("SHIM_CONTROL", &self.control)
    }

    /// What was written down since the last call.
    pub(crate) fn take_journal(&self) -> Vec<u8> {
        let journal = fs::read(&self.journal).unwrap();
        fs::remove_file(&self.journal).unwrap();
        journal
    }
}

/// The compiled shim.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/it/durability/shim.c");
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let library = target.join("shim.so");
        // Another test run may be at it: made under a name of our own, then put in place at once.
        let ours = target.join(format!("shim-{}.so", std::process::id()));
        let made = Command::new("cc")
            .args(["-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared", "-o"])
            .args([&ours, &source])
            .output()
            .expect("a C compiler");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        fs::rename(&ours, &library).unwrap();
        library
    })
}
