//! What `parere doctor` looks at in a SQLite file.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, params};

use super::place::Place;
use super::pool::WAL_BYTES_KEPT;
use crate::auth::SiteScope;
use crate::store::examination::{Finding, Miscount, recount_sql};

/// Bytes in a mebibyte.
const MIB: u64 = 1024 * 1024;

/// Indexes without which pages and counts read every row.
const INDEXES: [&str; 5] = [
    "responses_by_site",
    "responses_by_survey",
    "responses_by_subject",
    "responses_by_ref",
    "responses_commented",
];

pub(super) fn recount(
    connection: &Connection,
    scope: &SiteScope,
    survey: &str,
) -> rusqlite::Result<Vec<Miscount>> {
    let mut statement = connection.prepare(&recount_sql())?;
    let rows = statement.query_map(params![scope.site(), survey], |row| {
        Ok(Miscount {
            key: (row.get(0)?, row.get(1)?),
            day: row.get(2)?,
            score: row.get(3)?,
            per_mille: row.get(4)?,
            answers: row.get(5)?,
            counted: row.get(6)?,
        })
    })?;
    rows.collect()
}

/// Looks at the whole file; reads all of it.
pub(super) fn examine(connection: &Connection) -> rusqlite::Result<Vec<Finding>> {
    let faults = texts(connection, "PRAGMA integrity_check(5)")?;
    let orphans = texts(connection, "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 5")?;
    let indexes = texts(connection, "SELECT name FROM sqlite_schema WHERE type = 'index'")?;
    let missing: Vec<_> =
        INDEXES.into_iter().filter(|name| !indexes.iter().any(|found| found == name)).collect();
    let version = rusqlite::version();
    Ok(vec![
        Finding::fine("integrity", format!("SQLite {version}: {}", faults.join("; "))).unless(
            faults != ["ok"],
            "The file is damaged: stop parere, keep a copy, and put a backup in its place.",
        ),
        Finding::fine("references", format!("{} rows without what they belong to", orphans.len()))
            .unless(!orphans.is_empty(), "Rows were removed by hand: put a backup in the file's place."),
        Finding::fine("indexes", format!("{} of {} are there", INDEXES.len() - missing.len(), INDEXES.len()))
            .unless(
                !missing.is_empty(),
                "An index was removed by hand; create it again, see collector/migrations.",
            ),
    ])
}

/// Looks at the files and the disk.
pub(super) fn surroundings(place: &Place) -> std::io::Result<Vec<Finding>> {
    let bytes = |path: &Path| fs::metadata(path).map_or(0, |found| found.len());
    let mut log = place.path.clone().into_os_string();
    log.push("-wal");
    let log_bytes = bytes(Path::new(&log));
    // It is cut back when it has been moved over; a reader that never ends keeps that from happening.
    let log_bytes_max = 2 * u64::try_from(WAL_BYTES_KEPT).unwrap_or(u64::MAX);
    let free = place.free_bytes()?;
    Ok(vec![
        Finding::fine("file", format!("{} MiB", bytes(&place.path).div_ceil(MIB))),
        Finding::fine("log", format!("{} MiB", log_bytes.div_ceil(MIB))).unless(
            log_bytes > log_bytes_max,
            "The log grows: end the program that has held the file open for long.",
        ),
        Finding::fine("space", format!("{} MiB free", free / MIB))
            .unless(place.is_nearly_full()?, "Answers are not taken with so little space: free some."),
    ])
}

fn texts(connection: &Connection, statement: &str) -> rusqlite::Result<Vec<String>> {
    connection.prepare(statement)?.query_map([], |row| row.get(0))?.collect()
}
