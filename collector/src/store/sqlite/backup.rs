//! Safe copies of a database file, made beside whoever uses it, and put in its place again.
//!
//! A copy is one snapshot, written anew: nothing that was erased stands in it.
//! It gets its name when it is complete, was read again and is on disk; a kill leaves `NAME.part`, or nothing.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};

use super::part::{Part, sync_folder_of, with_end};
use super::place::{Claim, Place};
use super::pool::BUSY_TIMEOUT;
use super::{failure, migrate};

/// What was found in a copy when it was read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Steps of the schema that were taken.
    pub schema: usize,
    /// How many answers each site has, by its key.
    pub answers: Vec<(String, u64)>,
    /// Size of the file, in bytes.
    pub bytes: u64,
}

/// What became of a copy that was put in the place of a database.
#[derive(Debug)]
pub struct Restored {
    /// What was found in it, there.
    pub verified: Verified,
    /// Where the database is now that was there before.
    pub kept: Option<PathBuf>,
}

/// Copies what `database` holds now to `target`, a name that must be free. A collector may serve it meanwhile.
pub fn back_up(database: &Path, target: &Path) -> anyhow::Result<Verified> {
    ensure!(database.exists(), "there is no database at {}; see --database-url", database.display());
    // A link that leads nowhere is a name that is taken, too.
    ensure!(
        fs::symlink_metadata(target).is_err(),
        "there is a file {} already, and a backup replaces nothing; choose another name",
        target.display()
    );
    let part = Part::beside(target)?;
    let could_not = || format!("could not copy {}", database.display());
    copy(database, part.path()).map_err(failure::advised).with_context(could_not)?;
    let verified = verify(part.path()).context("the copy is not as it should be and was removed")?;
    part.take_free_name(target).with_context(|| format!("could not complete {}", target.display()))?;
    Ok(verified)
}

/// Puts `backup` in the place of `database`.
///
/// Where there is a database, it is refused, unless it is said what is put behind the name of the old one.
/// Nobody may be using that one. Whenever this is killed, one of both is in its place, whole.
pub fn restore(backup: &Path, database: &Path, kept_as: Option<&str>) -> anyhow::Result<Restored> {
    ensure!(backup.is_file(), "there is no file {}", backup.display());
    let no_backup = || format!("{} cannot be restored", backup.display());
    let expected = verify(backup).with_context(no_backup)?;
    let could_not = || format!("could not restore {}", database.display());
    let place = Place::of(database).with_context(could_not)?;
    let is_there = fs::symlink_metadata(&place.path).is_ok();
    if is_there {
        ensure!(!is_same(backup, &place.path), "{} is the database itself", backup.display());
    } else {
        refuse_leftovers(&place.path)?;
    }
    let kept_as = match kept_as {
        _ if !is_there => None,
        None => bail!(
            "there is a database at {} already; say --replace to put the backup in its place and keep it beside",
            place.path.display()
        ),
        Some(end) => Some(with_end(&place.path, &format!(".{end}"))),
    };
    let old = if is_there { Some(Old::hold(&place).with_context(could_not)?) } else { None };
    let part = Part::beside(&place.path)?;
    copy(backup, part.path()).map_err(failure::advised).with_context(could_not)?;
    let verified = verify(part.path()).with_context(could_not)?;
    let is_equal = (verified.schema, &verified.answers) == (expected.schema, &expected.answers);
    ensure!(is_equal, "what was written is not what stands in {}; nothing was replaced", backup.display());
    match (old, &kept_as) {
        (Some(old), Some(kept)) => old.give_way(&place.path, kept, part).with_context(could_not)?,
        _ => part.take_free_name(&place.path).with_context(could_not)?,
    }
    Ok(Restored { verified, kept: kept_as })
}

/// Reads all of a database file and says what is in it; fails in a sentence if anything is wrong with it.
fn verify(path: &Path) -> anyhow::Result<Verified> {
    look_into(path).map_err(|error| match error.downcast_ref::<rusqlite::Error>() {
        Some(cause) => match cause.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => anyhow::anyhow!("it is not a SQLite database ({cause})"),
            Some(ErrorCode::DatabaseCorrupt) => anyhow::anyhow!("it is damaged ({cause})"),
            _ => failure::advised(error),
        },
        None => error,
    })
}

