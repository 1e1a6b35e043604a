//! Connections: how they are opened, and how an async caller borrows one.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, MAIN_DB, OpenFlags, ffi};
use tokio::sync::Semaphore;

use super::failure::is_broken;
use crate::behind;
use crate::store::{Result, StoreError};

/// How long a statement waits for another process that holds the lock (an operator's backup, say).
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long one read may take; a page of an export takes milliseconds.
const READ_DEADLINE: Duration = Duration::from_secs(30);

/// Virtual-machine steps between two looks at the deadline: about a millisecond.
const STEPS_PER_LOOK: i32 = 10_000;

/// Size the write-ahead log is cut back to after a checkpoint.
pub(super) const WAL_BYTES_KEPT: i64 = 64 * 1024 * 1024;

/// How a connection of a pool comes to be.
type Open = dyn Fn() -> rusqlite::Result<Connection> + Send + Sync;

/// A few connections that callers take turns with.
pub(super) struct Pool {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Semaphore,
    reopen: Arc<Open>,
}

impl Pool {
    /// Hands out `connections`; `reopen` makes another one for each that broke.
    pub(super) fn new(
        connections: Vec<Connection>,
        reopen: impl Fn() -> rusqlite::Result<Connection> + Send + Sync + 'static,
    ) -> Self {
        Self {
            permits: Semaphore::new(connections.len()),
            idle: Arc::new(Mutex::new(connections)),
            reopen: Arc::new(reopen),
        }
    }

    /// Runs `work` on a connection of its own, off the async threads.
    ///
    /// A connection on which the disk failed is closed: the next caller gets a new one, or is told that there is none.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let closed = |_| StoreError::Unavailable("the store is closed".into());
        let _permit = self.permits.acquire().await.map_err(closed)?;
        let (idle, reopen) = (Arc::clone(&self.idle), Arc::clone(&self.reopen));
        let task = behind::run(move || {
            let taken = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = taken.map_or_else(|| reopen(), Ok)?;
            let result = work(&mut connection);
            // A deadline is of one read: the next one may come long after it is over.
            connection.progress_handler(0, None::<fn() -> bool>)?;
            if !result.as_ref().is_err_and(is_broken) {
                idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            }
            result.map_err(StoreError::from)
        });
        task.await.map_err(|error| StoreError::Unavailable(error.into()))?
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("permits", &self.permits).finish_non_exhaustive()
    }
}

/// Makes a connection the writing one, the only one that checkpoints.
pub(super) fn make_writer(connection: Connection) -> rusqlite::Result<Connection> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "journal_size_limit", WAL_BYTES_KEPT)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    // SQLite opens for reading what it may not write, and says nothing.
    if connection.is_readonly(MAIN_DB)? {
        return Err(failure(ffi::SQLITE_READONLY, "the file was opened for reading only".into()));
    }
    require(&connection, "journal_mode", "wal")?;
    // 2 is FULL. An acknowledgement means nothing without it, so it is read back.
    require(&connection, "synchronous", "2")?;
    // Nor does an erasure whose bytes stay in the file until something else needs the room.
    connection.pragma_update_and_check(None, "secure_delete", "ON", |_| Ok(()))?;
    require(&connection, "secure_delete", "1")?;
    Ok(connection)
}

/// A reading connection: cannot write, never checkpoints, gives up after [`READ_DEADLINE`].
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Makes whatever is read next on `connection` give up in time.
pub(super) fn start_deadline(connection: &mut Connection) -> rusqlite::Result<()> {
    give_up_at(connection, Instant::now() + READ_DEADLINE)
}

fn give_up_at(connection: &mut Connection, end: Instant) -> rusqlite::Result<()> {
    connection.progress_handler(STEPS_PER_LOOK, Some(move || Instant::now() > end))
}

/// A writing connection after one that broke: nothing of what may be missing on disk is left in the log.
///
/// The checkpoint writes every committed page anew, into the database file, where its own fsync can be believed.
pub(super) fn reopen_writer(path: &Path) -> rusqlite::Result<Connection> {
    let mut connection = make_writer(Connection::open(path)?)?;
    if checkpoint(&mut connection)? {
        return Ok(connection);
    }
    Err(failure(ffi::SQLITE_BUSY, "a reader holds up the recovery after a disk error".into()))
}

/// Moves everything from the write-ahead log into the database file, and fsyncs it there.
///
/// `false` if a reader was in the way for [`BUSY_TIMEOUT`], and something is left.
pub(super) fn checkpoint(connection: &mut Connection) -> rusqlite::Result<bool> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0))
}

/// Writes without changing anything, to learn whether writing works.
pub(super) fn probe(connection: &mut Connection) -> rusqlite::Result<()> {
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    connection.pragma_update(None, "user_version", version)
}

fn require(connection: &Connection, pragma: &str, expected: &str) -> rusqlite::Result<()> {
    let value: rusqlite::types::Value = connection.pragma_query_value(None, pragma, |row| row.get(0))?;
    let text = match value {
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        other => format!("{other:?}"),
    };
    if text.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    let message =
        format!("{pragma} is {text}, not {expected}: answers would not be safe on this file system");
    Err(failure(ffi::SQLITE_CANTOPEN, message))
}

fn failure(code: i32, message: String) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), Some(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Far more steps than there are between two looks.
    const LONG: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        SELECT count(*) FROM n";

    fn count(connection: &Connection) -> rusqlite::Result<i64> {
        connection.query_row(LONG, [], |row| row.get(0))
    }

    #[tokio::test]
    async fn a_deadline_is_of_one_read_and_not_of_those_after_it() {
        let pool = Pool::new(vec![Connection::open_in_memory().unwrap()], Connection::open_in_memory);
        let late = pool.run(|connection| {
            give_up_at(connection, Instant::now())?;
            count(connection)
        });
        assert!(late.await.is_err());
        assert_eq!(pool.run(|connection| count(connection)).await.unwrap(), 100_000);
    }
}
