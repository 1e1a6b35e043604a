//! Connections: how they are opened, and how an async caller borrows one.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use crate::store::{Result, StoreError};

/// How long a statement waits for another process that holds the lock (an operator's backup, say).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long one read may take; a page of an export takes milliseconds.
const READ_DEADLINE: Duration = Duration::from_secs(30);

/// Virtual-machine steps between two looks at the deadline: about a millisecond.
const STEPS_PER_LOOK: i32 = 10_000;

/// Size the write-ahead log is cut back to after a checkpoint.
const WAL_BYTES_KEPT: i64 = 64 * 1024 * 1024;

/// A few connections that callers take turns with.
#[derive(Debug)]
pub(super) struct Pool {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Semaphore,
}

impl Pool {
    pub(super) fn new(connections: Vec<Connection>) -> Self {
        Self { permits: Semaphore::new(connections.len()), idle: Arc::new(Mutex::new(connections)) }
    }

    /// Runs `work` on a connection of its own, off the async threads.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let unavailable = |reason: &str| StoreError::Unavailable(reason.into());
        let _permit = self.permits.acquire().await.map_err(|_| unavailable("the store is closed"))?;
        let idle = Arc::clone(&self.idle);
        let task = tokio::task::spawn_blocking(move || {
            let taken = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = taken.ok_or_else(|| unavailable("no connection is left"))?;
            let result = work(&mut connection);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            result.map_err(StoreError::from)
        });
        task.await.map_err(|error| StoreError::Unavailable(error.into()))?
    }
}

/// The writing connection; the only one that checkpoints.
pub(super) fn open_writer(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "journal_size_limit", WAL_BYTES_KEPT)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    require(&connection, "journal_mode", "wal")?;
    // 2 is FULL. An acknowledgement means nothing without it, so it is read back.
    require(&connection, "synchronous", "2")?;
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
    let end = Instant::now() + READ_DEADLINE;
    connection.progress_handler(STEPS_PER_LOOK, Some(move || Instant::now() > end))
}

/// Moves everything from the write-ahead log into the database file.
pub(super) fn checkpoint(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
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
    Err(rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN),
        Some(message),
    ))
}