fn look_into(path: &Path) -> anyhow::Result<Verified> {
    let connection = open(path)?;
    migrate::refuse_foreign(&connection)?;
    let schema = migrate::version(&connection)?;
    ensure!(schema > 0, "it is empty");
    let texts = |statement: &str| -> rusqlite::Result<Vec<String>> {
        connection.prepare(statement)?.query_map([], |row| row.get(0))?.collect()
    };
    let faults = texts("PRAGMA integrity_check(5)")?;
    ensure!(faults == ["ok"], "it is damaged: {}", faults.join("; "));
    let orphans = texts("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 5")?;
    ensure!(orphans.is_empty(), "rows of {} stand without what they belong to", orphans.join(", "));
    let mut statement = connection.prepare(
        "SELECT site, (SELECT count(*) FROM responses WHERE responses.site = sites.site) FROM sites ORDER BY site",
    )?;
    let answers = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Verified { schema, answers: answers.collect::<Result<_, _>>()?, bytes: fs::metadata(path)?.len() })
}

/// Writes one snapshot of a database into an empty file.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let to = to.to_str().context("the name of the file must be UTF-8")?;
    let connection = open(from)?;
    // Of another program, or of a newer version of ours: whoever restores it would be refused then.
    migrate::refuse_foreign(&connection)?;
    connection.execute("VACUUM INTO ?1", [to])?;
    Ok(())
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    // Writing is needed to read a log that is beside it; where it is not allowed, SQLite does without.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}

/// A database that is about to be replaced, with nobody else in it.
struct Old {
    /// Holds it locked for everybody else; absent where it is too damaged to be opened.
    connection: Option<Connection>,
    /// Dropped last, see [`Claim`].
    _claim: Claim,
}

impl Old {
    fn hold(place: &Place) -> anyhow::Result<Self> {
        let claim = place.claim()?;
        match fold(&place.path) {
            Ok(connection) => Ok(Self { connection: Some(connection), _claim: claim }),
            Err(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                    bail!("another program has it open; end that one first")
                }
                // Damaged, which may be why it is replaced: it is kept as it is, with its log.
                _ => Ok(Self { connection: None, _claim: claim }),
            },
        }
    }

    /// Lets `part` take its place; it is known under the name `kept` from then on.
    fn give_way(self, path: &Path, kept: &Path, part: Part) -> anyhow::Result<()> {
        part.look_like(path).context("the new file could not be given to the owner of the old one")?;
        part.sync()?;
        fs::hard_link(path, kept)
            .with_context(|| format!("could not keep the old one as {}", kept.display()))?;
        // A log that stood beside the new file would be read into it. There is one only beside what is damaged.
        for end in ["-wal", "-journal"] {
            if with_end(path, end).exists() {
                fs::rename(with_end(path, end), with_end(kept, end))?;
            }
        }
        sync_folder_of(path)?;
        part.take_place_of(path)?;
        // Locked until here: nobody has made a new log under the name that is now the new file's.
        drop(self.connection);
        Ok(())
    }
}

/// Moves the log into the file, ends it, and locks the file; nobody else can have it open then.
fn fold(path: &Path) -> rusqlite::Result<Connection> {
    let connection = open(path)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if mode != "delete" {
        return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None));
    }
    connection.execute_batch("BEGIN EXCLUSIVE")?;
    Ok(connection)
}

/// What a database left whose file is gone would be read into the new one.
fn refuse_leftovers(path: &Path) -> anyhow::Result<()> {
    for end in ["-wal", "-journal"] {
        let log = with_end(path, end);
        ensure!(!log.exists(), "{} is left of a database that is gone; move it away first", log.display());
    }
    Ok(())
}

fn is_same(one: &Path, other: &Path) -> bool {
    let identity = |path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    identity(one) == identity(other)
}
