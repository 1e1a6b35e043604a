//! Nothing of what was erased is left in the file and in its log.

use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use super::pool::{BUSY_TIMEOUT, checkpoint};
use crate::store::Scrub;

/// Pages of a file that is written anew after an erasure: 32 MiB, a tenth of a second or two.
const QUICK_PAGES_MAX: i64 = 32 * 1024 * 1024 / 4096;

/// Overwrites what is left; `false` if a reader is in the way.
///
/// `secure_delete` has overwritten the rows where they were. It does not reach the copies that a page keeps, in its
/// unused part, of rows that were moved to another page when it was full (a few of a thousand): only writing the file
/// anew does. Answers wait meanwhile, so a large file is written anew when somebody asks for it.
pub(super) fn scrub(connection: &mut Connection, how: Scrub) -> rusqlite::Result<bool> {
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
    if how == Scrub::Whole {
        connection.execute_batch("VACUUM")?;
        return checkpoint(connection);
    }
    // Nobody waits for a reader.
    connection.busy_timeout(Duration::ZERO)?;
    let written = if pages <= QUICK_PAGES_MAX { in_memory(connection) } else { Ok(()) };
    let moved = written.and_then(|()| checkpoint(connection));
    connection.busy_timeout(BUSY_TIMEOUT)?;
    match moved {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(false),
        moved => moved,
    }
}

/// Writes the file anew without a second file beside it.
fn in_memory(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.execute_batch("VACUUM")
}
