//! What an outbox does beside storing: reading answers whole, oldest first, and forgetting them when they are elsewhere.

use parere_shared::response::ResponseId;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::SqliteStore;
use super::append::{STANDING, read_standing, write_counts};
use super::rows::{self, COLUMNS};
use crate::store::settle::Counts;
use crate::store::{Record, Result, StoreError};

/// Bytes of a page, as SQLite makes them.
const PAGE_BYTES: u32 = 4096;

/// Pages that must be free for a batch to fit: half a mebibyte.
const ROOM_PAGES: i64 = 128;

const FORGET: &str = "DELETE FROM responses WHERE site = ?1 AND id = ?2 AND revision = ?3";

/// What an outbox needs beside the verbs of a store.
impl SqliteStore {
    /// From now on the file grows to `mib` mebibytes and no further; what does not fit is `Unavailable`.
    pub(in crate::store) async fn limit_size(&self, mib: u32) -> Result<()> {
        self.writer.run(move |connection| limit_size(connection, mib)).await
    }

    /// Is there room for a batch?
    pub(in crate::store) async fn has_room(&self) -> Result<()> {
        self.writer.run(|connection| Ok(has_room(connection))).await?
    }

    /// Sites of which there is an answer.
    pub(in crate::store) async fn waiting_sites(&self) -> Result<Vec<String>> {
        self.readers.run(|connection| sites(connection)).await
    }

    /// The oldest answers of `site`, at most `limit`, as they came.
    pub(in crate::store) async fn oldest(&self, site: &str, limit: usize) -> Result<Vec<Record>> {
        let site = site.to_owned();
        self.readers.run(move |connection| oldest(connection, &site, limit)).await
    }

    /// Forgets answers by id and revision; one with a higher revision stays.
    pub(in crate::store) async fn forget(&self, site: &str, settled: Vec<(ResponseId, u32)>) -> Result<()> {
        let site = site.to_owned();
        self.writer.run(move |connection| forget(connection, &site, &settled)).await
    }
}

/// From now on the file grows to `mib` mebibytes and no further: what does not fit is refused for the time being.
pub(super) fn limit_size(connection: &Connection, mib: u32) -> rusqlite::Result<()> {
    let pages = mib.saturating_mul(1024 * 1024 / PAGE_BYTES);
    // The setting answers with itself.
    connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
}

/// Has the file room for a batch?
pub(super) fn has_room(connection: &Connection) -> Result<()> {
    let pages = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let free = pages("max_page_count")? - pages("page_count")? + pages("freelist_count")?;
    if free > ROOM_PAGES { Ok(()) } else { Err(StoreError::Unavailable("the outbox is full".into())) }
}

/// Sites of which there is an answer.
pub(super) fn sites(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT site FROM responses")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// The oldest answers of `site`, as they came.
pub(super) fn oldest(connection: &Connection, site: &str, limit: usize) -> rusqlite::Result<Vec<Record>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, digest, subject, day, counted_locale, counted_touchpoint, counted_per_mille
         FROM responses WHERE site = ?1 ORDER BY seq LIMIT ?2"
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let records = statement.query_map(params![site, limit], |row| {
        Ok(Record {
            site: site.into(),
            row: rows::read(row)?.row,
            digest: row.get(22)?,
            subject: row.get(23)?,
            day: row.get(24)?,
            counted_locale: row.get(25)?,
            counted_touchpoint: row.get(26)?,
            counted_per_mille: row.get(27)?,
            is_news: true,
        })
    })?;
    records.collect()
}

/// Forgets answers, unless a higher revision has come meanwhile.
pub(super) fn forget(
    connection: &mut Connection,
    site: &str,
    settled: &[(ResponseId, u32)],
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut counts = Counts::default();
    for (id, revision) in settled {
        let standing = transaction
            .prepare_cached(STANDING)?
            .query_row(params![site, id.as_bytes()], read_standing)
            .optional()?;
        let removed = transaction.prepare_cached(FORGET)?.execute(params![site, id.as_bytes(), revision])?;
        if let Some(standing) = standing.filter(|_| removed == 1) {
            counts.remove(site, &standing.counted);
        }
    }
    write_counts(&transaction, counts)?;
    transaction.commit()
}
